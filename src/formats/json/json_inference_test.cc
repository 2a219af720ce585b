// Expected schemas were recorded from Spark 4.2.
#include "formats/json/json_inference.h"

#include <gtest/gtest.h>

#include "formats/json/json_format.h"
#include "formats/test_files.h"

namespace thalweg {
namespace {

std::string Infer(std::string_view lines, const Options& options = {}) {
  return InferredDdl(JsonFormat(), lines, options);
}

TEST(JsonInferenceTest, TypesWidenAndFieldsAreSorted) {
  const std::pair<const char*, const char*> cases[] = {
      {"{\"a\":1}", "a BIGINT"},
      {"{\"a\":1}\n{\"a\":2.5}", "a DOUBLE"},
      {"{\"a\":1}\n{\"a\":\"x\"}", "a STRING"},
      {"{\"a\":9223372036854775808}", "a DECIMAL(19,0)"},
      {"{\"a\":1}\n{\"a\":9223372036854775808}", "a DECIMAL(20,0)"},
      {"{\"a\":123456789012345678901234567890123456789012}", "a DOUBLE"},
      {"{\"a\":1.5}\n{\"a\":9223372036854775808}", "a DOUBLE"},
      {"{\"a\":true}\n{\"a\":1}", "a STRING"},
      {"{\"a\":null}", "a STRING"},
      {"{\"a\":[]}", "a ARRAY<STRING>"},
      {"{\"a\":{}}", ""},
      {"{\"a\":[1,2.5]}\n{\"a\":[\"x\"]}", "a ARRAY<STRING>"},
      {"{\"b\":1,\"a\":2}\n{\"c\":3}", "a BIGINT,b BIGINT,c BIGINT"},
      {"{\"a\":{\"y\":1}}\n{\"a\":{\"x\":\"k\"}}", "a STRUCT<x: STRING, y: BIGINT>"},
      {"{\"a\":{\"y\":1}}\n{\"a\":5}", "a STRING"},
      {"{\"a\":\"2024-01-02T03:04:05Z\"}", "a STRING"},
      {"[{\"a\":1},{\"b\":2}]", "a BIGINT,b BIGINT"},
      {"null\n{\"a\":1}", "a BIGINT"},
      {"{\"a\":[{\"x\":1},{\"y\":2}]}", "a ARRAY<STRUCT<x: BIGINT, y: BIGINT>>"},
      {"{\"a\":1e5}", "a DOUBLE"},
      {"{\"a\":NaN}", "a DOUBLE"},
      {"{\"a\":\"\"}", "a STRING"},
      {"{\"a\":1} x", "a BIGINT"},
      {"{\"a\":[1,null]}", "a ARRAY<BIGINT>"},
      {"{\"_c\":1,\"\":2}", "_c BIGINT"},
      {"", ""},
      {"{\"A\":1,\"a\":2}", "ERROR COLUMN_ALREADY_EXISTS\n"},
      {"{\"a\":1,\"a\":\"x\"}", "ERROR COLUMN_ALREADY_EXISTS\n"},
  };
  for (const auto& [lines, ddl] : cases) EXPECT_EQ(Infer(lines), ddl) << lines;
}

TEST(JsonInferenceTest, CorruptRecords) {
  EXPECT_EQ(Infer("{bad\n{\"a\":1}"), "_corrupt_record STRING,a BIGINT");
  EXPECT_EQ(Infer("{bad"), "_corrupt_record STRING");
  EXPECT_EQ(Infer("5"), "_corrupt_record STRING");
  EXPECT_EQ(Infer("{bad\n{\"a\":1}", {{"columnnameofcorruptrecord", "cc"}}), "a BIGINT,cc STRING");
  EXPECT_EQ(Infer("{bad\n{\"a\":1}", {{"mode", "DROPMALFORMED"}}), "a BIGINT");
  EXPECT_EQ(Infer("{bad\n{\"a\":1}", {{"mode", "FAILFAST"}}),
            "ERROR MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION\n");
}

TEST(JsonInferenceTest, Options) {
  EXPECT_EQ(Infer("{\"a\":2.5}\n{\"a\":1}", {{"prefersdecimal", "true"}}), "a DECIMAL(21,1)");
  EXPECT_EQ(Infer("{\"a\":2.55}\n{\"a\":123456789.1}", {{"prefersdecimal", "true"}}),
            "a DECIMAL(11,2)");
  EXPECT_EQ(Infer("{\"a\":1,\"b\":true,\"c\":[1]}", {{"primitivesasstring", "true"}}),
            "a STRING,b STRING,c ARRAY<STRING>");
  EXPECT_EQ(Infer("{\"a\":\"2024-01-02T03:04:05Z\",\"b\":\"2024-01-02\",\"c\":\"x\"}",
                  {{"infertimestamp", "true"}}),
            "a TIMESTAMP,b TIMESTAMP,c STRING");
  EXPECT_EQ(Infer("{\"a\":null,\"b\":[],\"c\":{\"x\":null}}\n{\"d\":1}",
                  {{"dropfieldifallnull", "true"}}),
            "d BIGINT");
  EXPECT_EQ(Infer("{\"a\":1}", {{"samplingratio", "0.5"}}), "ERROR THALWEG_NOT_SUPPORTED_YET\n");
}

TEST(JsonInferenceTest, NoFiles) {
  TestFiles files;
  EXPECT_EQ(JsonFormat().InferSchema(files.env(), {}, {}).status().condition(),
            "UNABLE_TO_INFER_SCHEMA");
  EXPECT_FALSE(JsonFormat().InferSchema(files.env(), {"/no/file"}, {}).ok());
}

}  // namespace
}  // namespace thalweg
