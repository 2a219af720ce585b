// Expected bytes were recorded from Spark 4.2.
#include "formats/json/json_writer.h"

#include <gtest/gtest.h>

#include "data/test_random.h"
#include "data/test_rows.h"
#include "formats/json/json_decoder.h"
#include "formats/json/json_format.h"
#include "formats/json/json_printer.h"
#include "formats/test_files.h"

namespace thalweg {
namespace {

TEST(JsonWriterTest, ValuesOfEveryType) {
  const Batch batch = MakeBatch(
      "a DOUBLE, b DOUBLE, c FLOAT, d FLOAT, e DOUBLE, f DOUBLE, g DECIMAL(21,0), "
      "h DECIMAL(20,15), i TIMESTAMP, j TIMESTAMP, k TIMESTAMP, l DATE, m TIME(6)",
      "NaN, Infinity, -Infinity, 0.1, 1.0E-5, -0.0, 100000000000000000000, 0.0000000001, "
      "2024-01-02 03:04:05, 0001-01-01 00:00:00, +12024-01-02 03:04:05.1, +12024-01-02, "
      "03:04:05.12");
  EXPECT_EQ(WrittenBytes(JsonFormat(), batch),
            R"({"a":"NaN","b":"Infinity","c":"-Infinity","d":0.1,"e":1.0E-5,"f":-0.0,)"
            R"("g":100000000000000000000,"h":1.00000E-10,"i":"2024-01-02T03:04:05.000Z",)"
            R"("j":"0001-01-01T00:00:00.000Z","k":"+12024-01-02T03:04:05.100Z",)"
            R"("l":"+12024-01-02","m":"03:04:05.12"})"
            "\n");
}

TEST(JsonWriterTest, ZonesAndNestedValues) {
  const Batch batch = MakeBatch(
      "t TIMESTAMP, n TIMESTAMP_NTZ, a ARRAY<INT>, m MAP<STRING, INT>, s STRUCT<x: INT, y: INT>, "
      "i INTERVAL YEAR TO MONTH, b BINARY",
      "2024-07-02 03:04:05.123456, 2024-01-02 03:04:05, [1, null], {k -> null, l -> 2}, "
      "{1, null}, INTERVAL '1-2' YEAR TO MONTH, abc\n"
      "null, null, [], {}, {null, null}, null, ''");
  EXPECT_EQ(WrittenBytes(JsonFormat(), batch, {{"timezone", "Europe/Berlin"}}),
            R"({"t":"2024-07-02T05:04:05.123+02:00","n":"2024-01-02T03:04:05.000","a":[1,null],)"
            R"("m":{"k":null,"l":2},"s":{"x":1},"i":"INTERVAL '1-2' YEAR TO MONTH","b":"YWJj"})"
            "\n"
            R"({"a":[],"m":{},"s":{},"b":""})"
            "\n");
}

TEST(JsonWriterTest, NullsKeysAndLineEnds) {
  const Batch nulls =
      MakeBatch("a INT, b INT, c ARRAY<INT>, d STRUCT<x: INT>", "1, null, [null], {null}");
  EXPECT_EQ(WrittenBytes(JsonFormat(), nulls, {{"ignorenullfields", "false"}}),
            R"({"a":1,"b":null,"c":[null],"d":{"x":null}})"
            "\n");
  EXPECT_EQ(WrittenBytes(JsonFormat(), MakeBatch("b INT", "null")), "{}\n");
  EXPECT_EQ(WrittenBytes(JsonFormat(), MakeBatch("b INT", "1\n2"), {{"linesep", "|"}}),
            "{\"b\":1}|{\"b\":2}|");
  const Batch keys = MakeBatch(
      "a MAP<INT, INT>, b MAP<DATE, INT>, d MAP<BOOLEAN, INT>, e MAP<DECIMAL(2,1), INT>, "
      "f MAP<TIMESTAMP, INT>, g MAP<STRING, INT>",
      "{1 -> 2}, {2024-01-02 -> 3}, {true -> 1, false -> 2}, {1.5 -> 1}, "
      "{2024-01-02 03:04:05 -> 1}, {a\"b -> 1}");
  EXPECT_EQ(WrittenBytes(JsonFormat(), keys),
            R"({"a":{"1":2},"b":{"19724":3},"d":{"true":1,"false":2},"e":{"1.5":1},)"
            R"("f":{"1704164645000000":1},"g":{"a\"b":1}})"
            "\n");
}

TEST(JsonWriterTest, SelectionsAndEncodings) {
  Batch batch = MakeBatch("a INT, s STRING", "1, x\n2, y\n3, z");
  RowIndex* rows = batch.MutableSelection();
  rows[0] = 2;
  batch.SetSelected(1);
  batch.mutable_column(1).ResetConstant(StringType(), 3);
  batch.mutable_column(1).SetString(0, "the same");
  EXPECT_EQ(WrittenBytes(JsonFormat(), batch), "{\"a\":3,\"s\":\"the same\"}\n");
}

TEST(JsonWriterTest, WhatCannotBeWrittenIsRefused) {
  const auto error = [](const char* ddl, const Options& options = {}) {
    return WrittenBytes(JsonFormat(), MakeBatch(MakeSchema(ddl), std::string_view()), options);
  };
  EXPECT_EQ(error("a INTERVAL"), "ERROR UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE\n");
  EXPECT_EQ(error("a MAP<BINARY, INT>"), "ERROR THALWEG_NOT_SUPPORTED_YET\n");
  EXPECT_EQ(error("a INT", {{"compression", "foo"}}),
            "ERROR CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION\n");
  EXPECT_EQ(error("a INT", {{"compression", "lz4"}}), "ERROR THALWEG_NOT_SUPPORTED_YET\n");
  EXPECT_EQ(error("a INT", {{"pretty", "true"}}), "ERROR THALWEG_NOT_SUPPORTED_YET\n");
  EXPECT_EQ(JsonFormat().Extension({{"compression", "gzip"}}), ".json.gz");
}

TEST(JsonWriterTest, GzipIsReadBack) {
  TestFiles files;
  FormatWriteRequest request;
  request.schema = MakeSchema("a INT, s STRING");
  const Batch batch = MakeBatch(request.schema, "1, x\n2, y");
  ASSERT_TRUE(files.env().files().CreateDirectories("/out").ok());
  auto writer = JsonFormat().OpenWriter(files.env(), "/out/f.json.gz", request);
  ASSERT_TRUE(writer.ok());
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE((*writer)->Write(batch).ok());
  ASSERT_TRUE((*writer)->Finish(false).ok());
  std::string expected;
  for (int i = 0; i < 1000; ++i) expected += "1, x\n2, y\n";
  EXPECT_EQ(ReadRows(files, "/out/f.json.gz", MakeRequest("a INT, s STRING"), JsonFormat()),
            expected);
}

// What is printed of random values of random types is read back the same; left out are timestamps
// (printed in milliseconds), random times (finer than their type) and maps.
TEST(JsonWriterTest, RandomValuesAreReadBack) {
  TestRandom random(7);
  int compared = 0;
  for (int round = 0; round < 400; ++round) {
    const TypePtr type = RandomType(random, 3);
    auto decoder = JsonDecoder::Make(type, JsonDecoderOptions());
    auto printer = JsonPrinter::Make(type, {false, "UTC"});
    const bool lossy = type->Sql().find("TIME") != std::string::npos ||
                       type->Sql().find("MAP") != std::string::npos ||
                       type->Sql().find("VOID") != std::string::npos;
    if (!decoder.ok() || !printer.ok() || lossy) continue;
    const Vector values = RandomVector(type, 20, random);
    Vector read(type);
    for (int row = 0; row < 20; ++row) {
      std::string text;
      (*printer)->AppendValue(values, row, &text);
      const JsonOutcome outcome = (*decoder)->DecodeValue(text, nullptr, &read, row);
      EXPECT_EQ(outcome, JsonOutcome::kOk) << type->Sql() << " " << text;
      EXPECT_TRUE(GetValue(read, row) == GetValue(values, row)) << type->Sql() << " " << text;
      ++compared;
    }
  }
  EXPECT_GT(compared, 1000);
}

}  // namespace
}  // namespace thalweg
