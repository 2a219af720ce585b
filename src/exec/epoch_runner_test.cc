// Epochs on one and three workers, in batches of 1 and 1,024 rows, small and fanned out, with
// rounds that hold few rows: what comes out is the same, to the bit, and so is the error.
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "data/test_random.h"
#include "data/text.h"
#include "exec/test_epochs.h"

namespace thalweg {
namespace {

constexpr int64_t kSecond = 1'000'000;

std::vector<TestWorld> Worlds() {
  std::vector<TestWorld> worlds;
  for (const int batch_rows : {kBatchRows, 100, 1}) {
    worlds.push_back({1, batch_rows, {}});
    for (const int64_t fan_out_rows : {0, 300, 1'000'000}) {
      worlds.push_back({3, batch_rows, {fan_out_rows, 16 << 20, 0}});
      worlds.push_back({3, batch_rows, {fan_out_rows, 20'000, 0}});
    }
  }
  return worlds;
}

std::string Name(const TestWorld& world) {
  return std::to_string(world.workers) + " workers, " + std::to_string(world.batch_rows) +
         " rows a batch, fan-out from " + std::to_string(world.runner.fan_out_rows) +
         ", rounds of " + std::to_string(world.runner.round_bytes);
}

struct Event {
  int64_t t_us;
  int64_t k;
  double d;
};

const SchemaPtr& EventSchema() {
  static const SchemaPtr schema = MakeSchema("t TIMESTAMP, k BIGINT, d DOUBLE");
  return schema;
}

Batch ToBatch(const std::vector<Event>& events) {
  Batch batch(EventSchema());
  for (const Event& event : events) {
    AppendValue(Value::Timestamp(event.t_us), &batch.mutable_column(0));
    AppendValue(Value::Bigint(event.k), &batch.mutable_column(1));
    AppendValue(Value::Double(event.d), &batch.mutable_column(2));
  }
  batch.SetRowCount(static_cast<int>(events.size()));
  return batch;
}

std::vector<Event> RandomEvents(TestRandom& random, int count) {
  std::vector<Event> events;
  for (int i = 0; i < count; ++i) {
    const double d = std::ldexp(static_cast<double>(random.Below(1000) - 500), random.Below(80));
    events.push_back({(1000 + random.Below(100)) * kSecond, random.Below(40), d});
  }
  return events;
}

RelationPtr SumByKey(const RelationPtr& read) {
  return MakeAggregate(
      read, {FindOutput(read, "k")},
      {FindOutput(read, "k"), MakeAlias(TestCall("sum", {FindOutput(read, "d")}), "s"),
       MakeAlias(TestCall("count", {}), "n")});
}

TEST(EpochRunnerTest, RowsOfAKeyArriveInTheOrderOfTheEpoch) {
  // Sums of doubles that depend on the order, over three partitions and five epochs.
  for (const TestWorld& world : Worlds()) {
    SCOPED_TRACE(Name(world));
    TestRandom random(7);
    TestQuery query(EventSchema(), SumByKey, OutputMode::kUpdate, world, 3);
    std::map<int64_t, std::pair<double, int64_t>> sums;
    for (const int rows : {1000, 5, 0, 3000, 100}) {
      std::map<int64_t, bool> touched;
      for (int partition = 0; partition < 3; ++partition) {
        const std::vector<Event> events = RandomEvents(random, rows);
        query.Add(ToBatch(events), partition);
        for (const Event& event : events) {
          auto& [sum, count] = sums[event.k];
          sum += event.d;
          ++count;
          touched[event.k] = true;
        }
      }
      std::vector<std::string> expected;
      for (const auto& [key, yes] : touched) {
        std::string row = std::to_string(key) + ", ";
        AppendDouble(sums[key].first, &row);
        expected.push_back(row + ", " + std::to_string(sums[key].second) + "\n");
      }
      std::sort(expected.begin(), expected.end());
      std::string text;
      for (const std::string& row : expected) text += row;
      ASSERT_TRUE(query.Run().ok());
      ASSERT_EQ(query.SortedRows(), text);
      EXPECT_EQ(query.result().read[0].rows, 3 * rows);
    }
  }
}

RelationPtr FilteredWindows(const RelationPtr& read, int64_t slide_s) {
  const RelationPtr time = MakeWithWatermark(read, FindOutput(read, "t"), 0);
  const RelationPtr filter =
      MakeFilter(time, TestCall(">", {FindOutput(time, "k"), MakeLiteral(Value::Bigint(9))}));
  const ExprPtr window =
      MakeAlias(MakeTimeWindow(FindOutput(filter, "t"), 10 * kSecond, slide_s * kSecond, 0), "w");
  return MakeAggregate(
      filter, {window, FindOutput(filter, "k")},
      {ToAttribute(window), FindOutput(filter, "k"), MakeAlias(TestCall("count", {}), "n"),
       MakeAlias(TestCall("max", {FindOutput(filter, "d")}), "m")});
}

TEST(EpochRunnerTest, WindowsComeOutTheSameInEveryWorld) {
  for (const int64_t slide_s : {10, 3}) {
    for (const OutputMode mode :
         {OutputMode::kAppend, OutputMode::kUpdate, OutputMode::kComplete}) {
      std::vector<std::string> expected;
      for (const TestWorld& world : Worlds()) {
        SCOPED_TRACE(Name(world));
        TestRandom random(3);
        TestQuery query(
            EventSchema(), [&](const RelationPtr& read) { return FilteredWindows(read, slide_s); },
            mode, world, 2);
        std::vector<std::string> got;
        Thresholds thresholds = {0, 0, 0};
        for (const int rows : {0, 700, 2000, 10, 0}) {
          for (int partition = 0; partition < 2; ++partition) {
            query.Add(ToBatch(RandomEvents(random, rows)), partition);
          }
          const Status status = query.Run(thresholds);
          ASSERT_TRUE(status.ok()) << status.ToString();
          const OperatorMetrics& metrics = query.result().operators.back();
          got.push_back(query.SortedRows() + " late " + std::to_string(metrics.late_rows) + " " +
                        std::to_string(metrics.dropped_by_watermark) + " state " +
                        std::to_string(query.plan().nodes.back()->state.logical_rows()) +
                        " watermark " +
                        std::to_string(query.result().operators[0].event_time.max_us));
          thresholds.late_before_us = thresholds.evicted_us = thresholds.evict_until_us;
          thresholds.evict_until_us =
              std::max<int64_t>(thresholds.evict_until_us + 20 * kSecond, 1000 * kSecond);
        }
        if (expected.empty()) expected = got;
        ASSERT_EQ(got, expected);
      }
      EXPECT_GT(expected[2].size(), 1000u);
    }
  }
}

TEST(EpochRunnerTest, StatelessRowsReachOneWriterInTheOrderOfTheEpoch) {
  for (const TestWorld& world : Worlds()) {
    SCOPED_TRACE(Name(world));
    TestRandom random(11);
    TestQuery query(
        EventSchema(),
        [](const RelationPtr& read) {
          const RelationPtr filter = MakeFilter(
              read, TestCall("<", {FindOutput(read, "k"), MakeLiteral(Value::Bigint(8))}));
          return MakeProject(filter, {FindOutput(filter, "k"), FindOutput(filter, "d")});
        },
        OutputMode::kAppend, world, 2);
    std::string expected;
    for (int partition = 0; partition < 2; ++partition) {
      for (const Event& event : RandomEvents(random, 2500)) {
        query.Add(ToBatch({event}), partition);
        if (event.k >= 8) continue;
        expected += std::to_string(event.k) + ", ";
        AppendDouble(event.d, &expected);
        expected += "\n";
      }
    }
    ASSERT_TRUE(query.Run().ok());
    ASSERT_EQ(query.Rows(), expected);
    EXPECT_EQ(query.result().rows_out, std::count(expected.begin(), expected.end(), '\n'));
  }
}

TEST(EpochRunnerTest, TheErrorOfTheLowestRowWins) {
  // Three places that can fail, in two operators; each row of each partition may be the one.
  const SchemaPtr schema = MakeSchema("a INT, b INT");
  const auto plan = [](const RelationPtr& read) {
    const RelationPtr filter = MakeFilter(
        read, TestCall("<", {TestCall("div", {MakeLiteral(Value::Int(100)), FindOutput(read, "a")}),
                             MakeLiteral(Value::Bigint(1000))}));
    return MakeProject(
        filter,
        {MakeAlias(TestCall("+", {FindOutput(filter, "b"), MakeLiteral(Value::Int(1))}), "c")});
  };
  struct Failure {
    int partition;
    int row;
    bool in_filter;
  };
  const std::vector<std::vector<Failure>> cases = {
      {{0, 700, true}, {0, 300, false}},   {{0, 300, true}, {0, 700, false}},
      {{1, 5, true}, {0, 1999, false}},    {{1, 1000, false}, {1, 1001, true}},
      {{0, 1024, false}, {0, 1023, true}}, {{1, 3, true}, {1, 2, false}},
  };
  for (const TestWorld& world : Worlds()) {
    SCOPED_TRACE(Name(world));
    for (const std::vector<Failure>& failures : cases) {
      TestQuery query(schema, plan, OutputMode::kAppend, world, 2);
      const Failure* lowest = nullptr;
      for (int partition = 0; partition < 2; ++partition) {
        Batch batch(schema);
        for (int row = 0; row < 2000; ++row) {
          int a = 1, b = 1;
          for (const Failure& failure : failures) {
            if (failure.partition != partition || failure.row != row) continue;
            (failure.in_filter ? a : b) = failure.in_filter ? 0 : INT32_MAX;
            if (lowest == nullptr) lowest = &failure;
          }
          AppendValue(Value::Int(a), &batch.mutable_column(0));
          AppendValue(Value::Int(b), &batch.mutable_column(1));
        }
        batch.SetRowCount(2000);
        query.Add(batch, partition);
      }
      const Status status = query.Run();
      ASSERT_FALSE(status.ok());
      EXPECT_EQ(status.condition(), lowest->in_filter ? "DIVIDE_BY_ZERO" : "ARITHMETIC_OVERFLOW");
    }
  }
}

/// Takes the first `wanted` rows of an epoch.
class TakeOperator final : public Operator {
 public:
  explicit TakeOperator(int wanted) : wanted_(wanted) {}
  Result<Flow> Push(int, const Batch& batch, Output& out) override {
    THALWEG_CHECK(metrics_.rows_in < wanted_, "pushed after it had enough");
    Batch taken;
    taken.Reset(batch.schema());
    const int left = static_cast<int>(wanted_ - metrics_.rows_in);
    std::vector<RowIndex> rows;
    for (int i = 0; i < std::min(left, batch.row_count()); ++i) {
      rows.push_back(static_cast<RowIndex>(batch.selection()[i]));
    }
    AppendRows(batch, {rows.data(), static_cast<int>(rows.size())}, &taken);
    metrics_.rows_in += taken.physical_rows();
    THALWEG_RETURN_NOT_OK(out.Write(taken).status());
    return metrics_.rows_in == wanted_ ? Flow::kEnough : Flow::kMore;
  }
  Description Describe() const override { return {"Take", {}}; }

 private:
  const int64_t wanted_;
};

TEST(EpochRunnerTest, ReadingStopsWhenAnOperatorHasEnough) {
  const SchemaPtr schema = MakeSchema("v BIGINT");
  for (const TestWorld& world : Worlds()) {
    SCOPED_TRACE(Name(world));
    auto plan = std::make_unique<PhysicalPlan>();
    PhysicalSource source;
    source.streaming = true;
    source.request.schema = schema;
    source.request.columns = {0};
    plan->sources.push_back(source);
    auto node = std::make_unique<PhysicalNode>();
    node->make = []() -> Result<std::unique_ptr<Operator>> {
      return std::unique_ptr<Operator>(std::make_unique<TakeOperator>(1500));
    };
    PhysicalInput leaf;
    leaf.source = 0;
    leaf.placement = Placement::kOneLane;
    node->inputs.push_back(leaf);
    node->schema = schema;
    plan->root.node = node.get();
    plan->schema = schema;
    plan->nodes.push_back(std::move(node));
    TestQuery query(schema, std::move(plan), world);
    std::string expected;
    Batch batch(schema);
    for (int row = 0; row < 6000; ++row) {
      AppendValue(Value::Bigint(row), &batch.mutable_column(0));
      if (row < 1500) expected += std::to_string(row) + "\n";
    }
    batch.SetRowCount(6000);
    query.Add(batch);
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(query.Rows(), expected);
    EXPECT_FALSE(query.result().read[0].complete);
    EXPECT_LE(query.result().read[0].rows, 6000);
    ASSERT_TRUE(query.Run().ok());  // an epoch without rows after it
    EXPECT_EQ(query.Rows(), "");
    EXPECT_TRUE(query.result().read[0].complete);
  }
}

TEST(EpochRunnerTest, AGlobalAggregateGivesARowInEveryEpoch) {
  for (const TestWorld& world : Worlds()) {
    SCOPED_TRACE(Name(world));
    TestRandom random(5);
    TestQuery query(
        EventSchema(),
        [](const RelationPtr& read) {
          return MakeAggregate(read, {},
                               {MakeAlias(TestCall("count", {}), "n"),
                                MakeAlias(TestCall("max", {FindOutput(read, "k")}), "m")});
        },
        OutputMode::kComplete, world);
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(query.Rows(), "0, null\n");
    query.Add(ToBatch(RandomEvents(random, 3000)));
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(query.Rows(), "3000, 39\n");
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(query.Rows(), "3000, 39\n");
  }
}

}  // namespace
}  // namespace thalweg
