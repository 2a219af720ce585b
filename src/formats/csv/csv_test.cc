// Expected rows, schemas and bytes were recorded from Spark 4.2 unless a
// comment says otherwise.
#include <gtest/gtest.h>

#include "data/test_random.h"
#include "data/test_rows.h"
#include "formats/csv/csv_format.h"
#include "formats/csv/csv_tokenizer.h"
#include "formats/test_files.h"

namespace thalweg {
namespace {

std::string Rows(std::string_view lines, std::string_view ddl, const Options& options = {},
                 const std::vector<std::string>& selected = {}) {
  return RowsOf(CsvFormat(), lines, ddl, options, selected);
}

/// The value of a text in a column of `type`, "!" in front where the record is
/// malformed.
std::string One(const std::string& text, const std::string& type, const Options& more = {}) {
  Options options = more;
  options["sep"] = ";";
  const std::string rows =
      Rows("k;" + text + "\n", "k STRING, a " + type + ", _corrupt_record STRING", options,
           {"k", "a", "_corrupt_record"});
  if (!rows.starts_with("k, ")) return rows;
  const std::string fine = ", null\n", corrupt = ", k;" + text + "\n";
  const std::string_view behind = std::string_view(rows).substr(3);
  if (behind.ends_with(fine)) return std::string(behind.substr(0, behind.size() - fine.size()));
  return "!" + std::string(behind.substr(0, behind.size() - corrupt.size()));
}

TEST(CsvTest, LinesThatSparkRead) {
  struct Recorded {
    Options options;
    const char* lines;
    const char* rows;
  };
#define UNPACK(...) __VA_ARGS__
#define X(options, lines, rows) {UNPACK options, lines, rows},
  const Recorded all[] = {
#include "formats/csv/spark_lines.inc"
  };
#undef X
#undef UNPACK
  for (const Recorded& one : all) {
    EXPECT_EQ(
        Rows(one.lines, "i INT, a STRING, b STRING, c STRING, _corrupt_record STRING", one.options),
        one.rows);
  }
}

TEST(CsvTest, RowsThatSparkWrote) {
  struct Recorded {
    Options options;
    const char* bytes;
  };
#define UNPACK(...) __VA_ARGS__
#define X(options, bytes) {UNPACK options, bytes},
  const Recorded all[] = {
#include "formats/csv/spark_written.inc"
  };
#undef X
#undef UNPACK
  const std::pair<const char*, const char*> texts[] = {THALWEG_CSV_ROWS};
  std::vector<std::vector<Value>> rows;
  for (const auto& [a, b] : texts) rows.push_back({Value::String(a), Value::String(b)});
  const Batch batch = MakeBatch(MakeSchema("a STRING, b STRING"), rows);
  for (const Recorded& one : all) {
    EXPECT_EQ(WrittenBytes(CsvFormat(), batch, one.options), one.bytes);
  }
}

// The fast way of lines without quotes, and its slow twin.
TEST(CsvTest, FastAndSlowTokenizersAgree) {
  TestRandom random(3);
  for (int tried = 0; tried < 5000; ++tried) {
    CsvSyntax syntax;
    syntax.ignore_leading_blanks = random.OneIn(2);
    syntax.ignore_trailing_blanks = random.OneIn(2);
    if (random.OneIn(3)) syntax.null_value = "a";
    if (random.OneIn(4)) syntax.quote = '\0';
    std::string line;
    const int length = random.Below(20);
    for (int i = 0; i < length; ++i) line += "ab,, \\\t\""[random.Below(random.OneIn(3) ? 8 : 7)];
    CsvTokenizer fast(syntax), slow(syntax);
    ASSERT_TRUE(fast.Split(line).ok());
    ASSERT_TRUE(slow.SplitSlowly(line).ok());
    ASSERT_EQ(fast.texts().size(), slow.texts().size()) << line;
    for (size_t i = 0; i < fast.texts().size(); ++i) {
      ASSERT_EQ(fast.texts()[i].is_null, slow.texts()[i].is_null) << line;
      if (fast.texts()[i].is_null) continue;
      ASSERT_EQ(fast.texts()[i].view(), slow.texts()[i].view()) << line;
    }
  }
}

struct ValueCase {
  const char* type;
  const char* text;
  const char* expected;
};
constexpr ValueCase kValues[] = {
    {"TINYINT", "1", "1"},
    {"TINYINT", "+1", "1"},
    {"TINYINT", "-128", "-128"},
    {"TINYINT", "128", "!null"},
    {"TINYINT", " 1", "!null"},
    {"TINYINT", "1 ", "!null"},
    {"TINYINT", "1.0", "!null"},
    {"TINYINT", "", "null"},
    {"TINYINT", "+-1", "!null"},
    {"INT", "2147483647", "2147483647"},
    {"INT", "2147483648", "!null"},
    {"BIGINT", "9223372036854775808", "!null"},
    {"DOUBLE", "1e3", "1000.0"},
    {"DOUBLE", "NaN", "NaN"},
    {"DOUBLE", "nan", "!null"},
    {"DOUBLE", "Inf", "Infinity"},
    {"DOUBLE", "-Inf", "-Infinity"},
    {"DOUBLE", "+Infinity", "Infinity"},
    {"DOUBLE", " 1", "1.0"},
    {"DOUBLE", "1d", "1.0"},
    {"DOUBLE", "1f", "1.0"},
    {"DOUBLE", "1,5", "!null"},
    {"DOUBLE", ".5", "0.5"},
    {"DOUBLE", "5.", "5.0"},
    {"DOUBLE", "1e400", "Infinity"},
    {"DOUBLE", "x", "!null"},
    {"FLOAT", "1.1", "1.1"},
    {"FLOAT", "1e40", "Infinity"},
    {"BOOLEAN", "TRUE", "true"},
    {"BOOLEAN", "False", "false"},
    {"BOOLEAN", "t", "!null"},
    {"BOOLEAN", " true", "!null"},
    {"DECIMAL(5,2)", "1.235", "1.24"},
    {"DECIMAL(5,2)", "123456", "!null"},
    {"DECIMAL(5,2)", "1e2", "100.00"},
    {"DECIMAL(5,2)", " 1", "!null"},
    {"DECIMAL(5,2)", "1,2", "12.00"},
    {"DECIMAL(5,2)", "+1", "1.00"},
    {"DECIMAL(5,2)", "abc", "!null"},
    {"DATE", "2024-2-3", "2024-02-03"},
    {"DATE", "2024-02-30", "!null"},
    {"DATE", "2024", "2024-01-01"},
    {"DATE", "2024-02-29T10:00", "2024-02-29"},
    {"DATE", " 2024-02-29", "2024-02-29"},
    {"DATE", "GMT2024-01-01", "2024-01-01"},
    {"DATE", "-1", "!null"},
    {"TIMESTAMP", "2024-02-29T12:34:56Z", "2024-02-29 12:34:56"},
    {"TIMESTAMP", "2024-02-29 12:34:56+02:00", "2024-02-29 10:34:56"},
    {"TIMESTAMP", "2024", "2024-01-01 00:00:00"},
    {"TIMESTAMP", "x", "!null"},
    {"TIMESTAMP", "2015-01-01T00:00:00GMT+01:00", "2014-12-31 23:00:00"},
    {"TIMESTAMP", "1425081600000", "!null"},
    {"TIMESTAMP_NTZ", "2024-02-29", "2024-02-29 00:00:00"},
    {"TIMESTAMP_NTZ", "2024-02-29T12:34:56Z", "!null"},
    {"TIME(6)", "12:34", "12:34:00"},
    {"TIME(6)", "x", "!null"},
    {"INTERVAL YEAR TO MONTH", "1-2", "INTERVAL '1-2' YEAR TO MONTH"},
    {"STRING", " a ", " a "},
    {"STRING", "\"\"", "null"},
};

TEST(CsvTest, ValuesOfEveryType) {
  for (const ValueCase& one : kValues) {
    EXPECT_EQ(One(one.text, one.type), one.expected) << one.type << " of '" << one.text << "'";
  }
  // A time of the current day, which Spark fills in, is refused.
  EXPECT_EQ(One("12:34", "TIMESTAMP"), "ERROR THALWEG_NOT_SUPPORTED_YET\n");
  const Options named = {{"nanvalue", "nn"}, {"positiveinf", "pp"}, {"negativeinf", "mm"}};
  EXPECT_EQ(One("nn", "DOUBLE", named) + One("pp", "DOUBLE", named) + One("mm", "FLOAT", named),
            "NaNInfinity-Infinity");
  EXPECT_EQ(One("Inf", "DOUBLE", named), "!null");
  EXPECT_EQ(One("29/02/2024", "DATE", {{"dateformat", "dd/MM/yyyy"}}), "2024-02-29");
  EXPECT_EQ(One("2024-01-01", "DATE", {{"dateformat", "dd/MM/yyyy"}}), "!null");
  EXPECT_EQ(One("29/02/2024 10:11", "TIMESTAMP", {{"timestampformat", "dd/MM/yyyy HH:mm"}}),
            "2024-02-29 10:11:00");
}

TEST(CsvTest, RecordsOfOtherLengths) {
  const char* const lines = "1\n2,3\n4,5,6,7\nx,1,2\n7,8,9\n";
  const char* const ddl = "a INT, b INT, c INT";
  EXPECT_EQ(Rows(lines, ddl), "1, null, null\n2, 3, null\n4, 5, 6\nnull, 1, 2\n7, 8, 9\n");
  EXPECT_EQ(Rows(lines, ddl, {{"mode", "DROPMALFORMED"}}), "7, 8, 9\n");
  EXPECT_EQ(Rows(lines, ddl, {{"mode", "DROPMALFORMED"}}, {"b"}), "null\n3\n5\n1\n8\n");
  EXPECT_EQ(Rows(lines, ddl, {{"mode", "FAILFAST"}}),
            "ERROR MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION\n");
  EXPECT_EQ(Rows("1,2\nx,3\n1,2,3\n1\n", "a INT, _corrupt_record STRING, b INT"),
            "1, null, 2\nnull, x,3, 3\n1, 1,2,3, 2\n1, 1, null\n");
  EXPECT_EQ(
      Rows("1,2\nx,3\n1\n", "a INT, b INT, _corrupt_record STRING", {}, {"b", "_corrupt_record"}),
      "2, null\n3, null\nnull, null\n");
  EXPECT_EQ(Rows("1,2\n", "a INT, _corrupt_record STRING", {}, {"_corrupt_record"}),
            "ERROR UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN\n");
}

TEST(CsvTest, LinesThatAreNoRecords) {
  EXPECT_EQ(Rows("1,2\n\n   \n\t\n,\n3,4", "a STRING, b STRING"), "1, 2\nnull, null\n3, 4\n");
  EXPECT_EQ(Rows("#x,y\n1,#2\n #3,4\n\"#5\",6\n", "a STRING, b STRING", {{"comment", "#"}}),
            "1, #2\n #3, 4\n#5, 6\n");
  EXPECT_EQ(Rows("\n\nx,y\n1,2\nx,y\n", "a STRING, b STRING", {{"header", "true"}}),
            "1, 2\nx, y\n");
  EXPECT_EQ(Rows("\xEF\xBB\xBF"
                 "1,2\n3,4\n",
                 "a INT, b INT"),
            "1, 2\n3, 4\n");
  EXPECT_EQ(Rows("1,2\r\n3,4\r5,6\n", "a STRING, b STRING"), "1, 2\n3, 4\n5, 6\n");
  EXPECT_EQ(Rows("\"1\n2\",3\n", "a STRING, b STRING"), "1, null\n2\", 3\n");
  EXPECT_EQ(Rows("1,2;3,4\n;5,6", "a STRING, b STRING", {{"linesep", ";"}}),
            "1, 2\n3, 4\n\n5, 6\n");
  EXPECT_EQ(Rows("a\xff\xfe,b\n", "a STRING, b STRING"), "a\xEF\xBF\xBD\xEF\xBF\xBD, b\n");
  const Options strict = {{"header", "true"}, {"enforceschema", "false"}};
  EXPECT_EQ(Rows("a,b\n1,2\n", "A STRING, b STRING", strict), "1, 2\n");
  EXPECT_EQ(Rows("x,y\n1,2\n", "a STRING, b STRING", strict), "ERROR FAILED_READ_FILE.NO_HINT\n");
}

TEST(CsvTest, InferredSchemas) {
  struct Case {
    const char* lines;
    const char* type;
  };
  const Case cases[] = {
      {"1\n2\n", "INT"},
      {"1\n3000000000\n", "BIGINT"},
      {"1\n12345678901234567890\n", "DECIMAL(20,0)"},
      {"1234567890123456789012345678901234567890123\n1\n", "DOUBLE"},
      {"1e3\n", "DOUBLE"},
      {"12345678901234567890\n1.5\n", "DOUBLE"},
      {"true\nFALSE\n", "BOOLEAN"},
      {"true\n1\n", "STRING"},
      {"2024-01-01\n2024-02-03\n", "DATE"},
      {"2024-01-01 10:00:00\n2024-01-01\n", "TIMESTAMP"},
      {"2024-01-01\n2024-01-01 10:00:00\n", "TIMESTAMP"},
      {"2024-01-01\nx\n", "STRING"},
      {"2024-01-01\n5\n", "STRING"},
      {"NaN\n1\n", "DOUBLE"},
      {"1\n\"\"\n2\n", "INT"},
      {" 1\n2\n", "DOUBLE"},
      {"\"1,000\"\n", "STRING"},
      {"2024-01\n", "TIMESTAMP"},
      {"007\n1\n", "INT"},
      {"1\n2,3\n", "INT"},
      {"1f\n1d\n", "DOUBLE"},
      {"0x10\n", "STRING"},
      {"1.\n", "DECIMAL(1,0)"},
      {"-2024-01-01\n", "DATE"},
      {"2024-2-3\n", "TIMESTAMP"},
      {"2024-02-30\n", "STRING"},
      {"9223372036854775808\n", "DECIMAL(19,0)"},
      {"+Inf\n", "STRING"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(InferredDdl(CsvFormat(), one.lines, {{"inferschema", "true"}}),
              "_c0 " + std::string(one.type))
        << one.lines;
  }
  EXPECT_EQ(InferredDdl(CsvFormat(), "12:34:56\n", {{"inferschema", "true"}}),
            "ERROR THALWEG_NOT_SUPPORTED_YET\n");
  EXPECT_EQ(
      InferredDdl(CsvFormat(), "2024-01-01\n", {{"inferschema", "true"}, {"preferdate", "false"}}),
      "_c0 TIMESTAMP");
  EXPECT_EQ(InferredDdl(CsvFormat(), "1,2\n3,4,5\n6\n"), "_c0 STRING,_c1 STRING");
  const Options header = {{"header", "true"}};
  EXPECT_EQ(InferredDdl(CsvFormat(), "a,,a,A,b c,\"q,x\"\n1,2,3,4,5,6\n", header),
            "a0 STRING,_c1 STRING,a2 STRING,A3 STRING,`b c` STRING,`q,x` STRING");
  EXPECT_EQ(InferredDdl(CsvFormat(), "a,A,a0,\n1,2,3,4\n", header),
            "ERROR COLUMN_ALREADY_EXISTS\n");
  EXPECT_EQ(InferredDdl(CsvFormat(), "a,b\n1,x\na,b\n,\n2,y\n",
                        {{"header", "true"}, {"inferschema", "true"}}),
            "a INT,b STRING");
  EXPECT_EQ(InferredDdl(CsvFormat(), "", {{"inferschema", "true"}}), "");
}

TEST(CsvTest, WrittenValues) {
  const Batch batch = MakeBatch(
      "a TINYINT, b FLOAT, c DOUBLE, d DECIMAL(20,10), e BOOLEAN, f "
      "DATE, g TIMESTAMP, "
      "h TIMESTAMP_NTZ, i INTERVAL YEAR TO MONTH, k TIME(6), l "
      "DOUBLE, o INT, q STRING",
      "1, 1.5, 1.0E10, 0.0000000010, true, 2024-02-29, 2024-02-29 "
      "12:34:56.789012, "
      "2024-02-29 12:34:56.789012, INTERVAL '1-2' YEAR TO MONTH, "
      "12:34:56.123, NaN, null, x");
  EXPECT_EQ(WrittenBytes(CsvFormat(), batch, {{"header", "true"}}),
            "a,b,c,d,e,f,g,h,i,k,l,o,q\n"
            "1,1.5,1.0E10,1.0E-9,true,2024-02-29,2024-02-29T12:34:56.789Z,2024-"
            "02-29T12:34:56.789,"
            "INTERVAL '1-2' YEAR TO MONTH,12:34:56.123,NaN,,x\n");
  const Batch texts =
      MakeBatch(MakeSchema("a STRING, b STRING"), {{Value::String("#a"), Value::String("#a")},
                                                   {Value(StringType()), Value(StringType())},
                                                   {Value::String("\t"), Value::String(" a ")}});
  EXPECT_EQ(WrittenBytes(CsvFormat(), texts), "\"#a\",#a\n,\n\"\",a\n");
  EXPECT_EQ(WrittenBytes(CsvFormat(), texts, {{"nullvalue", "NULL"}, {"quoteall", "true"}}),
            "\"#a\",\"#a\"\n\"NULL\",\"NULL\"\n\"\",\"a\"\n");
  const Batch one = MakeBatch(MakeSchema("a STRING"), {{Value::String("")}, {Value(StringType())}});
  EXPECT_EQ(WrittenBytes(CsvFormat(), one), "\"\"\n");
  const Batch names = MakeBatch("`x,y` STRING, `q\"r` STRING, ` c` INT", "a, b, 1");
  EXPECT_EQ(WrittenBytes(CsvFormat(), names, {{"header", "true"}}),
            "\"x,y\",\"q\\\"r\",c\na,b,1\n");
}

TEST(CsvTest, WhatIsRefused) {
  EXPECT_EQ(Rows("1\n", "a ARRAY<INT>"), "ERROR UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE\n");
  EXPECT_EQ(Rows("1\n", "a INTERVAL"), "ERROR UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE\n");
  const auto refused = [](const Options& options) {
    return CsvFormat().CheckOptions(options, false).condition();
  };
  EXPECT_EQ(refused({{"multiline", "true"}}), "THALWEG_NOT_SUPPORTED_YET");
  EXPECT_EQ(refused({{"encoding", "ISO-8859-1"}}), "THALWEG_NOT_SUPPORTED_YET");
  EXPECT_EQ(refused({{"sep", "::"}}), "THALWEG_NOT_SUPPORTED_YET");
  EXPECT_EQ(refused({{"quote", "ab"}}), "OPTION_VALUE_EXCEEDS_ONE_CHARACTER");
  EXPECT_EQ(refused({{"heder", "true"}}), "THALWEG_UNKNOWN_OPTION");
  EXPECT_NE(Rows("1,2,3\n", "a INT", {{"maxcolumns", "2"}}).find("maxColumns"), std::string::npos);
  EXPECT_NE(Rows("1234\n", "a INT", {{"maxcharspercolumn", "3"}}).find("maxCharsPerColumn"),
            std::string::npos);
}

// Any bytes are rows, or are refused: nothing else.
TEST(CsvTest, RandomBytes) {
  TestRandom random(11);
  for (int tried = 0; tried < 500; ++tried) {
    std::string bytes;
    const int length = random.Below(300);
    for (int i = 0; i < length; ++i) {
      bytes += random.OneIn(2) ? "\",\\\n\r a"[random.Below(7)] : static_cast<char>(random.Next());
    }
    Rows(bytes, "a INT, b STRING, c TIMESTAMP, _corrupt_record STRING");
    InferredDdl(CsvFormat(), bytes, {{"header", "true"}, {"inferschema", "true"}});
  }
}

}  // namespace
}  // namespace thalweg
