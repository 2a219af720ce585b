// Joins of a stream with static sides: these are batch queries of every epoch.
#include <gtest/gtest.h>

#include "exec/test_tables.h"

namespace thalweg {
namespace {

constexpr TestWorld kWorlds[] = {{1, kBatchRows, {}}, {1, 1, {}}, {3, 1, {0, 16 << 20, 0}}};

class StreamJoinTest : public testing::Test {
 protected:
  static std::shared_ptr<TestTable> Table(const char* name, const char* ddl) {
    return std::make_shared<TestTable>(name, MakeSchema(ddl), 1);
  }
  static void Add(TestTable& table, const char* rows, int batch_rows = kBatchRows) {
    table.Add(MakeBatch(table.info().schema, rows), batch_rows);
  }
  static ExprPtr SameKey(const RelationPtr& left, const RelationPtr& right) {
    return TestCall("==", {FindOutput(left, "k"), FindOutput(right, "k")});
  }
  std::string RunEpoch(TablesQuery& query) {
    const Status status = query.Run();
    return status.ok() ? query.Rows() : status.ToString();
  }
  std::string WhyRefused(JoinKind kind, bool left_streams, bool right_streams) {
    const RelationPtr left = MakeRead(events_, left_streams);
    const RelationPtr right = MakeRead(names_, right_streams);
    const auto env = NewPosixEnv(1);
    MemoryBudget budget("test", MemoryBudget::kUnlimited, nullptr);
    StateStore state(*env, &budget, StateStoreOptions());
    PlannerContext context;
    context.env = env.get();
    context.state = &state;
    context.budget = &budget;
    const auto plan = PlanPhysical(TestJoin(kind, left, right, SameKey(left, right)), context);
    return plan.ok() ? "" : plan.status().condition();
  }

  const std::shared_ptr<TestTable> events_ = Table("events", "k INT, v INT");
  const std::shared_ptr<TestTable> names_ = Table("names", "k INT, name STRING");
};

TEST_F(StreamJoinTest, TheStaticSideIsReadAgainInEveryEpoch) {
  for (const TestWorld& world : kWorlds) {
    const auto events = Table("events", "k INT, v INT"),
               names = Table("names", "k INT, name STRING");
    const RelationPtr left = MakeRead(events, true), right = MakeRead(names, false);
    TablesQuery query(TestJoin(JoinKind::kLeftOuter, left, right, SameKey(left, right)),
                      OutputMode::kAppend, world);
    Add(*names, "1, one\n 2, two", world.batch_rows);
    Add(*events, "2, 20\n 3, 30\n null, 0\n 1, 10", world.batch_rows);
    EXPECT_EQ(RunEpoch(query),
              "2, 20, 2, two\n3, 30, null, null\nnull, 0, null, null\n1, 10, 1, one\n");
    Add(*names, "3, three\n 2, zwei\n null, nothing", world.batch_rows);
    Add(*events, "3, 31\n 2, 21\n null, 1", world.batch_rows);
    EXPECT_EQ(RunEpoch(query),
              "3, 31, 3, three\n2, 21, 2, two\n2, 21, 2, zwei\nnull, 1, null, null\n");
    EXPECT_EQ(query.result().read[1].rows, 5);
  }
}

TEST_F(StreamJoinTest, TheStreamMayStandOnEitherSide) {
  Add(*names_, "1, one\n 2, two\n 4, four");
  const auto run = [&](JoinKind kind, bool stream_is_left) {
    const auto events = Table("events", "k INT, v INT");
    Add(*events, "2, 20\n 3, 30\n 1, 10");
    const RelationPtr stream = MakeRead(events, true), table = MakeRead(names_, false);
    const RelationPtr& left = stream_is_left ? stream : table;
    const RelationPtr& right = stream_is_left ? table : stream;
    TablesQuery query(TestJoin(kind, left, right, SameKey(left, right)), OutputMode::kAppend, {});
    return RunEpoch(query);
  };
  EXPECT_EQ(run(JoinKind::kInner, true), "2, 20, 2, two\n1, 10, 1, one\n");
  EXPECT_EQ(run(JoinKind::kLeftSemi, true), "2, 20\n1, 10\n");
  EXPECT_EQ(run(JoinKind::kLeftAnti, true), "3, 30\n");
  EXPECT_EQ(run(JoinKind::kInner, false), "2, two, 2, 20\n1, one, 1, 10\n");
  EXPECT_EQ(run(JoinKind::kRightOuter, false), "2, two, 2, 20\nnull, null, 3, 30\n1, one, 1, 10\n");
}

TEST_F(StreamJoinTest, JoinsWhoseStaticRowsWouldHaveToWaitAreRefused) {
  const std::string refused = "THALWEG_NOT_SUPPORTED_YET";
  for (const JoinKind kind : {JoinKind::kInner, JoinKind::kLeftOuter, JoinKind::kLeftSemi}) {
    EXPECT_EQ(WhyRefused(kind, true, true), refused);
    EXPECT_EQ(WhyRefused(kind, true, false), "");
    EXPECT_EQ(WhyRefused(kind, false, false), "");
  }
  EXPECT_EQ(WhyRefused(JoinKind::kRightOuter, true, false), refused);
  EXPECT_EQ(WhyRefused(JoinKind::kFullOuter, true, false), refused);
  EXPECT_EQ(WhyRefused(JoinKind::kRightOuter, false, true), "");
  for (const JoinKind kind :
       {JoinKind::kLeftOuter, JoinKind::kFullOuter, JoinKind::kLeftSemi, JoinKind::kLeftAnti}) {
    EXPECT_EQ(WhyRefused(kind, false, true), refused);
  }
}

TEST_F(StreamJoinTest, ATableOfTheSameVersionIsKept) {
  const RelationPtr left = MakeRead(events_, true), right = MakeRead(names_, false);
  TablesQuery query(TestJoin(JoinKind::kInner, left, right, SameKey(left, right)),
                    OutputMode::kAppend, {});
  names_->set_version("1");
  const auto epoch = [&](const char* events) {
    Add(*events_, events);
    const std::string rows = RunEpoch(query);
    return rows + std::to_string(query.result().read[1].rows) + " read";
  };
  Add(*names_, "1, one\n 2, two");
  EXPECT_EQ(epoch("1, 10"), "1, 10, 1, one\n2 read");
  EXPECT_EQ(epoch("2, 20"), "2, 20, 2, two\n0 read");
  Add(*names_, "2, zwei");  // a table that lies: nobody looks
  EXPECT_EQ(epoch("2, 21"), "2, 21, 2, two\n0 read");
  names_->set_version("2");
  EXPECT_EQ(epoch("2, 22"), "2, 22, 2, two\n2, 22, 2, zwei\n3 read");
  EXPECT_EQ(epoch("2, 23"), "2, 23, 2, two\n2, 23, 2, zwei\n0 read");
  names_->set_version("");
  EXPECT_EQ(epoch("1, 12"), "1, 12, 1, one\n3 read");
  EXPECT_EQ(epoch("1, 13"), "1, 13, 1, one\n3 read");
}

TEST_F(StreamJoinTest, AnAggregateOnTheStaticSideBeginsAnewInEveryEpoch) {
  for (const TestWorld& world : kWorlds) {
    const auto events = Table("events", "k INT, v INT"),
               names = Table("names", "k INT, name STRING");
    const RelationPtr read = MakeRead(names, false);
    const ExprPtr count = MakeAlias(TestCall("count", {}), "n");
    const RelationPtr counts =
        MakeAggregate(read, {FindOutput(read, "k")}, {FindOutput(read, "k"), count});
    const RelationPtr left = MakeRead(events, true);
    TablesQuery query(TestJoin(JoinKind::kInner, left, counts, SameKey(left, counts)),
                      OutputMode::kAppend, world);
    Add(*names, "1, one\n 2, two\n 1, uno", world.batch_rows);
    Add(*events, "2, 20\n 1, 10", world.batch_rows);
    EXPECT_EQ(RunEpoch(query), "2, 20, 2, 1\n1, 10, 1, 2\n");
    Add(*names, "2, zwei\n 2, deux", world.batch_rows);
    Add(*events, "2, 21\n 1, 11", world.batch_rows);
    EXPECT_EQ(RunEpoch(query), "2, 21, 2, 3\n1, 11, 1, 2\n");
    // It is no state of the stream.
    EXPECT_TRUE(query.state().metrics_by_container().empty());
    for (const auto& node : query.plan().nodes) EXPECT_FALSE(node->state.stateful);
  }
}

TEST_F(StreamJoinTest, SoDoesALimitOfSortedRows) {
  const RelationPtr read = MakeRead(names_, false);
  auto order = std::make_shared<SortOrder>();
  order->child = FindOutput(read, "name");
  order->type = order->child->type;
  auto sort = std::make_shared<Sort>();
  sort->input = read;
  sort->order = {order};
  DeriveOutput(sort.get());
  auto first = std::make_shared<Limit>();
  first->input = RelationPtr(sort);
  first->limit = MakeLiteral(Value::Int(2));
  DeriveOutput(first.get());
  const RelationPtr left = MakeRead(events_, true), right = first;
  TablesQuery query(TestJoin(JoinKind::kInner, left, right, nullptr), OutputMode::kAppend, {});
  Add(*names_, "3, c\n 2, b\n 1, a");
  Add(*events_, "7, 70");
  EXPECT_EQ(RunEpoch(query), "7, 70, 1, a\n7, 70, 2, b\n");
  Add(*names_, "4, aa");
  Add(*events_, "8, 80");
  EXPECT_EQ(RunEpoch(query), "8, 80, 1, a\n8, 80, 4, aa\n");
}

TEST_F(StreamJoinTest, WhatIsJoinedCanBeAggregatedAndJoinedAgain) {
  for (const TestWorld& world : kWorlds) {
    const auto events = Table("events", "k INT, v INT"),
               names = Table("names", "k INT, name STRING");
    const auto weights = Table("weights", "name STRING, w INT");
    const RelationPtr read = MakeRead(events, true), table = MakeRead(names, false);
    const RelationPtr named = TestJoin(JoinKind::kInner, read, table, SameKey(read, table));
    const RelationPtr sums = MakeAggregate(
        named, {FindOutput(named, "name")},
        {FindOutput(named, "name"), MakeAlias(TestCall("sum", {FindOutput(named, "v")}), "s")});
    const RelationPtr weight = MakeRead(weights, false);
    const RelationPtr all =
        TestJoin(JoinKind::kLeftOuter, sums, weight,
                 TestCall("==", {FindOutput(sums, "name"), FindOutput(weight, "name")}));
    TablesQuery query(all, OutputMode::kUpdate, world);
    EXPECT_TRUE(query.plan().strict);  // state above a table without a version
    Add(*names, "1, odd\n 2, even\n 3, odd", world.batch_rows);
    Add(*weights, "odd, 7", world.batch_rows);
    Add(*events, "1, 10\n 2, 20\n 3, 30\n 9, 90", world.batch_rows);
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(query.SortedRows(), "even, 20, null, null\nodd, 40, odd, 7\n");
    Add(*weights, "odd, 8", world.batch_rows);
    Add(*events, "3, 1", world.batch_rows);
    EXPECT_EQ(RunEpoch(query), "odd, 41, odd, 7\nodd, 41, odd, 8\n");
  }
}

TEST_F(StreamJoinTest, ThePlanSaysWhatIsBuiltAndByWhichKeys) {
  const RelationPtr left = MakeRead(events_, true), right = MakeRead(names_, false);
  const ExprPtr more = TestCall(">", {FindOutput(left, "v"), FindOutput(right, "k")});
  TablesQuery query(
      TestJoin(JoinKind::kInner, left, right, TestCall("and", {more, SameKey(left, right)})),
      OutputMode::kAppend, {});
  std::string text;
  for (const char c : ToTreeString(query.plan())) {
    if (c != '#' && !(isdigit(c) && text.back() != ' ')) text += c;
  }
  EXPECT_EQ(text,
            "Exchange to one lane\n"
            "  HashJoin (join: inner, build: right, keys: k = k, condition: (v > k))\n"
            "    Exchange to all lanes\n"
            "      Read MemoryStream[names] (k INT,name STRING)\n"
            "    Read MemoryStream[events] (k INT,v INT)\n");
}

}  // namespace
}  // namespace thalweg
