// Filter, Project and EventTime, each alone.
#include <gtest/gtest.h>

#include "exec/operators.h"
#include "exec/test_output.h"

namespace thalweg {
namespace {

class StatelessTest : public testing::Test {
 protected:
  std::unique_ptr<Operator> Filter(const ExprPtr& condition) {
    auto made = NewFilter(condition, input_);
    EXPECT_TRUE(made.ok()) << made.status().ToString();
    (*made)->BeginEpoch(Epoch());
    return std::move(*made);
  }
  std::unique_ptr<Operator> Project(const std::vector<ExprPtr>& expressions, const char* ddl) {
    auto made = NewProject(expressions, input_, MakeSchema(ddl));
    EXPECT_TRUE(made.ok()) << made.status().ToString();
    (*made)->BeginEpoch(Epoch());
    return std::move(*made);
  }
  ExprPtr Int(int value) { return MakeLiteral(Value::Int(value)); }

  const AttributePtr a_ = TestAttribute("a", IntType());
  const AttributePtr b_ = TestAttribute("b", IntType());
  const std::vector<AttributePtr> input_ = {a_, b_};
  const Batch batch_ = MakeBatch("a INT, b INT", "1, 10\n 2, 0\n 3, null\n 4, 40\n null, 50");
  TestOutput out_;
};

TEST_F(StatelessTest, FilterKeepsRowsForWhichTheConditionIsTrue) {
  auto filter = Filter(TestCall(">", {b_, Int(5)}));
  ASSERT_TRUE(filter->Push(0, batch_, out_).ok());
  EXPECT_EQ(out_.Take(), "1, 10\n4, 40\nnull, 50\n");
  EXPECT_EQ(filter->metrics().rows_in, 5);
  EXPECT_EQ(filter->metrics().rows_out, 3);
}

TEST_F(StatelessTest, FilterPassesTheBatchItselfOnWhenAllRowsStayAndNothingWhenNoneDoes) {
  auto all = Filter(TestCall("<", {Int(0), Int(1)}));
  ASSERT_TRUE(all->Push(0, batch_, out_).ok());
  EXPECT_EQ(out_.batches(), 1);
  auto none = Filter(TestCall(">", {a_, Int(100)}));
  ASSERT_TRUE(none->Push(0, batch_, out_).ok());
  EXPECT_EQ(out_.batches(), 1);
}

TEST_F(StatelessTest, FiltersNarrowASelectionThatIsThere) {
  auto first = Filter(TestCall(">", {a_, Int(1)}));
  auto second = Filter(TestCall("<", {a_, Int(4)}));
  struct Next final : Output {
    Result<Flow> Write(const Batch& batch) override { return to->Push(0, batch, *out); }
    Operator* to = nullptr;
    Output* out = nullptr;
  } next;
  next.to = second.get();
  next.out = &out_;
  ASSERT_TRUE(first->Push(0, batch_, next).ok());
  EXPECT_EQ(out_.Take(), "2, 0\n3, null\n");
}

TEST_F(StatelessTest, AFailingFilterPassesTheRowsBeforeOnAndNamesTheRow) {
  // 10 / b > 0 fails at row 1.
  auto filter = Filter(TestCall(">", {TestCall("div", {Int(100), b_}), Int(0)}));
  const auto flow = filter->Push(0, batch_, out_);
  ASSERT_FALSE(flow.ok());
  EXPECT_EQ(flow.status().condition(), "DIVIDE_BY_ZERO");
  EXPECT_EQ(filter->failed_row(), 1);
  EXPECT_EQ(out_.Take(), "1, 10\n");
}

TEST_F(StatelessTest, ProjectComputesAndSharesColumns) {
  auto project = Project({b_, TestCall("+", {a_, Int(100)}), a_}, "b INT, s INT, a INT");
  ASSERT_TRUE(project->Push(0, batch_, out_).ok());
  EXPECT_EQ(out_.Take(), "10, 101, 1\n0, 102, 2\nnull, 103, 3\n40, 104, 4\n50, null, null\n");
}

TEST_F(StatelessTest, AFailingProjectPassesTheRowsBeforeOnAndNamesTheRow) {
  auto project = Project({TestCall("div", {Int(100), b_})}, "d BIGINT");
  const auto flow = project->Push(0, batch_, out_);
  ASSERT_FALSE(flow.ok());
  EXPECT_EQ(project->failed_row(), 1);
  EXPECT_EQ(out_.Take(), "10\n");
}

TEST_F(StatelessTest, ProjectComputesSelectedRowsOnly) {
  Batch selected = batch_;
  selected.MutableSelection()[0] = 3;
  selected.SetSelected(1);
  auto project = Project({TestCall("div", {Int(100), b_})}, "d BIGINT");
  ASSERT_TRUE(project->Push(0, selected, out_).ok());
  EXPECT_EQ(out_.Take(), "2\n");
}

TEST_F(StatelessTest, EventTimeObservesSelectedRowsAndCountsNullAsTheEpoch) {
  auto node = NewEventTime(0, "t");
  node->BeginEpoch(Epoch());
  Batch batch = MakeBatch("t TIMESTAMP, v INT",
                          "1970-01-01 00:00:05, 1\n 1970-01-01 00:00:30, 2\n"
                          "1970-01-01 00:00:20, 3\n 1969-12-31 23:59:58, 4");
  ASSERT_TRUE(node->Push(0, batch, out_).ok());
  EXPECT_EQ(node->metrics().event_time.max_us, 30'000'000);
  EXPECT_EQ(node->metrics().event_time.min_us, -2'000'000);
  EXPECT_EQ(node->metrics().event_time.count, 4);
  EXPECT_EQ(static_cast<int64_t>(node->metrics().event_time.sum_us), 53'000'000);

  node->BeginEpoch(Epoch());
  batch.mutable_column(0).SetNull(1);
  batch.MutableSelection()[0] = 0;
  batch.MutableSelection()[1] = 1;
  batch.SetSelected(2);
  ASSERT_TRUE(node->Push(0, batch, out_).ok());
  EXPECT_EQ(node->metrics().event_time.max_us, 5'000'000);
  EXPECT_EQ(node->metrics().event_time.min_us, 0);
  EXPECT_EQ(node->metrics().event_time.count, 2);
}

}  // namespace
}  // namespace thalweg
