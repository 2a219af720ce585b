// Values of functions as real Spark 4.2 gave them, and the conditions of what it refused; over
// columns with NULLs too, so that constant folding does not do the work alone.
#include <gtest/gtest.h>

#include "api/session.h"
#include "data/text.h"
#include "data/time_zone.h"
#include "data/value.h"

namespace thalweg {
namespace {

class FunctionValuesTest : public testing::Test {
 protected:
  /// The values of a one-row query, separated by " | "; the condition of an error.
  std::string Row(const std::string& list) {
    const Result<QueryRows> rows = session_.Execute("SELECT " + list);
    if (!rows.ok()) return rows.status().condition();
    std::string out;
    for (const Batch& batch : rows->batches) {
      ForEachRow(batch.selection(), [&](int row) {
        if (!out.empty()) out += " / ";
        for (int i = 0; i < batch.column_count(); ++i) {
          if (i > 0) out += " | ";
          AppendValueText(GetValue(batch.column(i), row), TimeZone::Utc(), &out);
        }
      });
    }
    return out;
  }
  void Check(const std::vector<std::pair<const char*, const char*>>& cases) {
    for (const auto& [list, expected] : cases) EXPECT_EQ(Row(list), expected) << list;
  }

  std::unique_ptr<Env> env_ = NewPosixEnv(1);
  Session session_{*env_};
};

TEST_F(FunctionValuesTest, Texts) {
  Check(
      {{"upper('straße'), lower('ÀB'), initcap('ÉA ßb c')", "STRASSE | àb | Éa Ssb C"},
       {"length('aé日'), octet_length('aé日'), bit_length(1), ascii('é')", "3 | 6 | 8 | 233"},
       {"substring('abc', -2), substring('abc', 0, 2), substr('日本語', 2, 1)", "bc | ab | 本"},
       {"left('abc', 2), right('abc', 2), repeat('ab', 2), space(1) || '|'", "ab | bc | abab |  |"},
       {"lpad('a', 3, 'xy'), rpad('abc', 2), trim('  a '), btrim('xxaxx', 'x')",
        "xya | ab | a | a"},
       {"replace('aXbX', 'X', '-'), translate('123', '12', 'x'), reverse(123)", "a-b- | x3 | 321"},
       {"instr('abcb', 'b'), locate('b', 'abcb', 3), split_part('a,b,c', ',', -1)", "2 | 4 | c"},
       {"split_part('a', ',', 0)", "INVALID_INDEX_OF_ZERO"},
       {"substring_index('a.b.c', '.', 2), substring_index('a.b.c', '.', -1)", "a.b | c"},
       {"concat_ws(',', array('x', NULL), 'y', 1), concat('a', NULL), concat(1, 2)",
        "x,y,1 | NULL | 12"},
       {"levenshtein('kitten', 'sitting'), soundex('Miller'), find_in_set('b', 'a,b')",
        "3 | M460 | 2"},
       {"upper(array(1))", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
       {"repeat('a', 3000000000L)", "CAST_OVERFLOW"}});
}

TEST_F(FunctionValuesTest, Patterns) {
  Check(
      {{"'a%c' LIKE 'a\\%c', 'abc' LIKE '_b%', 'ABC' ILIKE 'a_c', 'a' NOT LIKE ALL ('b', 'c')",
        "true | true | true | true"},
       {"'a' LIKE 'a\\\\'", "INVALID_FORMAT.ESC_AT_THE_END"},
       {"'foobar' RLIKE 'o+b', regexp_extract('k=12', '(\\\\w)=(\\\\d+)', 2)", "true | 12"},
       {"regexp_extract('a', '(', 0)", "INVALID_PARAMETER_VALUE.PATTERN"},
       {"regexp_extract('a', 'a', 1)", "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX"},
       {"regexp_replace('a1b22', '(\\\\d+)', '<$1>'), regexp_count('aXbX', 'X')", "a<1>b<22> | 2"},
       {"split('a1b2', '\\\\d'), split('a,b,c', ',', 2), regexp_extract_all('a1b2', '(\\\\d)')",
        "[a, b, ] | [a, b,c] | [1, 2]"}});
}

TEST_F(FunctionValuesTest, Numbers) {
  Check({{"round(2.5), round(25, -1), round(2.675D, 2), bround(2.5D), ceil(-12.345), floor(1.5D)",
          "3 | 30 | 2.68 | 2.0 | -12 | 1"},
         {"round(127Y, -1)", "ARITHMETIC_OVERFLOW"},
         {"sqrt('4'), pow(2, 3L), log(2, 8), ln(0), factorial('5'), hex(10), bin(5)",
          "2.0 | 8.0 | 3.0 | NULL | 120 | A | 101"},
         {"md5(X'61'), crc32('a'), base64('abc'), unhex('4'), sha2('', 224)",
          "0cc175b9c0f1b6a831c399e269772661 | 3904355907 | YWJj | \x04 | "
          "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f"}});
}

TEST_F(FunctionValuesTest, Times) {
  Check({{"year('2024-02-29'), weekofyear('2021-01-03'), dayofweek('2024-01-07')", "2024 | 53 | 1"},
         {"extract(SECOND FROM TIMESTAMP'2024-01-01 00:00:01.5'), date_part('DOW_ISO', "
          "DATE'2024-01-07')",
          "1.500000 | 7"},
         {"extract(EPOCH FROM DATE'2024-01-01')", "INVALID_EXTRACT_FIELD"},
         {"date_add('2024-01-01', '1'), add_months('2024-01-31', 1), last_day('2023-02-10')",
          "2024-01-02 | 2024-02-29 | 2023-02-28"},
         {"date_add('2024-01-01', 1L)", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
         {"months_between('2024-03-31', '2024-02-29'), next_day('2024-01-01', 'tue')",
          "1.0 | 2024-01-02"},
         {"date_trunc('quarter', TIMESTAMP'2024-08-15 13:00:00'), trunc('2024-08-15', 'MM')",
          "2024-07-01 00:00:00 | 2024-08-01"},
         {"make_date(2023, 2, 29)", "DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION"},
         {"to_utc_timestamp('2024-03-10 02:30:00', 'America/New_York')", "2024-03-10 07:30:00"},
         {"timestampadd(YEAR, 1, TIMESTAMP'2024-02-29 00:00:00')", "2025-02-28 00:00:00"},
         {"now() = current_timestamp(), current_date() = date(now())", "true | true"}});
}

TEST_F(FunctionValuesTest, NullsAndRowsStayApart) {
  EXPECT_EQ(
      Row("upper(s), length(s), s LIKE 'a%', round(d, 1), year(t) FROM VALUES ('ab', 1.25D, "
          "DATE'2024-01-01'), (NULL, NULL, NULL), ('x', -2.55D, DATE'1969-12-31') AS v(s, d, t)"),
      "AB | 2 | true | 1.3 | 2024 / NULL | NULL | NULL | NULL | NULL / "
      "X | 1 | false | -2.6 | 1969");
}

}  // namespace
}  // namespace thalweg
