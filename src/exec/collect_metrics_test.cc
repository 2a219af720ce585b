// Metrics of rows that pass: anew in each epoch, the same on one and several lanes.
#include <gtest/gtest.h>

#include "exec/test_batch.h"
#include "exec/test_epochs.h"

namespace thalweg {
namespace {

RelationPtr Observe(const RelationPtr& input, std::vector<ExprPtr> metrics) {
  auto observed = std::make_shared<CollectMetrics>();
  observed->input = input;
  observed->metric = "seen";
  observed->metrics = std::move(metrics);
  DeriveOutput(observed.get());
  return observed;
}

std::vector<ExprPtr> Metrics(const RelationPtr& input) {
  const AttributePtr v = input->output[0];
  return {MakeAlias(TestCall("count", {}), "rows"),
          MakeAlias(TestCall("+", {TestCall("sum", {v}), MakeLiteral(Value::Bigint(1))}), "more"),
          MakeAlias(TestCall("max", {v}), "most")};
}

RelationPtr Large(const RelationPtr& input) {
  return MakeFilter(input, TestCall(">", {input->output[0], MakeLiteral(Value::Bigint(100))}));
}

TEST(CollectMetricsTest, EachEpochHasMetricsOfItsRows) {
  const TestBatchWorld several = TestBatchWorlds()[1];
  std::vector<TestWorld> worlds(2);
  worlds[1].workers = 3;
  worlds[1].batch_rows = 7;
  worlds[1].runner = several.runner;
  for (const TestWorld& world : worlds) {
    TestQuery query(
        MakeSchema("v BIGINT"),
        [](const RelationPtr& read) { return Large(Observe(read, Metrics(read))); },
        OutputMode::kAppend, world);
    std::string rows;
    for (int i = 1; i <= 500; ++i) rows += std::to_string(i) + "\n";
    query.Add(MakeBatch("v BIGINT", rows));
    ASSERT_TRUE(query.Run().ok());
    ASSERT_EQ(query.result().observed.size(), 1u);
    EXPECT_EQ(query.result().observed[0].name, "seen");
    EXPECT_EQ(RowTexts(query.result().observed[0].row)[0], "500, 125251, 500");
    EXPECT_EQ(query.result().rows_out, 400);
    query.Add(MakeBatch("v BIGINT", "7"));
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(RowTexts(query.result().observed[0].row)[0], "1, 8, 7");
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(RowTexts(query.result().observed[0].row)[0], "0, null, null");
  }
}

TEST(CollectMetricsTest, ABatchQueryGivesThemWhenItEnds) {
  const auto env = NewPosixEnv(1);
  MemoryBudget budget("test", MemoryBudget::kUnlimited, nullptr);
  std::vector<ObservedMetrics> observed;
  BatchQueryOptions options;
  options.env = env.get();
  options.budget = &budget;
  options.observed = &observed;
  const RelationPtr local = TestLocal("v BIGINT", "1\n 200");
  ASSERT_TRUE(RunBatch(Large(Observe(local, Metrics(local))), options).ok());
  ASSERT_EQ(observed.size(), 1u);
  EXPECT_EQ(RowTexts(observed[0].row)[0], "2, 202, 200");
}

}  // namespace
}  // namespace thalweg
