// What texts become, as trees; what is refused, with its place.
#include "sql/parser.h"

#include <gtest/gtest.h>

namespace thalweg {
namespace {

std::string Tree(std::string_view query) {
  const Result<RelationPtr> plan = ParseQuery(query, {});
  return plan.ok() ? ToTreeString(*plan) : plan.status().ToString() + "\n";
}

std::string ErrorOf(std::string_view query) {
  const Result<RelationPtr> plan = ParseQuery(query, {});
  if (plan.ok()) return "";
  return plan.status().ToString() + "\n" + CaretText(query, plan.status().place());
}

TEST(ParserTest, OperatorsBindAsInSpark) {
  EXPECT_EQ(Tree("SELECT a + b * 2 AS x, t.c FROM t WHERE a > 1 AND NOT b IS NULL OR c LIKE 'x%'"),
            "Project [('a + ('b * 2)) AS x, 't.c]\n"
            "  Filter ((('a > 1) and 'not('isnull('b))) or ('c like 'x%'))\n"
            "    UnresolvedRead parts: t\n");
}

TEST(ParserTest, UnaryOperatorsAndShifts) {
  EXPECT_EQ(Tree("SELECT -1, - 1, -a, 2 - -1, 1 << 2 + 3, a = b IS NULL, NOT a = b"),
            "Project [-1, -1, 'negative('a), (2 - -1), '<<(1, (2 + 3)), 'isnull(('a == 'b)), "
            "'not(('a == 'b))]\n"
            "  UnresolvedInlineTable [], row_widths: [0]\n");
}

TEST(ParserTest, NegatedPredicates) {
  EXPECT_EQ(Tree("SELECT a NOT BETWEEN 1 AND 2, b NOT IN (1, 2), c NOT LIKE ALL ('a', 'b'), d IS "
                 "DISTINCT FROM e"),
            "Project ['not('between('a, 1, 2)), 'not('in('b, 1, 2)), ('not(('c like 'a')) and "
            "'not(('c like 'b'))), 'not(('d <=> 'e))]\n"
            "  UnresolvedInlineTable [], row_widths: [0]\n");
}

TEST(ParserTest, WindowsFiltersStreamsWatermarks) {
  EXPECT_EQ(
      Tree("SELECT window(ts, '10 seconds').start, count(*) FILTER (WHERE v > 0) FROM STREAM(ev) "
           "WATERMARK ts DELAY OF INTERVAL 5 SECONDS GROUP BY 1 HAVING count(*) > 1"),
      "UnresolvedHaving ('count(*) > 1)\n"
      "  Aggregate group: group_by, [1], ['window('ts, '10 seconds')['start'], 'count(*) "
      "FILTER (WHERE ('v > 0))]\n"
      "    WithWatermark 'ts, 5000000, delay_us: 0\n"
      "      UnresolvedRead parts: ev, is_streaming\n");
}

TEST(ParserTest, JoinsChainToTheLeft) {
  EXPECT_EQ(Tree("SELECT * FROM a JOIN b USING (id) LEFT ANTI JOIN c ON a.x = c.x, d"),
            "Project [*]\n"
            "  Join join: inner\n"
            "    Join join: left_anti, ('a.x == 'c.x)\n"
            "      Join join: inner, using_columns: id\n"
            "        UnresolvedRead parts: a\n"
            "        UnresolvedRead parts: b\n"
            "      UnresolvedRead parts: c\n"
            "    UnresolvedRead parts: d\n");
}

TEST(ParserTest, SetOperationsSortsAndCtes) {
  EXPECT_EQ(Tree("WITH x AS (SELECT 1), y(k) AS (VALUES (1, 'a'), (2, 'b')) SELECT DISTINCT k FROM "
                 "y UNION ALL SELECT * FROM x ORDER BY k DESC NULLS LAST LIMIT 3 OFFSET 1"),
            "UnresolvedWith names: x, y\n"
            "  Limit 3\n"
            "    Offset 1\n"
            "      Sort ['k DESC NULLS LAST], is_global\n"
            "        SetOperation operation: union, is_all\n"
            "          Deduplicate all_columns_as_keys, is_distinct, []\n"
            "            Project ['k]\n"
            "              UnresolvedRead parts: y\n"
            "          Project [*]\n"
            "            UnresolvedRead parts: x\n"
            "  SubqueryAlias alias: x\n"
            "    Project [1]\n"
            "      UnresolvedInlineTable [], row_widths: [0]\n"
            "  SubqueryAlias alias: y, column_names: k\n"
            "    UnresolvedInlineTable [1, 'a', 2, 'b'], row_widths: [2, 2]\n");
}

TEST(ParserTest, LateralViews) {
  EXPECT_EQ(Tree("SELECT x FROM t LATERAL VIEW OUTER explode(a) e AS x"),
            "Project ['x]\n"
            "  Generate 'explode('a), outer, alias: e, column_names: x, []\n"
            "    UnresolvedRead parts: t\n");
}

TEST(ParserTest, LambdasCaseFieldsAndCasts) {
  EXPECT_EQ(Tree("SELECT transform(a, (x, i) -> x + i), CASE k WHEN 1 THEN 'a' ELSE 'b' END, "
                 "a[0].f, CAST(v AS DECIMAL(5, 2)), v::int"),
            "Project ['transform('a, (x, i) -> ('x + 'i)), 'when(('k == 1), 'a', 'b'), "
            "'a[0]['f'], cast('v as decimal(5,2)), cast('v as int)]\n"
            "  UnresolvedInlineTable [], row_widths: [0]\n");
}

TEST(ParserTest, Literals) {
  EXPECT_EQ(Tree("SELECT INTERVAL '1-2' YEAR TO MONTH, INTERVAL 3 DAYS 2 HOURS, DATE'2024-01-01', "
                 "TIMESTAMP'2024-01-01 10:00:00', X'1F', 1L, 2S, 3Y, 2.50, 2.5BD, 1e3, 1.5F, 'a' "
                 "'b', r'\\n', \"q\""),
            "Project [14, 266400000000, DATE '2024-01-01', TIMESTAMP '2024-01-01 10:00:00Z', "
            "X'1F', 1, 2, 3, 2.50, 2.5, 1000.0, 1.5, 'ab', '\\\\n', 'q']\n"
            "  UnresolvedInlineTable [], row_widths: [0]\n");
}

TEST(ParserTest, KeywordsAreNames) {
  EXPECT_EQ(Tree("SELECT a, case FROM (SELECT 1 AS case, 2 a) select"),
            "Project ['a, 'case]\n"
            "  SubqueryAlias alias: select\n"
            "    Project [1 AS case, 2 AS a]\n"
            "      UnresolvedInlineTable [], row_widths: [0]\n");
}

TEST(ParserTest, FromFirst) {
  EXPECT_EQ(Tree("FROM t SELECT a WHERE a > 1"),
            "Project ['a]\n"
            "  Filter ('a > 1)\n"
            "    UnresolvedRead parts: t\n");
}

TEST(ParserTest, CallsWithAGrammar) {
  EXPECT_EQ(Tree("SELECT TRIM(LEADING 'x' FROM a), EXTRACT(YEAR FROM d), POSITION('a' IN b), "
                 "SUBSTRING(a FROM 2 FOR 3), OVERLAY(a PLACING 'b' FROM 1)"),
            "Project ['ltrim('x', 'a), 'extract('YEAR', 'd), 'position('a', 'b), 'substring('a, "
            "2, 3), 'overlay('a, 'b', 1)]\n"
            "  UnresolvedInlineTable [], row_widths: [0]\n");
}

TEST(ParserTest, GroupingSets) {
  const auto sets = [](const std::string& group_by) {
    const std::string tree = Tree("SELECT a FROM t GROUP BY " + group_by);
    const size_t from = tree.find("group: ") + 7;
    return tree.substr(from, tree.find(", ['a]\n") - from);
  };
  EXPECT_EQ(sets("ROLLUP (a, b)"), "sets, sets: [0, 1, -1, 0, -1, -1], ['a, 'b]");
  EXPECT_EQ(sets("a, b WITH ROLLUP"), "rollup, ['a, 'b]");
  EXPECT_EQ(sets("CUBE ((a, b), c)"),
            "sets, sets: [0, 1, 2, -1, 0, 1, -1, 2, -1, -1], ['a, 'b, 'c]");
  EXPECT_EQ(sets("a, ROLLUP (b)"), "sets, sets: [0, 1, -1, 0, -1], ['a, 'b]");
  EXPECT_EQ(sets("GROUPING SETS ((a, b), (a), (), b, (a + b) * 2)"),
            "sets, sets: [0, 1, -1, 0, -1, -1, 1, -1, 2, -1], ['a, 'b, (('a + 'b) * 2)]");
  EXPECT_EQ(sets("GROUPING SETS (ROLLUP (a), b)"), "sets, sets: [0, -1, -1, 1, -1], ['a, 'b]");
  EXPECT_EQ(sets("b, a GROUPING SETS ((a), (b))"), "sets, sets: [1, -1, 0, -1], ['b, 'a]");
}

TEST(ParserTest, LateralFunctionsAreLateralViews) {
  EXPECT_EQ(Tree("SELECT a FROM t, LATERAL explode(t.x) AS e(v)"),
            "Project ['a]\n"
            "  Generate 'explode('t.x), lateral_join, alias: e, column_names: v, []\n"
            "    UnresolvedRead parts: t\n");
  EXPECT_EQ(Tree("SELECT a FROM t LEFT JOIN LATERAL explode(x)"),
            "Project ['a]\n"
            "  Generate 'explode('x), outer, lateral_join, []\n"
            "    UnresolvedRead parts: t\n");
}

TEST(ParserTest, SyntaxErrorsNameThePlaceAndWhatCouldStandThere) {
  EXPECT_EQ(ErrorOf("SELECT a\nFROM t GROUP BY"),
            "[PARSE_SYNTAX_ERROR] Syntax error at or near end of input: here could stand an "
            "expression (line 2, column 16). SQLSTATE: 42601\n"
            "== SQL (line 2, column 16) ==\nFROM t GROUP BY\n               ^\n");
  EXPECT_EQ(ErrorOf("SELECT nme FRM t WHERE"),
            "[PARSE_SYNTAX_ERROR] Syntax error at or near 't': here could stand end of the "
            "statement (line 1, column 16). SQLSTATE: 42601\n"
            "== SQL (line 1, column 16) ==\nSELECT nme FRM t WHERE\n               ^\n");
}

TEST(ParserTest, WhatIsNotBuiltSaysSoAtItsPlace) {
  EXPECT_EQ(ErrorOf("SELECT * FROM t PIVOT (sum(v) FOR k IN ('a'))"),
            "[THALWEG_NOT_SUPPORTED_YET] Not supported yet: PIVOT (line 1, column 17). SQLSTATE: "
            "0A000\n== SQL (line 1, column 17) ==\n"
            "SELECT * FROM t PIVOT (sum(v) FOR k IN ('a'))\n                ^^^^^\n");
}

TEST(ParserTest, DeepNestingIsRefusedNotOverflownBy) {
  for (const char* opening : {"(", "-(", "NOT ", "f(", "CASE WHEN ", "(SELECT "}) {
    std::string query = "SELECT ";
    for (int i = 0; i < 10'000; ++i) query += opening;
    EXPECT_EQ(ErrorOf(query).substr(0, 27), "[THALWEG_NOT_SUPPORTED_YET]") << opening;
  }
}

TEST(ParserTest, EachPrefixOfAQueryIsReadOrRefused) {
  const std::string query =
      "WITH a AS (SELECT 1L AS x, 'it''s' y) SELECT /* c */ x, CASE WHEN x > 1e0 THEN y END z FROM "
      "a JOIN (VALUES (1)) AS v(x) USING (x) LATERAL VIEW explode(array(1, 2)) e AS i WHERE x IN "
      "(1, 2) GROUP BY x, y HAVING count(*) > 0 ORDER BY 1 DESC NULLS LAST LIMIT 1 -- end";
  EXPECT_EQ(ErrorOf(query), "");
  for (size_t length = 0; length < query.size(); ++length) {
    const Result<RelationPtr> plan = ParseQuery(query.substr(0, length), {});
    EXPECT_TRUE(plan.ok() || plan.status().place().line > 0) << query.substr(0, length);
  }
}

}  // namespace
}  // namespace thalweg
