// Aggregate driven by Push: groups without windows.
#include <gtest/gtest.h>

#include "exec/operators.h"
#include "exec/test_output.h"

namespace thalweg {
namespace {

class AggregateTest : public testing::Test {
 protected:
  void Make(OutputMode mode, const std::vector<std::string>& key_ddls) {
    Grouping grouping;
    grouping.mode = mode;
    std::vector<StructField> fields;
    for (size_t i = 0; i < key_ddls.size(); ++i) {
      const int column = static_cast<int>(i);
      const TypePtr type = schema_->column(column).type;
      grouping.key_columns.push_back(column);
      grouping.key_types.push_back(type);
      grouping.output.push_back({GroupColumn::kKey, column});
      fields.push_back({key_ddls[i], type, true, ""});
    }
    const auto count = TestAggregate("count", {});
    const auto sum = TestAggregate("sum", {TestAttribute("v", BigintType())});
    grouping.output.push_back({GroupColumn::kAggregate, 0});
    grouping.output.push_back({GroupColumn::kAggregate, 1});
    grouping.output.push_back({GroupColumn::kAggregate, 2});
    for (const char* name : {"n", "s", "f"}) fields.push_back({name, BigintType(), true, ""});
    // count(*), sum(v), sum(v) FILTER (WHERE p)
    grouping.aggregates = AggregateList({{count, {}, -1}, {sum, {2}, -1}, {sum, {2}, 3}});
    grouping.schema = Schema::Make(std::move(fields));
    table_.emplace(OptionsOf(grouping), &budget_);
    made_ = NewAggregate(std::move(grouping), &*table_, &budget_);
    operator_ = made_.make();
  }

  std::string Run(const char* rows) {
    Epoch epoch;
    EXPECT_TRUE(made_.shared->BeginEpoch(epoch).ok());
    operator_->BeginEpoch(epoch);
    TestOutput out;
    EXPECT_TRUE(operator_->Push(0, MakeBatch(schema_, rows), out).ok());
    EXPECT_TRUE(operator_->EndInput(0, out).ok());
    const auto emission = operator_->EndEpoch(out);
    EXPECT_TRUE(emission.ok()) << emission.status().ToString();
    OperatorMetrics metrics;
    EXPECT_TRUE(made_.shared->EndEpoch(&metrics).ok());
    std::vector<std::string> lines;
    std::string text = out.Take();
    for (size_t at = 0, end; (end = text.find('\n', at)) != text.npos; at = end + 1) {
      lines.push_back(text.substr(at, end - at));
    }
    std::sort(lines.begin(), lines.end());
    text.clear();
    for (const std::string& line : lines) text += line + "\n";
    return text;
  }

  const SchemaPtr schema_ = MakeSchema("k STRING, j INT, v BIGINT, p BOOLEAN");
  MemoryBudget budget_{"test", MemoryBudget::kUnlimited, nullptr};
  std::optional<GroupTable> table_;
  StatefulOperator made_;
  std::unique_ptr<Operator> operator_;
};

TEST_F(AggregateTest, UpdateGivesTheGroupsThatTheEpochTouched) {
  Make(OutputMode::kUpdate, {"k"});
  EXPECT_EQ(Run("a, 1, 10, true\n b, 1, 5, false\n a, 1, 1, null"),
            "+U a, 2, 11, 10\n+U b, 1, 5, null\n");
  EXPECT_EQ(Run("null, 1, 7, true\n b, 1, 6, true"), "+U b, 2, 11, 6\n+U null, 1, 7, 7\n");
  EXPECT_EQ(Run(""), "");
  EXPECT_EQ(Run("null, 1, 1, false"), "+U null, 2, 8, 7\n");
  EXPECT_EQ(made_.logical_rows(), 3);
}

TEST_F(AggregateTest, CompleteGivesAllGroups) {
  Make(OutputMode::kComplete, {"k", "j"});
  EXPECT_EQ(Run("a, 1, 10, true\n a, 2, 5, false\n a, 1, 1, true"),
            "a, 1, 2, 11, 11\na, 2, 1, 5, null\n");
  EXPECT_EQ(Run("b, null, 1, true"), "a, 1, 2, 11, 11\na, 2, 1, 5, null\nb, null, 1, 1, 1\n");
  EXPECT_EQ(Run(""), "a, 1, 2, 11, 11\na, 2, 1, 5, null\nb, null, 1, 1, 1\n");
}

TEST_F(AggregateTest, WithoutKeysThereIsOneRowInEveryEpoch) {
  Make(OutputMode::kUpdate, {});
  EXPECT_EQ(Run(""), "+U 0, null, null\n");
  EXPECT_EQ(Run("a, 1, 10, true\n b, 1, 5, false"), "+U 2, 15, 10\n");
  EXPECT_EQ(Run(""), "+U 2, 15, 10\n");
}

TEST_F(AggregateTest, ManyGroupsComeInFullBatches) {
  Make(OutputMode::kComplete, {"k"});
  std::string rows, expected;
  for (int i = 0; i < kBatchRows; ++i) rows += "k" + std::to_string(i) + ", 1, 1, true\n";
  Run(rows.c_str());
  rows.clear();
  for (int i = 0; i < 500; ++i) rows += "l" + std::to_string(i) + ", 1, 1, true\n";
  const std::string text = Run(rows.c_str());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), kBatchRows + 500);
}

}  // namespace
}  // namespace thalweg
