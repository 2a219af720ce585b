#include "data/ddl.h"

#include <gtest/gtest.h>

#include "data/test_random.h"

namespace thalweg {
namespace {

std::string TypeSql(std::string_view text) {
  const Result<TypePtr> type = ParseType(text);
  return type.ok() ? (*type)->Sql() : type.status().condition();
}

TEST(Ddl, TypesReadBackAsTheyPrint) {
  for (const char* sql :
       {"VOID",
        "BOOLEAN",
        "TINYINT",
        "SMALLINT",
        "INT",
        "BIGINT",
        "FLOAT",
        "DOUBLE",
        "DECIMAL(38,18)",
        "STRING",
        "STRING COLLATE UNICODE_CI",
        "CHAR(3)",
        "VARCHAR(10)",
        "BINARY",
        "DATE",
        "TIMESTAMP",
        "TIMESTAMP_NTZ",
        "TIME(3)",
        "INTERVAL",
        "INTERVAL YEAR",
        "INTERVAL YEAR TO MONTH",
        "INTERVAL MONTH",
        "INTERVAL DAY TO SECOND",
        "INTERVAL SECOND",
        "INTERVAL HOUR TO MINUTE",
        "VARIANT",
        "ARRAY<INT>",
        "MAP<STRING, ARRAY<DECIMAL(10,2)>>",
        "STRUCT<>",
        "STRUCT<a: INT NOT NULL, `b c`: ARRAY<STRUCT<x: DATE>> COMMENT 'it\\'s'>"}) {
    EXPECT_EQ(TypeSql(sql), sql);
  }
}

TEST(Ddl, OtherNamesOfTypes) {
  EXPECT_EQ(TypeSql("integer"), "INT");
  EXPECT_EQ(TypeSql("Long"), "BIGINT");
  EXPECT_EQ(TypeSql("numeric"), "DECIMAL(10,0)");
  EXPECT_EQ(TypeSql("dec(5)"), "DECIMAL(5,0)");
  EXPECT_EQ(TypeSql("time"), "TIME(6)");
  EXPECT_EQ(TypeSql("timestamp_ltz"), "TIMESTAMP");
  EXPECT_EQ(TypeSql("string collate utf8_binary"), "STRING");
  EXPECT_EQ(TypeSql("string collate unicode_ai_ci_rtrim"), "STRING COLLATE UNICODE_CI_AI_RTRIM");
  EXPECT_EQ(TypeSql(" array < array<int>> -- comment"), "ARRAY<ARRAY<INT>>");
}

TEST(Ddl, ErrorsAreThoseOfSpark) {
  EXPECT_EQ(TypeSql(""), "PARSE_SYNTAX_ERROR");
  EXPECT_EQ(TypeSql("a"), "UNSUPPORTED_DATATYPE");
  EXPECT_EQ(TypeSql("bogus type"), "UNSUPPORTED_DATATYPE");
  EXPECT_EQ(TypeSql("int(3)"), "UNSUPPORTED_DATATYPE");
  EXPECT_EQ(TypeSql("int int"), "PARSE_SYNTAX_ERROR");
  EXPECT_EQ(TypeSql("array<int"), "PARSE_SYNTAX_ERROR");
  EXPECT_EQ(TypeSql("array"), "INCOMPLETE_TYPE_DEFINITION.ARRAY");
  EXPECT_EQ(TypeSql("struct"), "INCOMPLETE_TYPE_DEFINITION.STRUCT");
  EXPECT_EQ(TypeSql("decimal(39,2)"), "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION");
  EXPECT_EQ(TypeSql("decimal(3,4)"), "_LEGACY_ERROR_TEMP_1228");
  EXPECT_EQ(TypeSql("varchar"), "DATATYPE_MISSING_SIZE");
  EXPECT_EQ(TypeSql("time(7)"), "UNSUPPORTED_TIME_PRECISION");
  EXPECT_EQ(TypeSql("interval day to month"), "PARSE_SYNTAX_ERROR");
  EXPECT_EQ(TypeSql("interval second to day"), "PARSE_SYNTAX_ERROR");
  EXPECT_EQ(TypeSql("string collate nope"), "COLLATION_INVALID_NAME");
  EXPECT_EQ(TypeSql("string collate de_CI"), "THALWEG_NOT_SUPPORTED_YET");
  EXPECT_EQ(TypeSql(std::string(100'000, '<')), "PARSE_SYNTAX_ERROR");
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "array<";
  EXPECT_EQ(TypeSql(deep), "THALWEG_NOT_SUPPORTED_YET");
}

TEST(Ddl, ErrorsKnowTheirPlace) {
  const Status status = ParseDdl("a INT,\n b nope").status();
  EXPECT_EQ(status.condition(), "UNSUPPORTED_DATATYPE");
  EXPECT_EQ(status.place().line, 2);
  EXPECT_EQ(status.place().column, 4);
}

TEST(Ddl, Schemas) {
  const Result<SchemaPtr> schema =
      ParseDdl("a INT, `b b`: STRING NOT NULL COMMENT 'x', interval interval day, c ARRAY<INT>");
  ASSERT_TRUE(schema.ok()) << schema.status().ToString();
  EXPECT_EQ((*schema)->Ddl(),
            "a INT,`b b` STRING NOT NULL COMMENT 'x',interval INTERVAL DAY,c ARRAY<INT>");
  const Result<SchemaPtr> again = ParseDdl((*schema)->Ddl());
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(**again == **schema);
  EXPECT_EQ((*schema)->Find("B B"), 1);
  EXPECT_EQ((*schema)->Find("B B", true), -1);
  EXPECT_EQ((*ParseDdl(" "))->size(), 0);
  EXPECT_FALSE(ParseDdl("a INT,").ok());
  EXPECT_FALSE(ParseDdl("`` INT").ok());
  EXPECT_FALSE(ParseDdl("`a INT").ok());
}

TEST(Ddl, ATypeOrColumns) {
  EXPECT_EQ((*ParseTypeOrDdl("array<int>"))->Sql(), "ARRAY<INT>");
  EXPECT_EQ((*ParseTypeOrDdl("a int, b date"))->Sql(), "STRUCT<a: INT, b: DATE>");
  EXPECT_EQ(ParseTypeOrDdl("bogus type, x").status().condition(), "UNSUPPORTED_DATATYPE");
}

TEST(TypeJson, IsSparks) {
  const SchemaPtr schema =
      *ParseDdl("a INT NOT NULL, b ARRAY<STRING COLLATE UNICODE> COMMENT 'c', d DECIMAL(10,2)");
  const std::string json = TypeToJson(*schema->AsStruct());
  const std::string expected =
      R"({"type":"struct","fields":[)"
      R"({"name":"a","type":"integer","nullable":false,"metadata":{}},)"
      R"({"name":"b","type":{"type":"array","elementType":"string","containsNull":true},)"
      R"("nullable":true,"metadata":{"comment":"c","__COLLATIONS":{"b.element":"icu.UNICODE"}}},)"
      R"x({"name":"d","type":"decimal(10,2)","nullable":true,"metadata":{}}]})x";
  EXPECT_EQ(json, expected);
  EXPECT_TRUE(**TypeFromJson(json) == *schema->AsStruct());
}

TEST(TypeJson, EveryTypeReadsBack) {
  for (uint64_t seed = 0; seed < 500; ++seed) {
    TestRandom random(seed);
    const TypePtr type = RandomType(random, 3);
    const Result<TypePtr> again = TypeFromJson(TypeToJson(*type));
    ASSERT_TRUE(again.ok()) << TypeToJson(*type);
    ASSERT_TRUE(**again == *type) << TypeToJson(*type);
    ASSERT_TRUE(**ParseType(type->Sql()) == *type) << type->Sql();
  }
}

TEST(TypeJson, WhatIsNoTypeIsRefused) {
  for (const char* json : {"", "{", "1", "\"nope\"", "\"array<int>\"", "{\"type\":\"array\"}",
                           "{\"type\":\"struct\",\"fields\":[{\"name\":1,\"type\":\"long\"}]}"}) {
    EXPECT_EQ(TypeFromJson(json).status().condition(), "INVALID_JSON_DATA_TYPE") << json;
  }
}

}  // namespace
}  // namespace thalweg
