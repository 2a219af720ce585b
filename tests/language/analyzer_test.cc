// What names, stars, groupings and sorts come to mean, as trees with ids made dense; and Spark's
// conditions for what means nothing.
#include "analyzer/analyzer.h"

#include <gtest/gtest.h>

#include "connectors/memory/memory_table.h"
#include "data/ddl.h"
#include "sql/parser.h"

namespace thalweg {
namespace {

/// "#4711" -> "#1" for the first id of the text, and so on.
std::string WithDenseIds(const std::string& text) {
  std::map<std::string, int> ids;
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] != '#') continue;
    std::string id;
    while (i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9') id += text[++i];
    out += std::to_string(ids.emplace(id, ids.size() + 1).first->second);
  }
  return out;
}

class AnalyzerTest : public testing::Test {
 protected:
  AnalyzerTest() {
    context_.catalog = &catalog_;
    context_.functions = &FunctionRegistry::BuiltIn();
    context_.conf = &conf_;
    AddStream("ev", "ts TIMESTAMP, id INT, v BIGINT");
    AddStream("other", "id INT, w BIGINT");
  }

  void AddStream(const std::string& name, const std::string& ddl) {
    const Result<SchemaPtr> schema = ParseDdl(ddl);
    ASSERT_TRUE(schema.ok());
    streams_.push_back(std::make_unique<MemoryStream>(name, *schema));
    ASSERT_TRUE(catalog_.PutView(name, MakeRead(streams_.back()->table(), true), false).ok());
  }

  Result<RelationPtr> Typed(std::string_view query) {
    THALWEG_ASSIGN_OR_RETURN(const RelationPtr plan, ParseQuery(query, {}));
    return Analyze(plan, context_);
  }
  std::string Tree(std::string_view query) {
    const Result<RelationPtr> plan = Typed(query);
    return plan.ok() ? "\n" + WithDenseIds(ToTreeString(*plan)) : plan.status().ToString();
  }
  std::string Columns(std::string_view query) {
    const Result<RelationPtr> plan = Typed(query);
    if (!plan.ok()) return plan.status().ToString();
    std::string out;
    for (const AttributePtr& column : (*plan)->output) {
      out += (out.empty() ? "" : ", ") + column->column + " " + column->type->Sql();
    }
    return out;
  }
  std::string Condition(std::string_view query) {
    const Result<RelationPtr> plan = Typed(query);
    return plan.ok() ? "accepted" : plan.status().condition();
  }

  Conf conf_;
  Catalog catalog_;
  AnalyzerContext context_;
  std::vector<std::unique_ptr<MemoryStream>> streams_;
};

TEST_F(AnalyzerTest, ColumnsAreNamedAsInSpark) {
  EXPECT_EQ(Columns("SELECT *, ev.v + 1, -v, id = 1 AS same, count(*) OVER_ FROM ev GROUP BY ALL"),
            "ts TIMESTAMP, id INT, v BIGINT, (v + 1) BIGINT, (- v) BIGINT, same BOOLEAN, "
            "OVER_ BIGINT");
  EXPECT_EQ(Columns("SELECT e.* FROM ev AS e JOIN other o ON e.id = o.id"),
            "ts TIMESTAMP, id INT, v BIGINT");
  EXPECT_EQ(Columns("SELECT * FROM ev JOIN other USING (ID)"),
            "id INT, ts TIMESTAMP, v BIGINT, w BIGINT");
  EXPECT_EQ(Columns("SELECT * FROM (VALUES (1, 2), (3L, NULL)) AS t(a, b)"), "a BIGINT, b INT");
}

TEST_F(AnalyzerTest, AggregatesAreComputedOnceAndUsedAbove) {
  EXPECT_EQ(Tree("SELECT id, sum(v) + 1 AS s FROM ev GROUP BY id HAVING sum(v) > 10 ORDER BY "
                 "max(v) LIMIT 2"),
            "\n"
            "Limit 2\n"
            "  Project [id#1, s#2]\n"
            "    Sort [max(v)#3 ASC NULLS FIRST], is_global\n"
            "      Project [id#1, (sum(v)#4 + cast(1 as bigint)) AS s#2, max(v)#3]\n"
            "        Filter (sum(v)#4 > cast(10 as bigint))\n"
            "          Aggregate group: group_by, [id#1], [id#1, sum(v#5) AS sum(v)#4, max(v#5) AS "
            "max(v)#3]\n"
            "            SubqueryAlias alias: ev\n"
            "              Read MemoryStream[ev], is_streaming, columns: [0, 1, 2] -> [ts#6, id#1, "
            "v#5]\n");
}

TEST_F(AnalyzerTest, WindowsAreGroupings) {
  EXPECT_EQ(
      Tree("SELECT window, count(*) AS n FROM STREAM(ev) WATERMARK ts DELAY OF INTERVAL 10 "
           "SECONDS GROUP BY window(ts, '1 minute', '30 seconds')"),
      "\n"
      "Project [window#1-T10000ms, count(1)#2 AS n#3]\n"
      "  Aggregate group: group_by, [TimeWindow(ts#4-T10000ms, size_us: 60000000, slide_us: "
      "30000000, start_us: 0) AS window#1], [window#1-T10000ms, count() AS count(1)#2]\n"
      "    WithWatermark ts#4, delay_us: 10000000\n"
      "      SubqueryAlias alias: ev\n"
      "        Read MemoryStream[ev], is_streaming, columns: [0, 1, 2] -> [ts#4, id#5, v#6]\n");
}

TEST_F(AnalyzerTest, PositionsAndAliasesGroupAndSort) {
  EXPECT_EQ(
      Tree("SELECT id % 2 AS k, count(v) FROM ev GROUP BY 1 ORDER BY k DESC"),
      "\n"
      "Sort [k#1 DESC NULLS LAST], is_global\n"
      "  Project [(id % 2)#2 AS k#1, count(v)#3 AS count(v)#4]\n"
      "    Aggregate group: group_by, [(id#5 % 2) AS (id % 2)#2], [(id % 2)#2, count(v#6) AS "
      "count(v)#3]\n"
      "      SubqueryAlias alias: ev\n"
      "        Read MemoryStream[ev], is_streaming, columns: [0, 1, 2] -> [ts#7, id#5, v#6]\n");
}

TEST_F(AnalyzerTest, AViewStandsTwiceInAQuery) {
  EXPECT_EQ(
      Tree("SELECT a.v, b.v FROM ev a JOIN ev b ON a.id = b.id"),
      "\n"
      "Project [v#1, v#2]\n"
      "  Join join: inner, (id#3 == id#4)\n"
      "    SubqueryAlias alias: a\n"
      "      SubqueryAlias alias: ev\n"
      "        Read MemoryStream[ev], is_streaming, columns: [0, 1, 2] -> [ts#5, id#3, v#1]\n"
      "    SubqueryAlias alias: b\n"
      "      SubqueryAlias alias: ev\n"
      "        Read MemoryStream[ev], is_streaming, columns: [0, 1, 2] -> [ts#6, id#4, v#2]\n");
}

TEST_F(AnalyzerTest, WhatMeansNothingIsRefusedWithSparksCondition) {
  const std::pair<const char*, const char*> cases[] = {
      {"SELECT nope FROM ev", "UNRESOLVED_COLUMN.WITH_SUGGESTION"},
      {"SELECT nope", "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION"},
      {"SELECT x.* FROM ev", "CANNOT_RESOLVE_STAR_EXPAND"},
      {"SELECT * FROM nowhere", "TABLE_OR_VIEW_NOT_FOUND"},
      {"SELECT nofunc(v) FROM ev", "UNRESOLVED_ROUTINE"},
      {"SELECT id FROM ev JOIN other ON true", "AMBIGUOUS_REFERENCE"},
      {"SELECT id, sum(v) FROM ev", "MISSING_GROUP_BY"},
      {"SELECT id, sum(v) FROM ev GROUP BY v", "MISSING_AGGREGATION"},
      {"SELECT sum(sum(v)) FROM ev", "NESTED_AGGREGATE_FUNCTION"},
      {"SELECT 1 FROM ev WHERE sum(v) > 1", "INVALID_WHERE_CONDITION"},
      {"SELECT 1 FROM ev WHERE v", "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN"},
      {"SELECT v FROM ev GROUP BY 7", "GROUP_BY_POS_OUT_OF_RANGE"},
      {"SELECT sum(v) FROM ev GROUP BY 1", "GROUP_BY_POS_AGGREGATE"},
      {"SELECT v FROM ev ORDER BY 2", "ORDER_BY_POS_OUT_OF_RANGE"},
      {"SELECT v FROM ev LIMIT -1", "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE"},
      {"SELECT v FROM ev LIMIT 1L", "INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE"},
      {"SELECT v FROM ev UNION ALL SELECT id, w FROM other", "NUM_COLUMNS_MISMATCH"},
      {"SELECT * FROM ev JOIN other USING (v)", "UNRESOLVED_USING_COLUMN_FOR_JOIN"},
      {"SELECT * FROM ev JOIN other ON ev.id", "JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE"},
      {"WITH a AS (SELECT 1), A AS (SELECT 2) SELECT * FROM a", "DUPLICATED_CTE_NAMES"},
      {"SELECT * FROM VALUES (1, 2), (3)", "INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH"},
      {"SELECT 5 ^ 78.12", "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"},
      {"SELECT 5 & 3BD", "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE"},
      {"SELECT '5' & 1.5", "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE"},
      {"SELECT * FROM VALUES (1), (1 / 0)",
       "INVALID_INLINE_TABLE.FAILED_SQL_EXPRESSION_EVALUATION"},
      {"SELECT * FROM VALUES (raise_error('x'))",
       "INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE"},
      {"SELECT * FROM (SELECT 1) AS t(a, b)", "ASSIGNMENT_ARITY_MISMATCH"},
      {"SELECT :p", "UNBOUND_SQL_PARAMETER"},
      {"SELECT * FROM ev WATERMARK id DELAY OF INTERVAL 1 SECOND",
       "EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE"},
      {"SELECT window(ts, 'soon') FROM ev", "CANNOT_PARSE_INTERVAL"},
  };
  for (const auto& [query, condition] : cases) EXPECT_EQ(Condition(query), condition) << query;
}

TEST_F(AnalyzerTest, ErrorsNameThePlaceAndTheNearestName) {
  EXPECT_EQ(Typed("SELECT id,\n  vv FROM ev").status().ToString(),
            "[UNRESOLVED_COLUMN.WITH_SUGGESTION] There is no column `vv`. Did you mean one of `v`, "
            "`ts`, `id`? (line 2, column 3). SQLSTATE: 42703");
  EXPECT_EQ(Typed("SELECT * FROM evv").status().ToString(),
            "[TABLE_OR_VIEW_NOT_FOUND] There is no table or view `evv`. Did you mean `ev`? (line "
            "1, column 15). SQLSTATE: 42P01");
}

TEST_F(AnalyzerTest, ParametersStandForExpressions) {
  context_.named_parameters["p"] = MakeLiteral(Value::Int(7));
  context_.positional_parameters = {MakeLiteral(Value::Bigint(8))};
  EXPECT_EQ(Columns("SELECT :p AS a, ? AS b"), "a INT, b BIGINT");
}

TEST_F(AnalyzerTest, RowsOfValuesAreComputedInBatches) {
  std::string query = "VALUES (0)";
  for (int i = 1; i < kBatchRows + 10; ++i) query += ", (" + std::to_string(i) + ")";
  const Result<RelationPtr> plan = Typed(query);
  ASSERT_TRUE(plan.ok()) << plan.status().ToString();
  const auto* local = As<LocalRelation>(*plan);
  ASSERT_NE(local, nullptr);
  ASSERT_EQ(local->batches->size(), 2u);
  EXPECT_EQ(local->batches->at(0).row_count(), kBatchRows);
  EXPECT_EQ(local->batches->at(1).column(0).Get<int32_t>(9), kBatchRows + 9);
}

/// Stands for current_timestamp().
class TimeOfEpoch final : public BoundFunction {
 public:
  TimeOfEpoch() : BoundFunction(Signature()) {}

 private:
  static FunctionSignature Signature() {
    FunctionSignature signature;
    signature.name = "time_of_epoch";
    signature.result_type = TimestampType();
    signature.per_epoch = true;
    return signature;
  }
};

TEST_F(AnalyzerTest, ValuesThatReadTheTimeOfTheQueryAreComputedWhenItRuns) {
  auto call = std::make_shared<Call>();
  call->function = std::make_shared<TimeOfEpoch>();
  call->type = TimestampType();
  context_.named_parameters["now"] = call;
  EXPECT_EQ(Tree("SELECT * FROM VALUES (1, :now), (2, NULL) AS t(a, b)"),
            "\n"
            "Project [a#1, b#2]\n"
            "  SubqueryAlias alias: t\n"
            "    Project [col1#3 AS a#1, col2#4 AS b#2]\n"
            "      SetOperation operation: union, is_all\n"
            "        Project [1 AS col1#5, time_of_epoch() AS col2#6]\n"
            "          LocalRelation () -> []\n"
            "        Project [2 AS col1#7, cast(null as timestamp) AS col2#8]\n"
            "          LocalRelation () -> []\n");
  EXPECT_EQ(Condition("SELECT 1 LIMIT if(:now IS NULL, 1, 2)"), "THALWEG_NOT_SUPPORTED_YET");
}

TEST_F(AnalyzerTest, GeneratorsStandBelowTheList) {
  EXPECT_EQ(Condition("SELECT id, stack(2, id, v) FROM ev"),
            "DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES");
  EXPECT_EQ(Tree("SELECT id, stack(2, v, NULL, 3L, 'x') AS (a, b) FROM ev"),
            "\n"
            "Project [id#1, a#2, b#3]\n"
            "  Generate stack(2, v#4, null, 3, 'x'), [a#2, b#3]\n"
            "    SubqueryAlias alias: ev\n"
            "      Read MemoryStream[ev], is_streaming, columns: [0, 1, 2] -> [ts#5, id#1, v#4]\n");
  EXPECT_EQ(Columns("SELECT t.a, b FROM ev LATERAL VIEW OUTER stack(1, id, v) t AS a, b"),
            "a INT, b BIGINT");
  EXPECT_EQ(Columns("SELECT * FROM stack(2, 1, 'a', 2) AS s(x, y)"), "x INT, y STRING");
  EXPECT_EQ(Condition("SELECT stack(1, id, v) AS a FROM ev"), "UDTF_ALIAS_NUMBER_MISMATCH");
  EXPECT_EQ(Condition("SELECT id AS (a, b) FROM ev"), "MULTI_ALIAS_WITHOUT_GENERATOR");
  EXPECT_EQ(Condition("SELECT id FROM ev WHERE stack(1, true)"),
            "UNSUPPORTED_GENERATOR.OUTSIDE_SELECT");
  EXPECT_EQ(Condition("SELECT id + stack(1, id) FROM ev"),
            "UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS");
  EXPECT_EQ(Condition("SELECT stack(1, id), stack(1, id) FROM ev GROUP BY id"),
            "UNSUPPORTED_GENERATOR.MULTI_GENERATOR");
  EXPECT_EQ(Condition("SELECT stack(1, id), stack(1, id) FROM ev"), "accepted");
  EXPECT_EQ(Condition("SELECT * FROM ev LATERAL VIEW if(true, id, 1) t AS a"),
            "UNSUPPORTED_GENERATOR.NOT_GENERATOR");
}

TEST_F(AnalyzerTest, AWindowIsMadeByItsGroupingOrBelow) {
  EXPECT_EQ(Tree("SELECT window, count(*) FROM ev GROUP BY window(ts, '10 seconds')"),
            "\n"
            "Project [window#1, count(1)#2 AS count(1)#3]\n"
            "  Aggregate group: group_by, [TimeWindow(ts#4, size_us: 10000000, slide_us: 10000000, "
            "start_us: 0) AS window#1], [window#1, count() AS count(1)#2]\n"
            "    SubqueryAlias alias: ev\n"
            "      Read MemoryStream[ev], is_streaming, columns: [0, 1, 2] -> [ts#4, id#5, v#6]\n");
  EXPECT_EQ(
      Tree("SELECT id, window(ts, '10 seconds', '5 seconds') FROM ev"),
      "\n"
      "Project [id#1, window#2 AS window#3]\n"
      "  Generate TimeWindow(ts#4, size_us: 10000000, slide_us: 5000000, start_us: 0), [window#2]\n"
      "    SubqueryAlias alias: ev\n"
      "      Read MemoryStream[ev], is_streaming, columns: [0, 1, 2] -> [ts#4, id#1, v#5]\n");
  EXPECT_EQ(
      Tree("SELECT max(window_time(w)) FROM (SELECT window(ts, '5 seconds') AS w FROM ev)"),
      "\n"
      "Project [max(window_time(w))#1 AS max(window_time(w))#2]\n"
      "  Aggregate group: group_by, [], [max(window_time(w#3)) AS max(window_time(w))#1]\n"
      "    Project [window#4 AS w#3]\n"
      "      Generate TimeWindow(ts#5, size_us: 5000000, slide_us: 5000000, start_us: 0), "
      "[window#4]\n"
      "        SubqueryAlias alias: ev\n"
      "          Read MemoryStream[ev], is_streaming, columns: [0, 1, 2] -> [ts#5, id#6, v#7]\n");
  EXPECT_EQ(Condition("SELECT window_time(window), count(*) FROM ev GROUP BY window(ts, '1 day')"),
            "MISSING_AGGREGATION");
  EXPECT_EQ(Condition("SELECT count(*) FROM ev GROUP BY window(ts, '-5 seconds')"),
            "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE");
  EXPECT_EQ(Condition("SELECT window.start FROM ev GROUP BY window(ts, '0 seconds')"),
            "UNRESOLVED_COLUMN.WITH_SUGGESTION");
  EXPECT_EQ(Condition("SELECT window(ts, '5 seconds', '6 seconds') FROM ev"),
            "DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION");
  EXPECT_EQ(Condition("SELECT window(ts, INTERVAL '5' SECOND) FROM ev"), "_LEGACY_ERROR_TEMP_1207");
}

TEST_F(AnalyzerTest, GroupingSetsExpandTheirInput) {
  EXPECT_EQ(
      Tree("SELECT id, v, grouping(v) AS g, sum(v) FROM ev GROUP BY id, ROLLUP(v)"),
      "\n"
      "Project [id#1, v#2, $grouping_bit(spark_grouping_id#3) AS g#4, sum(v)#5 AS sum(v)#6]\n"
      "  Aggregate group: group_by, [spark_grouping_id#3, id#1, v#2], [spark_grouping_id#3, id#1, "
      "v#2, sum(v#7) AS sum(v)#5]\n"
      "    Expand [id#8, v#7, 0, id#8, null, 1], [id#1, v#2, spark_grouping_id#3]\n"
      "      SubqueryAlias alias: ev\n"
      "        Read MemoryStream[ev], is_streaming, columns: [0, 1, 2] -> [ts#9, id#8, v#7]\n");
  EXPECT_EQ(Condition("SELECT grouping_id(v, id) FROM ev GROUP BY CUBE(id, v)"),
            "GROUPING_ID_COLUMN_MISMATCH");
  EXPECT_EQ(Condition("SELECT grouping(ts) FROM ev GROUP BY CUBE(id, v)"),
            "GROUPING_COLUMN_MISMATCH");
  EXPECT_EQ(Condition("SELECT grouping(id) FROM ev GROUP BY id"),
            "UNSUPPORTED_GROUPING_EXPRESSION");
  EXPECT_EQ(Condition("SELECT grouping(id) FROM ev"), "UNSUPPORTED_GROUPING_EXPRESSION");
  EXPECT_EQ(Condition("SELECT v FROM ev GROUP BY GROUPING SETS ((id), (id))"),
            "MISSING_AGGREGATION");
}

}  // namespace
}  // namespace thalweg
