// Batch queries over rows known at planning, on one lane and on three.
#include "exec/batch_query.h"

#include <gtest/gtest.h>

#include "exec/test_batch.h"

namespace thalweg {
namespace {

TEST(BatchQueryTest, RowsComeOutInTheirOrder) {
  std::string rows, expected;
  for (int i = 0; i < 5000; ++i)
    rows += std::to_string(i) + ", a string of length " + std::to_string(i) + "\n";
  const RelationPtr local = TestLocal("i INT, s STRING", rows);
  const RelationPtr filter =
      MakeFilter(local, TestCall(">", {FindOutput(local, "i"), MakeLiteral(Value::Int(3))}));
  for (int i = 4; i < 5000; ++i)
    expected += std::to_string(i) + ", a string of length " + std::to_string(i) + "\n";
  for (const TestBatchWorld& world : TestBatchWorlds())
    EXPECT_EQ(RunTestBatch(filter, world), expected);
}

TEST(BatchQueryTest, EmptyAndWithoutColumns) {
  for (const TestBatchWorld& world : TestBatchWorlds()) {
    EXPECT_EQ(RunTestBatch(TestLocal("i INT", ""), world), "");
    const RelationPtr none = TestLocal("", "…\n…\n…");
    const RelationPtr project = MakeProject(none, {MakeAlias(MakeLiteral(Value::Int(7)), "x")});
    EXPECT_EQ(RunTestBatch(project, world), "7\n7\n7\n");
    const RelationPtr count = MakeAggregate(none, {}, {MakeAlias(TestCall("count", {}), "n")});
    EXPECT_EQ(RunTestBatch(count, world), "3\n");
  }
}

TEST(BatchQueryTest, TheErrorIsThatOfTheLowestRow) {
  for (const bool zero_first : {true, false}) {
    std::string rows;
    for (int i = 0; i < 4000; ++i) {
      const bool fails = i > 1500, by_zero = (i < 2500) == zero_first;
      rows += !fails ? "1, 1\n" : by_zero ? "0, 1\n" : "2, 2147483647\n";
    }
    const RelationPtr local = TestLocal("i INT, j INT", rows);
    const std::vector<ExprPtr> arguments = {FindOutput(local, "j"), FindOutput(local, "i")};
    const RelationPtr project = MakeProject(local, {MakeAlias(TestCall("%", arguments), "x"),
                                                    MakeAlias(TestCall("*", arguments), "y")});
    for (const TestBatchWorld& world : TestBatchWorlds()) {
      const std::string error = RunTestBatch(project, world);
      EXPECT_EQ(error.substr(0, error.find(']')),
                zero_first ? "[REMAINDER_BY_ZERO" : "[ARITHMETIC_OVERFLOW")
          << error;
    }
  }
}

TEST(BatchQueryTest, AliasesAndDistributionChangeNothing) {
  const RelationPtr local = TestLocal("i INT", "1\n2\n");
  auto alias = std::make_shared<SubqueryAlias>();
  alias->input = local;
  alias->alias = "t";
  DeriveOutput(alias.get());
  auto repartition = std::make_shared<Repartition>();
  repartition->input = alias;
  DeriveOutput(repartition.get());
  for (const TestBatchWorld& world : TestBatchWorlds()) {
    EXPECT_EQ(RunTestBatch(repartition, world), "1\n2\n");
  }
}

TEST(BatchQueryTest, MoreRowsThanTheBudgetHolds) {
  std::string rows;
  for (int i = 0; i < 4000; ++i) rows += std::to_string(i) + "\n";
  const RelationPtr local = TestLocal("i BIGINT", rows);
  const auto env = NewPosixEnv(1);
  MemoryBudget budget("query", 10'000, nullptr);
  BatchQueryOptions options;
  options.env = env.get();
  options.budget = &budget;
  const auto result = RunBatch(local, options);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().condition(), "THALWEG_MEMORY_LIMIT_EXCEEDED");
  EXPECT_EQ(budget.used_bytes(), 0);
}

}  // namespace
}  // namespace thalweg
