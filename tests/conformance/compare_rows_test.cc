// The judge is judged: what must be the same, and what must not.
#include "compare_rows.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "data/ddl.h"

namespace thalweg {
namespace {

std::vector<Row> Rows(const char* ddl, const char* text) {
  const auto schema = ParseDdl(ddl);
  EXPECT_TRUE(schema.ok()) << schema.status().ToString();
  const auto rows = DecodeRows(nlohmann::json::parse(text), **schema);
  EXPECT_TRUE(rows.ok()) << rows.status().ToString();
  return rows.ok() ? *rows : std::vector<Row>();
}

std::string Compare(const char* ddl, const char* expected, const char* actual,
                    const RowComparison& comparison = {}) {
  return CompareRows(Rows(ddl, expected), Rows(ddl, actual), comparison);
}

TEST(CompareRows, RowsAreAMultiset) {
  EXPECT_EQ(Compare("a INT", "[[1], [2], [1]]", "[[2], [1], [1]]"), "");
  EXPECT_EQ(Compare("a INT", "[[1], [2], [1]]", "[[2], [2], [1]]"),
            "missing  [1]\ntoo much  [2]\n");
  EXPECT_NE(Compare("a INT", "[[1]]", "[]"), "");
}

TEST(CompareRows, OrderCountsWhereTheQuerySorts) {
  const RowComparison ordered{.ordered = true};
  EXPECT_EQ(Compare("a INT", "[[1], [2]]", "[[1], [2]]", ordered), "");
  EXPECT_NE(Compare("a INT", "[[1], [2]]", "[[2], [1]]", ordered), "");
}

TEST(CompareRows, DoublesAreExactUnlessTheyMayDiffer) {
  const RowComparison tolerant{.tolerance = 1e-12};
  EXPECT_EQ(Compare("a DOUBLE", "[[\"NaN\"], [\"-Infinity\"]]", "[[\"-Infinity\"], [\"NaN\"]]"),
            "");
  EXPECT_NE(Compare("a DOUBLE", "[[-0.0]]", "[[0.0]]"), "");
  EXPECT_NE(Compare("a DOUBLE", "[[-0.0]]", "[[0.0]]", tolerant), "");
  EXPECT_NE(Compare("a DOUBLE", "[[0.1]]", "[[0.10000000000000002]]"), "");
  EXPECT_EQ(Compare("a DOUBLE", "[[0.1], [3]]", "[[3], [0.10000000000000002]]", tolerant), "");
  EXPECT_NE(Compare("a DOUBLE", "[[1.0]]", "[[1.00000000001]]", tolerant), "");
  EXPECT_EQ(
      Compare("a STRUCT<b: ARRAY<DOUBLE>>", "[[[[0.1]]]]", "[[[[0.10000000000000002]]]]", tolerant),
      "");
}

TEST(CompareRows, MapsAreSetsUnlessTheOrderCounts) {
  const char* ddl = "m MAP<STRING, INT>";
  const char* one = "[[[[\"a\", 1], [\"b\", null]]]]";
  const char* other = "[[[[\"b\", null], [\"a\", 1]]]]";
  EXPECT_EQ(Compare(ddl, one, other), "");
  EXPECT_NE(Compare(ddl, one, other, {.ordered = true}), "");
  EXPECT_NE(Compare(ddl, one, "[[[[\"a\", null], [\"b\", 1]]]]"), "");
}

TEST(JsonValues, EveryTypeIsReadExactly) {
  EXPECT_EQ(RowText(Rows("a BIGINT", "[[-9223372036854775808]]")[0]), "[-9223372036854775808]");
  EXPECT_EQ(RowText(Rows("a FLOAT", "[[0.1]]")[0]), "[0.1]");
  EXPECT_EQ(RowText(Rows("a DECIMAL(20, 2)", "[[\"-0.05\"]]")[0]), "[\"-0.05\"]");
  EXPECT_EQ(RowText(Rows("a STRING", "[[{\"bytes\": \"/w==\"}]]")[0]), "[\"\xff\"]");
  EXPECT_EQ(RowText(Rows("a BINARY", "[[\"AAEC/w==\"]]")[0]), "[\"AAEC/w==\"]");
  EXPECT_EQ(RowText(Rows("a DATE, b TIME(6)", "[[\"-0044-03-15\", \"23:59:59.999999000\"]]")[0]),
            "[\"-0044-03-15\", \"23:59:59.999999\"]");
  EXPECT_EQ(RowText(Rows("a TIMESTAMP", "[[\"1969-12-31T23:59:59.999999Z\"]]")[0]),
            "[\"1969-12-31 23:59:59.999999\"]");
  const Row first = Rows("a TIMESTAMP_NTZ", "[[\"-290308-12-21T19:59:05.224192\"]]")[0];
  EXPECT_EQ(first[0].int64(), INT64_MIN);
  EXPECT_EQ(RowText(Rows("a INTERVAL", "[[[1, -2, 3]]]")[0]), "[[1, -2, 3]]");
  EXPECT_FALSE(DecodeValue(nlohmann::json(1.5), IntType()).ok());
  EXPECT_FALSE(DecodeValue(nlohmann::json("x"), DateType()).ok());
}

}  // namespace
}  // namespace thalweg
