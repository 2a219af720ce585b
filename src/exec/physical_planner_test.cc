// Typed logical plans and the physical trees that they become.
#include <gtest/gtest.h>

#include "connectors/memory/memory_table.h"
#include "exec/physical_plan.h"
#include "exec/test_output.h"

namespace thalweg {
namespace {

constexpr int64_t kSecond = 1'000'000;

class PlannerTest : public testing::Test {
 protected:
  Result<std::unique_ptr<PhysicalPlan>> Plan(const RelationPtr& relation, OutputMode mode) {
    // A store for each plan: two plans of one test may keep the same thing.
    state_ = std::make_unique<StateStore>(*env_, &budget_, StateStoreOptions());
    PlannerContext context;
    context.env = env_.get();
    context.state = state_.get();
    context.budget = &budget_;
    context.mode = mode;
    return PlanPhysical(relation, context);
  }
  /// The tree, attribute ids taken out.
  std::string Tree(const RelationPtr& relation, OutputMode mode) {
    const auto plan = Plan(relation, mode);
    if (!plan.ok()) return plan.status().ToString();
    std::string tree = ToTreeString(**plan), text;
    for (size_t i = 0; i < tree.size(); ++i) {
      if (tree[i] != '#') {
        text += tree[i];
        continue;
      }
      while (i + 1 < tree.size() && isdigit(tree[i + 1])) ++i;
    }
    return text;
  }
  std::vector<std::string> Containers(const RelationPtr& relation, OutputMode mode) {
    const auto plan = Plan(relation, mode);
    EXPECT_TRUE(plan.ok()) << plan.status().ToString();
    std::vector<std::string> names;
    for (const auto& [name, metrics] : state_->metrics_by_container()) names.push_back(name);
    return names;
  }

  ExprPtr Column(const RelationPtr& relation, const char* name) {
    return FindOutput(relation, name);
  }
  ExprPtr Int(int value) { return MakeLiteral(Value::Int(value)); }

  const std::unique_ptr<Env> env_ = NewPosixEnv(1);
  MemoryBudget budget_{"test", MemoryBudget::kUnlimited, nullptr};
  std::unique_ptr<StateStore> state_;
  MemoryStream stream_{"events", MakeSchema("ts TIMESTAMP, k STRING, v BIGINT")};
  const RelationPtr read_ = MakeRead(stream_.table(), true);
  const RelationPtr watermarked_ = MakeWithWatermark(read_, FindOutput(read_, "ts"), 5 * kSecond);
};

TEST_F(PlannerTest, FilterAndWindowedCount) {
  const RelationPtr filter = MakeFilter(
      watermarked_, TestCall(">", {Column(watermarked_, "v"), MakeLiteral(Value::Bigint(0))}));
  const ExprPtr window =
      MakeAlias(MakeTimeWindow(Column(filter, "ts"), 10 * kSecond, 10 * kSecond, 0), "window");
  const RelationPtr aggregate = MakeAggregate(
      filter, {window, Column(filter, "k")},
      {ToAttribute(window), Column(filter, "k"), MakeAlias(TestCall("count", {}), "n")});
  EXPECT_EQ(Tree(aggregate, OutputMode::kAppend),
            "WindowAggregate (keys: k, aggregates: count() BIGINT, size: 10 s, slide: 10 s)\n"
            "  Exchange by k\n"
            "    Project (expressions: k, ts-T5000ms)\n"
            "      Filter (condition: (v > 0))\n"
            "        EventTime (column: ts)\n"
            "          Read MemoryStream[events] (ts TIMESTAMP,k STRING,v BIGINT)\n");
  const auto plan = Plan(aggregate, OutputMode::kAppend);
  ASSERT_TRUE(plan.ok());
  const PhysicalNode& root = *(*plan)->root.node;
  EXPECT_TRUE(root.state.stateful);
  EXPECT_TRUE(root.state.uses_event_time);
  EXPECT_EQ((*plan)->nodes.front()->watermark_delay_us, 5 * kSecond);
  EXPECT_FALSE((*plan)->truncates_each_epoch);
}

TEST_F(PlannerTest, ColumnsThatAreAllNeededAreNotProjected) {
  const RelationPtr aggregate =
      MakeAggregate(read_, {Column(read_, "k")},
                    {MakeAlias(TestCall("sum", {Column(read_, "v")}), "s"), Column(read_, "k"),
                     MakeAlias(TestCall("max", {Column(read_, "ts")}), "t")});
  EXPECT_EQ(Tree(aggregate, OutputMode::kUpdate),
            "Aggregate (keys: k, aggregates: max(ts) TIMESTAMP, sum(v) BIGINT)\n"
            "  Exchange by k\n"
            "    Read MemoryStream[events] (ts TIMESTAMP,k STRING,v BIGINT)\n");
}

TEST_F(PlannerTest, GlobalAggregatesRunOnOneLane) {
  const RelationPtr aggregate =
      MakeAggregate(read_, {}, {MakeAlias(TestCall("sum", {Column(read_, "v")}), "s")});
  EXPECT_EQ(Tree(aggregate, OutputMode::kComplete),
            "Aggregate (keys: , aggregates: sum(v) BIGINT)\n"
            "  Exchange to one lane\n"
            "    Project (expressions: v)\n"
            "      Read MemoryStream[events] (ts TIMESTAMP,k STRING,v BIGINT)\n");
}

TEST_F(PlannerTest, ContainersAreNamedByMeaning) {
  const auto aggregate = [&](const char* first, const char* second) {
    const RelationPtr read = MakeRead(stream_.table(), true);
    return MakeAggregate(read, {Column(read, "k")},
                         {MakeAlias(TestCall(first, {Column(read, "v")}), "a"),
                          MakeAlias(TestCall(second, {Column(read, "v")}), "b")});
  };
  const auto one = Containers(aggregate("sum", "max"), OutputMode::kUpdate);
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one, Containers(aggregate("max", "sum"), OutputMode::kUpdate));
  EXPECT_NE(one, Containers(aggregate("min", "sum"), OutputMode::kUpdate));
}

TEST_F(PlannerTest, AnAggregateThatIsAskedForTwiceIsKeptOnce) {
  const RelationPtr twice =
      MakeAggregate(read_, {Column(read_, "k")},
                    {MakeAlias(TestCall("sum", {Column(read_, "v")}), "a"), Column(read_, "k"),
                     MakeAlias(TestCall("sum", {Column(read_, "v")}), "b"), Column(read_, "k")});
  EXPECT_EQ(Tree(twice, OutputMode::kUpdate),
            "Aggregate (keys: k, aggregates: sum(v) BIGINT)\n"
            "  Exchange by k\n"
            "    Project (expressions: k, v)\n"
            "      Read MemoryStream[events] (ts TIMESTAMP,k STRING,v BIGINT)\n");
}

TEST_F(PlannerTest, RefusesWhatIsNotBuilt) {
  const auto condition = [&](const RelationPtr& relation, OutputMode mode) {
    const auto plan = Plan(relation, mode);
    return plan.ok() ? std::string("planned") : plan.status().condition();
  };
  const RelationPtr unwindowed =
      MakeAggregate(read_, {Column(read_, "k")}, {MakeAlias(TestCall("count", {}), "n")});
  EXPECT_EQ(condition(unwindowed, OutputMode::kAppend), "THALWEG_NOT_SUPPORTED_YET");
  EXPECT_EQ(condition(unwindowed, OutputMode::kUpdate), "planned");
  const RelationPtr by_time = MakeAggregate(watermarked_, {Column(watermarked_, "ts")},
                                            {MakeAlias(TestCall("count", {}), "n")});
  EXPECT_EQ(condition(by_time, OutputMode::kUpdate), "planned");
  EXPECT_EQ(condition(by_time, OutputMode::kComplete), "planned");
}

}  // namespace
}  // namespace thalweg
