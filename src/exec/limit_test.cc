// LIMIT of a stream: over its life, and over each complete result; UNION of streams.
#include <gtest/gtest.h>

#include "exec/test_batch.h"
#include "exec/test_epochs.h"

namespace thalweg {
namespace {

SchemaPtr Ints() {
  static const SchemaPtr schema = MakeSchema("i BIGINT");
  return schema;
}

std::vector<TestWorld> Worlds() {
  return {{1, kBatchRows, {}}, {3, kBatchRows, {0, 16 << 20, 0}}, {3, 100, {150, 2000, 0}}};
}

TEST(StreamLimitTest, CountsOverTheLifeOfTheQuery) {
  for (const TestWorld& world : Worlds()) {
    TestQuery query(
        Ints(), [](const RelationPtr& read) { return LimitTo(read, 4); }, OutputMode::kAppend,
        world);
    query.Add(MakeBatch(Ints(), "1\n2\n3\n"));
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(query.Rows(), "1\n2\n3\n");
    EXPECT_EQ(query.result().operators.back().rows_updated, 1);
    query.Add(MakeBatch(Ints(), "4\n5\n6\n"));
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(query.Rows(), "4\n");
    EXPECT_EQ(query.result().operators.back().rows_updated, 1);
    query.Add(MakeBatch(Ints(), "7\n"));
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(query.Rows(), "");
    EXPECT_EQ(query.result().operators.back().rows_updated, 0);
    EXPECT_EQ(query.result().read[0].rows, 1) << "a stream is read on";
    EXPECT_EQ(query.plan().nodes.back()->state.spark_name, "globalLimit");
    EXPECT_EQ(query.plan().nodes.back()->state.logical_rows(), 1);
  }
}

TEST(StreamLimitTest, OfZeroRowsKeepsNothing) {
  TestQuery query(Ints(), [](const RelationPtr& read) { return LimitTo(read, 0); },
                  OutputMode::kAppend, {});
  query.Add(MakeBatch(Ints(), "1\n"));
  ASSERT_TRUE(query.Run().ok());
  EXPECT_EQ(query.Rows(), "");
  EXPECT_FALSE(query.plan().nodes.back()->state.stateful);
}

TEST(StreamLimitTest, BelowAnAggregateInCompleteModeToo) {
  for (const TestWorld& world : Worlds()) {
    TestQuery query(
        Ints(),
        [](const RelationPtr& read) {
          return MakeAggregate(LimitTo(read, 2500), {}, {MakeAlias(TestCall("count", {}), "n")});
        },
        OutputMode::kComplete, world);
    std::string rows;
    for (int i = 0; i < 2000; ++i) rows += "1\n";
    query.Add(MakeBatch(Ints(), rows));
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(query.Rows(), "2000\n");
    query.Add(MakeBatch(Ints(), rows));
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(query.Rows(), "2500\n");
  }
}

TEST(StreamLimitTest, OfACompleteResultStartsAnewInEveryEpoch) {
  for (const TestWorld& world : Worlds()) {
    TestQuery query(
        Ints(),
        [](const RelationPtr& read) {
          const AttributePtr key = FindOutput(read, "i");
          const RelationPtr groups =
              MakeAggregate(read, {key}, {key, MakeAlias(TestCall("count", {}), "n")});
          return LimitTo(
              SortBy(groups, {By(groups, "n", false, false), By(groups, "i", true, true)}), 2);
        },
        OutputMode::kComplete, world);
    query.Add(MakeBatch(Ints(), "5\n6\n6\n7\n7\n7\n"));
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(query.Rows(), "7, 3\n6, 2\n");
    query.Add(MakeBatch(Ints(), "5\n5\n5\n"));
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(query.Rows(), "5, 4\n7, 3\n");
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(query.Rows(), "5, 4\n7, 3\n");
  }
}

TEST(StreamLimitTest, RefusesWhatIsNoLimitOfAppends) {
  const auto env = NewPosixEnv(1);
  MemoryBudget budget("test", MemoryBudget::kUnlimited, nullptr);
  MemoryStream stream("events", Ints());
  const RelationPtr read = MakeRead(stream.table(), true);
  const auto condition = [&](const RelationPtr& relation, OutputMode mode) {
    StateStore state(*env, &budget, StateStoreOptions());
    PlannerContext context;
    context.env = env.get();
    context.state = &state;
    context.budget = &budget;
    context.mode = mode;
    const auto plan = PlanPhysical(relation, context);
    return plan.ok() ? std::string("planned") : plan.status().condition();
  };
  EXPECT_EQ(condition(LimitTo(read, 3), OutputMode::kUpdate), "THALWEG_NOT_SUPPORTED_YET");
  EXPECT_EQ(condition(LimitTo(read, 3), OutputMode::kAppend), "planned");
  EXPECT_EQ(condition(Skip(read, 3), OutputMode::kAppend), "THALWEG_NOT_SUPPORTED_YET");
  EXPECT_EQ(condition(SortBy(read, {By(read, "i", true, true)}), OutputMode::kComplete),
            "THALWEG_NOT_SUPPORTED_YET");
}

}  // namespace
}  // namespace thalweg
