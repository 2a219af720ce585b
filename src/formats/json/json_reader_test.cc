// Expected rows were recorded from Spark 4.2 unless a comment says otherwise.
#include "formats/json/json_reader.h"

#include <gtest/gtest.h>

#include "formats/json/json_format.h"
#include "formats/test_files.h"

namespace thalweg {
namespace {

std::string Rows(std::string_view lines, std::string_view ddl, const Options& options = {},
                 const std::vector<std::string>& selected = {}) {
  return RowsOf(JsonFormat(), lines, ddl, options, selected);
}

/// One line, one column "a" of `type`; "!" in front where the record is corrupt.
std::string One(std::string_view line, const std::string& type, const Options& options = {}) {
  const std::string rows = Rows(line, "a " + type + ", _corrupt_record STRING", options);
  const std::string corrupt = ", " + std::string(line) + "\n";
  if (rows.size() > corrupt.size() && rows.substr(rows.size() - corrupt.size()) == corrupt) {
    return "!" + rows.substr(0, rows.size() - corrupt.size());
  }
  constexpr std::string_view kFine = ", null\n";
  if (rows.size() < kFine.size() || rows.substr(rows.size() - kFine.size()) != kFine) return rows;
  return rows.substr(0, rows.size() - kFine.size());
}

struct Case {
  const char* line;
  const char* type;
  const char* expected;
};

TEST(JsonReaderTest, ValuesOfEveryType) {
  const Case cases[] = {
      {R"({"a":127})", "TINYINT", "127"},
      {R"({"a":128})", "TINYINT", "-128"},
      {R"({"a":255})", "TINYINT", "-1"},
      {R"({"a":256})", "TINYINT", "!null"},
      {R"({"a":-129})", "TINYINT", "!null"},
      {R"({"a":-32768})", "SMALLINT", "-32768"},
      {R"({"a":32768})", "SMALLINT", "!null"},
      {R"({"a":2147483648})", "INT", "!null"},
      {R"({"a":-0})", "INT", "0"},
      {R"({"a":1.0})", "INT", "!null"},
      {R"({"a":1e2})", "INT", "!null"},
      {R"({"a":"1"})", "INT", "!null"},
      {R"({"a":""})", "INT", "!null"},
      {R"({"a":9223372036854775807})", "BIGINT", "9223372036854775807"},
      {R"({"a":9223372036854775808})", "BIGINT", "!null"},
      {R"({"a":1.5})", "DOUBLE", "1.5"},
      {R"({"a":"NaN"})", "DOUBLE", "NaN"},
      {R"({"a":NaN})", "DOUBLE", "NaN"},
      {R"({"a":-INF})", "DOUBLE", "-Infinity"},
      {R"({"a":"+Infinity"})", "DOUBLE", "Infinity"},
      {R"({"a":"1.5"})", "DOUBLE", "!null"},
      {R"({"a":1e400})", "DOUBLE", "Infinity"},
      {R"({"a":123456789012345678901234567890})", "DOUBLE", "1.2345678901234568E29"},
      {R"({"a":16777217})", "FLOAT", "1.6777216E7"},
      {R"({"a":1e40})", "FLOAT", "Infinity"},
      {R"({"a":1.00000005960464477540})", "FLOAT", "1.0000001"},
      {R"({"a":1.005})", "DECIMAL(5,2)", "1.01"},
      {R"({"a":"2.5"})", "DECIMAL(5,2)", "2.50"},
      {R"({"a":" 2.5"})", "DECIMAL(5,2)", "!null"},
      {R"({"a":123456.78})", "DECIMAL(5,2)", "!null"},
      {R"({"a":1e1})", "DECIMAL(5,2)", "10.00"},
      {R"({"a":12345678901234567890.5})", "DECIMAL(38,2)", "12345678901234567890.50"},
      {R"({"a":true})", "BOOLEAN", "true"},
      {R"({"a":"true"})", "BOOLEAN", "!null"},
      {R"({"a":1})", "BOOLEAN", "!null"},
      {R"({"a":5})", "VOID", "null"},
      {R"({"a":"AQID"})", "BINARY", "\x01\x02\x03"},
      {R"({"a":"AQI="})", "BINARY", "\x01\x02"},
      {R"({"a":"AQI"})", "BINARY", "!null"},
      {R"({"a":"*"})", "BINARY", "!null"},
      {R"({"a":""})", "BINARY", ""},
      {R"({"a":"03:04:05.1"})", "TIME(6)", "03:04:05.1"},
      {R"({"a":"1-2"})", "INTERVAL YEAR TO MONTH", "INTERVAL '1-2' YEAR TO MONTH"},
      {R"({"a":5})", "INTERVAL YEAR TO MONTH", "!null"},
  };
  for (const Case& c : cases) EXPECT_EQ(One(c.line, c.type), c.expected) << c.line << c.type;
}

TEST(JsonReaderTest, DatesAndTimes) {
  const Case cases[] = {
      {R"({"a":"2024-01-02"})", "DATE", "2024-01-02"},
      {R"({"a":"2024-01-02T03:04:05Z"})", "DATE", "2024-01-02"},
      {R"({"a":"123"})", "DATE", "1970-05-04"},
      {R"({"a":"-5"})", "DATE", "1969-12-27"},
      {R"({"a":12})", "DATE", "!null"},
      {R"({"a":"2024-1-2"})", "DATE", "2024-01-02"},
      {R"({"a":"GMT2024-01-02"})", "DATE", "2024-01-02"},
      {R"({"a":"2024-13-02"})", "DATE", "!null"},
      {R"({"a":"2024"})", "DATE", "2024-01-01"},
      {R"({"a":"2024-01-02"})", "TIMESTAMP", "2024-01-02 00:00:00"},
      {R"({"a":"2024-01-02T03:04:05Z"})", "TIMESTAMP", "2024-01-02 03:04:05"},
      {R"({"a":"2024-01-02 03:04:05.123456789"})", "TIMESTAMP", "2024-01-02 03:04:05.123456"},
      {R"({"a":"2024-01-02T03:04:05GMT+01:00"})", "TIMESTAMP", "2024-01-02 02:04:05"},
      {R"({"a":"2024-01-02 03:04:05 Europe/Berlin"})", "TIMESTAMP", "2024-01-02 02:04:05"},
      {R"({"a":12})", "TIMESTAMP", "1970-01-01 00:00:12"},
      {R"({"a":12.5})", "TIMESTAMP", "!null"},
      {R"({"a":"12"})", "TIMESTAMP", "!null"},
      {R"({"a":9223372036854775807})", "TIMESTAMP", "1969-12-31 23:59:59"},
      {R"({"a":"2024-01-02 03:04:05.123"})", "TIMESTAMP_NTZ", "2024-01-02 03:04:05.123"},
      {R"({"a":"2024-01-02T03:04:05Z"})", "TIMESTAMP_NTZ", "!null"},
      {R"({"a":"10:15"})", "TIMESTAMP", "!null"},  // in Spark: today at 10:15
  };
  for (const Case& c : cases) EXPECT_EQ(One(c.line, c.type), c.expected) << c.line << c.type;
  EXPECT_EQ(One(R"({"a":"2024-07-02 03:04:05"})", "TIMESTAMP", {{"timezone", "Europe/Berlin"}}),
            "2024-07-02 01:04:05");
}

TEST(JsonReaderTest, WhatIsNoStringGoesIntoStringsAsItStands) {
  const Case cases[] = {
      {R"({"a":{"x": 1,  "y":[1, 2]}})", "STRING", R"({"x": 1,  "y":[1, 2]})"},
      {R"({"a":1.50})", "STRING", "1.50"},
      {R"({"a": true })", "STRING", "true"},
      {R"({"a":null})", "STRING", "null"},
      {R"({"a":""})", "STRING", ""},
      {R"({"a":"\ud83d\ude00 \ud83d \u00e9\n\"\/"})", "STRING", "😀 ? é\n\"/"},
      {R"({"a":"é"})", "STRING", "é"},
  };
  for (const Case& c : cases) EXPECT_EQ(One(c.line, c.type), c.expected) << c.line;
}

TEST(JsonReaderTest, PartialResultsAndMalformedRecords) {
  const char* const ddl = "a INT, b STRING, _corrupt_record STRING";
  const std::pair<const char*, const char*> cases[] = {
      {R"({"a":1,"b":"x"} trailing)", "1, x, null\n"},
      {R"({"a":1}{"a":2})", "1, null, null\n"},
      {R"({"a":1}])", "1, null, null\n"},
      {R"([{"a":1},{"a":2}])", "1, null, null\n2, null, null\n"},
      {"[]", ""},
      {"", ""},
      {"  ", ""},
      {"null", "null, null, null\n"},
      {R"([{"a":1},{"a":"x","b":"q"}])", R"(1, null, [{"a":1},{"a":"x","b":"q"}])"
                                         "\n"
                                         R"(null, q, [{"a":1},{"a":"x","b":"q"}])"
                                         "\n"},
      {R"([{"a":1},5])", "null, null, [{\"a\":1},5]\n"},
      {R"({"a":"1","b":"y"})", "null, y, {\"a\":\"1\",\"b\":\"y\"}\n"},
      {R"({"a":1,"a":2})", "2, null, null\n"},
      {R"({"a":1,"b":"x)"
       "\t"
       R"(y"})",
       "null, null, {\"a\":1,\"b\":\"x\ty\"}\n"},
      {R"({"b":"x\qy","a":1})", "null, null, {\"b\":\"x\\qy\",\"a\":1}\n"},
      {R"({"a":1,"z":"\u12"})", "null, null, {\"a\":1,\"z\":\"\\u12\"}\n"},
      {R"({"a":1)", "null, null, {\"a\":1\n"},
      {R"({"a":1,})", "null, null, {\"a\":1,}\n"},
      {R"({"a":01})", "null, null, {\"a\":01}\n"},
      {R"({a:1})", "null, null, {a:1}\n"},
      {R"({'a':1})", "1, null, null\n"},
      {R"({"A":7})", "null, null, null\n"},
      {R"({"a":[1,{"b":2}],"b":"after"})", "null, after, {\"a\":[1,{\"b\":2}],\"b\":\"after\"}\n"},
      {"\xEF\xBB\xBF{\"a\":9}", "9, null, null\n"},
  };
  for (const auto& [line, expected] : cases) EXPECT_EQ(Rows(line, ddl), expected) << line;
  // Ours: Spark reads some bytes that are no UTF-8.
  EXPECT_EQ(Rows("{\"a\":1,\"b\":\"x\xFFy\"}", ddl), "null, null, {\"a\":1,\"b\":\"x\xFFy\"}\n");
  EXPECT_EQ(Rows("{\"a\":1,\"z\":\"\xC0\x80\"}", ddl),
            "null, null, {\"a\":1,\"z\":\"\xC0\x80\"}\n");
}

TEST(JsonReaderTest, NestedValues) {
  const std::pair<const char*, const char*> structs[] = {
      {R"({"s":{"x":1,"y":"k"},"b":1})", "{1, k}, 1"},
      {R"({"s":{"x":"bad","y":"k"},"b":1})", "!{null, k}, 1"},
      {R"({"s":5,"b":1})", "!null, 1"},
      {R"({"s":[1],"b":1})", "!null, 1"},
      {R"({"s":null,"b":1})", "null, 1"},
      {R"({"s":{},"b":1})", "{null, null}, 1"},
      {R"({"s":{"x":1,"x":2},"b":1})", "{2, null}, 1"},
  };
  const std::pair<const char*, const char*> arrays[] = {
      {R"({"s":[1,2],"b":1})", "[1, 2], 1"},       {R"({"s":[1,"x",2],"b":1})", "!null, 1"},
      {R"({"s":[1,null],"b":1})", "[1, null], 1"}, {R"({"s":[],"b":1})", "[], 1"},
      {R"({"s":[[1]],"b":1})", "!null, 1"},        {R"({"s":[1],"s":[2,3],"b":1})", "[2, 3], 1"},
  };
  const std::pair<const char*, const char*> maps[] = {
      {R"({"s":{"k":1,"l":2},"b":1})", "{k -> 1, l -> 2}, 1"},
      {R"({"s":{"l":2,"k":"x"},"b":1})", "!null, 1"},
      {R"({"s":{"k":1,"k":2},"b":1})", "{k -> 1, k -> 2}, 1"},
      {R"({"s":{"k":null},"b":1})", "{k -> null}, 1"},
      {R"({"s":{},"b":1})", "{}, 1"},
  };
  const std::pair<const char*, const char*> deep[] = {
      {R"({"s":[{"x":1},{"x":"q","y":"z"}],"b":1})", "![{1, null}, {null, z}], 1"},
      {R"({"s":[{"x":1},5],"b":1})", "!null, 1"},
      {R"({"s":[null],"b":1})", "[null], 1"},
  };
  const auto check = [](const char* ddl, const auto& cases) {
    for (const auto& [line, expected] : cases) {
      const bool corrupt = *expected == '!';
      const std::string rows =
          std::string(corrupt ? expected + 1 : expected) + ", " + (corrupt ? line : "null") + "\n";
      EXPECT_EQ(Rows(line, std::string(ddl) + ", b INT, _corrupt_record STRING"), rows) << line;
    }
  };
  check("s STRUCT<x: INT, y: STRING>", structs);
  check("s ARRAY<INT>", arrays);
  check("s MAP<STRING, INT>", maps);
  check("s ARRAY<STRUCT<x: INT, y: STRING>>", deep);
}

TEST(JsonReaderTest, NestedRowsFollowFailedOnes) {
  EXPECT_EQ(Rows("{\"s\":[{\"t\":[1,2]},{\"t\":[3]}]}\n"
                 "{\"s\":[{\"t\":[7]},5]}\n"
                 "{\"s\":[{\"t\":[8]}]} \n"
                 "{\"s\":[{\"t\":[9]},{bad\n"
                 "{\"s\":[{},{\"t\":[4,5]}]}\n",
                 "s ARRAY<STRUCT<t: ARRAY<INT>>>"),
            "[{[1, 2]}, {[3]}]\nnull\n[{[8]}]\nnull\n[{null}, {[4, 5]}]\n");
}

TEST(JsonReaderTest, Modes) {
  const char* const lines = "{\"a\":1}\n{\"a\":\"x\"}\n{bad\n\n{\"a\":2}";
  EXPECT_EQ(Rows(lines, "a INT"), "1\nnull\nnull\n2\n");
  EXPECT_EQ(Rows(lines, "a INT", {{"mode", "dropMalformed"}}), "1\n2\n");
  EXPECT_EQ(Rows(lines, "a INT", {{"mode", "FAILFAST"}}),
            "ERROR MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION\n");
  EXPECT_EQ(Rows(lines, "a INT", {{"mode", "PERMISIVE"}}),
            "ERROR STDS_INVALID_OPTION_VALUE.WITH_MESSAGE\n");
  // What is not read is not of a wrong type.
  EXPECT_EQ(Rows("{\"a\":\"x\",\"b\":1}", "a INT, b INT", {{"mode", "DROPMALFORMED"}}, {"b"}),
            "1\n");
}

TEST(JsonReaderTest, FailFastNamesFileLineAndReason) {
  TestFiles files;
  files.Write("/in/f.json", "{\"a\":{\"b\":1}}\n{\"a\":{\"b\":true}}\n");
  const FormatRequest request = MakeRequest("a STRUCT<b: INT>", {{"mode", "FAILFAST"}});
  const auto reader = JsonFormat().OpenReader(files.env(), "/in/f.json", request);
  ASSERT_TRUE(reader.ok());
  Batch batch;
  const std::string message = (*reader)->Next(&batch).status().message();
  EXPECT_NE(message.find("the value of a.b is no INT (/in/f.json, line 2)"), message.npos)
      << message;
}

TEST(JsonReaderTest, CorruptRecordColumn) {
  const char* const lines = "{\"a\":1}\n{\"a\":\"x\"}";
  EXPECT_EQ(Rows(lines, "a INT, c STRING", {{"columnnameofcorruptrecord", "c"}}),
            "1, null\nnull, {\"a\":\"x\"}\n");
  EXPECT_EQ(Rows(lines, "a INT, c INT", {{"columnnameofcorruptrecord", "c"}}),
            "ERROR INVALID_CORRUPT_RECORD_TYPE\n");
  EXPECT_EQ(Rows(lines, "a INT, _corrupt_record STRING", {}, {"_corrupt_record"}),
            "ERROR UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN\n");
  EXPECT_EQ(Rows("{\"a\":1,\"_corrupt_record\":\"q\"}", "_corrupt_record STRING, a INT"),
            "null, 1\n");
}

TEST(JsonReaderTest, Liberties) {
  EXPECT_EQ(One(R"({"a":01})", "INT", {{"allownumericleadingzeros", "true"}}), "1");
  EXPECT_EQ(One(R"({a:3})", "INT", {{"allowunquotedfieldnames", "true"}}), "3");
  EXPECT_EQ(One(R"({"a":4 /* x */})", "INT", {{"allowcomments", "true"}}), "4");
  EXPECT_EQ(One(R"({"a":"\q"})", "STRING", {{"allowbackslashescapinganycharacter", "true"}}), "q");
  EXPECT_EQ(One("{\"a\":\"x\ty\"}", "STRING", {{"allowunquotedcontrolchars", "true"}}), "x\ty");
  EXPECT_EQ(One(R"({'a':1})", "INT", {{"allowsinglequotes", "false"}}), "!null");
  EXPECT_EQ(One(R"({"a":NaN})", "DOUBLE", {{"allownonnumericnumbers", "false"}}), "!null");
}

TEST(JsonReaderTest, OptionsAreNeverIgnored) {
  EXPECT_EQ(One("{}", "INT", {{"multiLine", "true"}}), "ERROR THALWEG_NOT_SUPPORTED_YET\n");
  EXPECT_EQ(One("{}", "INT", {{"encoding", "UTF-16"}}), "ERROR THALWEG_NOT_SUPPORTED_YET\n");
  EXPECT_EQ(One("{}", "INT", {{"alowcomments", "true"}}), "ERROR THALWEG_UNKNOWN_OPTION\n");
  EXPECT_EQ(One("{}", "INT", {{"allowcomments", "yes"}}),
            "ERROR STDS_INVALID_OPTION_VALUE.WITH_MESSAGE\n");
  const std::string message =
      JsonFormat().CheckOptions({{"colmnnameofcorruptrecord", "x"}}, false).message();
  EXPECT_NE(message.find("Did you mean columnNameOfCorruptRecord?"), message.npos) << message;
}

TEST(JsonReaderTest, TypesWithoutJson) {
  EXPECT_EQ(One("{}", "INTERVAL"), "ERROR UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE\n");
  EXPECT_EQ(One("{}", "MAP<INT, INT>"), "ERROR THALWEG_NOT_SUPPORTED_YET\n");
  EXPECT_EQ(One("{}", "VARIANT"), "ERROR THALWEG_NOT_SUPPORTED_YET\n");
}

TEST(JsonReaderTest, DepthLengthAndDigitsAreLimited) {
  const auto nested = [](int depth) {
    return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_EQ(One(nested(999), "STRING"), nested(999).substr(5, 2 * 999));
  EXPECT_EQ(One(nested(1000), "STRING"), "!null");
  EXPECT_EQ(Rows(nested(100'000), "b INT"), "null\n");
  EXPECT_EQ(Rows("{\"a\":" + std::string(100'000, '{') + "}", "b INT"), "null\n");
  EXPECT_EQ(One("{\"a\":" + std::string(1001, '1') + "}", "STRING"), "!null");
  EXPECT_EQ(One("{\"a\":\"123456\"}", "STRING", {{"maxstringlen", "5"}}), "!null");
  EXPECT_EQ(One("{\"a\":[[1]]}", "STRING", {{"maxnestingdepth", "2"}}), "!null");
}

TEST(JsonReaderTest, ManyRowsOfOneLineFillSeveralBatches) {
  std::string line = "[";
  std::string expected;
  for (int i = 0; i < 2500; ++i) {
    line += (i == 0 ? "" : ",") + std::string("{\"a\":[") + std::to_string(i) + "]}";
    expected += "[" + std::to_string(i) + "]\n";
  }
  EXPECT_EQ(Rows(line + "]\n{\"a\":[7]}\n", "a ARRAY<INT>"), expected + "[7]\n");
}

TEST(JsonReaderTest, ManyLinesAndLongStrings) {
  std::string lines;
  std::string expected;
  for (int i = 0; i < 5000; ++i) {
    const std::string text = "a string of more than twelve bytes, number " + std::to_string(i);
    lines += "{\"s\":\"" + text + "\",\"i\":" + std::to_string(i) + "}\n";
    expected += std::to_string(i) + ", " + text + "\n";
  }
  EXPECT_EQ(Rows(lines, "i INT, s STRING"), expected);
}

}  // namespace
}  // namespace thalweg
