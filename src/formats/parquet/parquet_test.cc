// Needs the module; expected rows of Spark's file were recorded from Spark 4.2.
#include <cstdlib>

#include <gtest/gtest.h>

#include "data/arrow_import.h"
#include "data/test_random.h"
#include "data/test_rows.h"
#include "formats/base64.h"
#include "formats/parquet/parquet_file.h"
#include "formats/parquet/parquet_format.h"
#include "formats/parquet/parquet_schema.h"
#include "formats/test_files.h"

namespace thalweg {
namespace {

std::string SparkFile() {
  static constexpr char kBase64[] =
#include "formats/parquet/spark_file.inc"
      ;
  std::string bytes;
  EXPECT_TRUE(DecodeBase64(kBase64, &bytes));
  return bytes;
}

std::string Bytes(const Batch& batch, const Options& options = {}) {
  return WrittenBytes(ParquetFormat(), batch, options);
}

std::string Rows(std::string_view bytes, std::string_view ddl, const Options& options = {},
                 const std::vector<std::string>& selected = {}) {
  return RowsOf(ParquetFormat(), bytes, ddl, options, selected);
}

constexpr char kDdl[] = "i INT, s STRING, l ARRAY<INT>";
const Batch& Sample() {
  static const auto* batch = new Batch(MakeBatch(kDdl,
                                                 "1, ann, [1, 2]\n"
                                                 "null, null, null\n"
                                                 "3, a text of more than twelve bytes, []\n"));
  return *batch;
}
constexpr char kSampleRows[] =
    "1, ann, [1, 2]\nnull, null, null\n3, a text of more than twelve bytes, []\n";

TEST(ParquetTest, EveryCodec) {
  for (const char* codec : {"snappy", "zstd", "gzip", "none", "lz4", "lz4_raw"}) {
    const Options options = {{"compression", codec}};
    EXPECT_EQ(Rows(Bytes(Sample(), options), kDdl), kSampleRows) << codec;
    EXPECT_EQ(InferredDdl(ParquetFormat(), Bytes(Sample(), options)),
              "i INT,s STRING,l ARRAY<INT>");
  }
  EXPECT_EQ(ParquetFormat().Extension({}), ".snappy.parquet");
  EXPECT_EQ(ParquetFormat().Extension({{"compression", "GZIP"}}), ".gz.parquet");
  EXPECT_EQ(ParquetFormat().CheckOptions({{"compression", "brotli"}}, true).condition(),
            "THALWEG_NOT_SUPPORTED_YET");
  EXPECT_EQ(ParquetFormat().CheckOptions({{"compression", "x"}}, true).condition(),
            "CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION");
}

bool Writes(const DataType& type) {
  return !HoldsKind(type, TypeKind::kVariant) && !HoldsKind(type, TypeKind::kCalendarInterval) &&
         !HoldsKind(type, TypeKind::kTime) && !HoldsKind(type, TypeKind::kNull);
}

TEST(ParquetTest, RandomColumnsComeBack) {
  TestRandom random(21);
  for (int tried = 0; tried < 60;) {
    std::vector<StructField> columns;
    for (int i = 0; i < 3; ++i) columns.push_back({"c" + std::to_string(i), RandomType(random, 3)});
    const SchemaPtr schema = Schema::Make(columns);
    if (!Writes(*schema->AsStruct())) continue;
    ++tried;
    Batch batch(schema);
    const int rows = 1 + random.Below(kBatchRows);
    for (int i = 0; i < 3; ++i) {
      batch.mutable_column(i) = RandomVector(columns[i].type, rows, random);
    }
    batch.SetRowCount(rows);
    TestFiles files;
    files.Write("/in/file", Bytes(batch));
    FormatRequest request;
    request.schema = request.output = schema;
    request.columns = {0, 1, 2};
    auto reader = ParquetFormat().OpenReader(files.env(), "/in/file", request);
    ASSERT_TRUE(reader.ok()) << reader.status().ToString();
    Batch back;
    const Result<bool> more = (*reader)->Next(&back);
    ASSERT_TRUE(more.ok()) << more.status().ToString();
    ASSERT_EQ(back.row_count(), rows);
    for (int i = 0; i < 3; ++i) {
      for (int row = 0; row < rows; ++row) {
        ASSERT_EQ(GetValue(back.column(i), row), GetValue(batch.column(i), row))
            << columns[i].type->Sql();
      }
    }
  }
}

TEST(ParquetTest, ManyRowsAndSomeColumns) {
  TestFiles files;
  FormatWriteRequest request;
  request.schema = MakeSchema("id BIGINT, s STRING");
  ASSERT_TRUE(files.env().files().CreateDirectories("/out").ok());
  auto writer = ParquetFormat().OpenWriter(files.env(), "/out/file", request);
  ASSERT_TRUE(writer.ok());
  for (int64_t begin = 0; begin < 20'000; begin += 1000) {
    std::vector<std::vector<Value>> rows;
    for (int64_t id = begin; id < begin + 1000; ++id) {
      rows.push_back({Value::Bigint(id), Value::String("s" + std::to_string(id))});
    }
    ASSERT_TRUE((*writer)->Write(MakeBatch(request.schema, rows)).ok());
  }
  ASSERT_TRUE((*writer)->Finish(true).ok());
  const std::string ids =
      ReadRows(files, "/out/file", MakeRequest("id BIGINT, s STRING", {}, {"id"}), ParquetFormat());
  std::string expected;
  for (int id = 0; id < 20'000; ++id) expected += std::to_string(id) + "\n";
  EXPECT_EQ(ids, expected);
  // No column at all is a count of rows; one that the file has not is NULL.
  auto reader = ParquetFormat().OpenReader(files.env(), "/out/file",
                                           MakeRequest("id BIGINT, other INT", {}, {"other"}));
  ASSERT_TRUE(reader.ok());
  Batch batch;
  int64_t rows = 0;
  while (*(*reader)->Next(&batch)) {
    rows += batch.row_count();
    EXPECT_TRUE(batch.column(0).IsNull(batch.row_count() - 1));
  }
  EXPECT_EQ(rows, 20'000);
}

TEST(ParquetTest, AFileOfSpark) {
  EXPECT_EQ(InferredDdl(ParquetFormat(), SparkFile()),
            "ti INT,si INT,i INT,l BIGINT,f DOUBLE,d DOUBLE,b BOOLEAN,s STRING,bi BINARY,dt DATE,"
            "ts TIMESTAMP,tn TIMESTAMP_NTZ,d5 DECIMAL(12,2),d18 DECIMAL(18,3),d38 DECIMAL(38,5),"
            "a ARRAY<INT>,m MAP<STRING, INT>,st STRUCT<x: INT, y: STRUCT<z: STRING>>,"
            "ym INTERVAL YEAR TO MONTH,ds INTERVAL DAY TO SECOND,"
            "an ARRAY<STRUCT<p: INT, q: ARRAY<STRING>>>,tm TIME(6)");
  TestFiles files;
  files.Write("/in/file", SparkFile());
  const auto schema = ParquetFormat().InferSchema(files.env(), {"/in/file"}, {});
  ASSERT_TRUE(schema.ok());
  EXPECT_EQ(
      Rows(SparkFile(), (*schema)->Ddl()),
      "-1, 2, 3, 4, 1.5, 2.5, true, a text that is longer than twelve bytes, bin, 2024-02-29, "
      "2024-02-29 12:34:56.789012, 2024-02-29 12:34:56.789012, 1.23, 123456789012.345, "
      "-12345678901234567890.12345, [1, null, 3], {a -> 1, b -> null}, {1, {q}}, "
      "INTERVAL '1-2' YEAR TO MONTH, INTERVAL '1 02:03:04.5' DAY TO SECOND, [{1, [u, v]}], "
      "12:34:56.123456\n"
      "1, 1, 1, 1, 1.0, 1.0, false, , , 0001-01-01, 9999-12-31 23:59:59.999999, "
      "0001-01-01 00:00:00, -1.00, -1.000, -1.00000, [], {}, {null, null}, "
      "INTERVAL '-1-2' YEAR TO MONTH, INTERVAL '-1 02:03:04.5' DAY TO SECOND, [null], 00:00:00\n"
      "null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, "
      "null, null, null, null, null, null, null\n");
  // What is asked for may be narrower, wider or elsewhere.
  EXPECT_EQ(Rows(SparkFile(), "S STRING, nope INT, i BIGINT, st STRUCT<w: INT, x: BIGINT>"),
            "a text that is longer than twelve bytes, null, 3, {null, 1}\n"
            ", null, 1, {null, null}\nnull, null, null, null\n");
}

TEST(ParquetTest, WhatCannotBeRead) {
  EXPECT_EQ(Rows(Bytes(Sample()), "i STRING"),
            "ERROR FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH\n");
  EXPECT_EQ(Rows(Bytes(Sample()), "l ARRAY<STRING>"),
            "ERROR FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH\n");
  EXPECT_EQ(Rows("", kDdl), "ERROR FAILED_READ_FILE.NO_HINT\n");
  EXPECT_EQ(Rows("this is no Parquet file at all", kDdl), "ERROR FAILED_READ_FILE.NO_HINT\n");
  EXPECT_EQ(InferredDdl(ParquetFormat(), "no"), "ERROR FAILED_READ_FILE.CANNOT_READ_FILE_FOOTER\n");
  const Batch interval = MakeBatch("v INTERVAL", "");
  EXPECT_EQ(Bytes(interval), "ERROR UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE\n");
  EXPECT_EQ(Bytes(MakeBatch("v VARIANT", "")), "ERROR THALWEG_NOT_SUPPORTED_YET\n");
}

// A file that is cut off anywhere is refused; one with other bits is refused or has rows.
TEST(ParquetTest, DamagedFiles) {
  const std::string bytes = Bytes(Sample());
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_EQ(Rows(std::string_view(bytes).substr(0, length), kDdl),
              "ERROR FAILED_READ_FILE.NO_HINT\n")
        << length;
  }
  TestRandom random(5);
  const std::string spark = SparkFile();
  const int tries = std::getenv("THALWEG_TEST_ALL") == nullptr ? 400 : 20'000;
  for (int i = 0; i < tries; ++i) {
    std::string damaged = i % 2 == 0 ? bytes : spark;
    const int flips = 1 + random.Below(3);
    for (int flip = 0; flip < flips; ++flip) {
      damaged[random.Below(static_cast<int>(damaged.size()))] ^= 1 << random.Below(8);
    }
    InferredDdl(ParquetFormat(), damaged);
    Rows(damaged, i % 2 == 0 ? kDdl : "s STRING, m MAP<STRING,INT>, i INT, ts TIMESTAMP");
  }
}

TEST(ParquetTest, AFullDisk) {
  TestFiles files;
  ASSERT_TRUE(files.env().files().CreateDirectories("/out").ok());
  files.world().SetDiskFullAfter(100);
  FormatWriteRequest request;
  request.schema = Sample().schema();
  auto writer = ParquetFormat().OpenWriter(files.env(), "/out/file", request);
  ASSERT_TRUE(writer.ok()) << writer.status().ToString();
  Status status = (*writer)->Write(Sample());
  if (status.ok()) status = (*writer)->Finish(true);
  EXPECT_NE(status.message().find("/out/file"), std::string::npos) << status.ToString();
  EXPECT_NE(status.message().find("No space left"), std::string::npos) << status.ToString();
}

}  // namespace
}  // namespace thalweg
