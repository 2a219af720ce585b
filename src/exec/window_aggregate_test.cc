// WindowAggregate driven by Push: the worked examples E1-E5 and E17 of the reference, and windows
// against a slow twin that keeps every row.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <gtest/gtest.h>

#include "data/test_random.h"
#include "exec/operators.h"
#include "exec/test_output.h"

namespace thalweg {
namespace {

constexpr int64_t kSecond = 1'000'000;

struct TimedRow {
  std::optional<int64_t> seconds;
  std::optional<int64_t> key;
  int64_t value = 1;
};

/// Writes "[10,15) key count sum max" a row, times in seconds.
class WindowOutput final : public Output {
 public:
  Result<Flow> Write(const Batch& batch) override {
    for (int i = 0; i < batch.physical_rows(); ++i) {
      const Vector& window = batch.column(0);
      std::string row = "[" + std::to_string(window.child(0).Get<int64_t>(i) / kSecond) + "," +
                        std::to_string(window.child(1).Get<int64_t>(i) / kSecond) + ")";
      for (int c = 1; c < batch.column_count(); ++c) {
        const Vector& column = batch.column(c);
        row += " ";
        row += column.IsNull(i) ? "null" : std::to_string(column.Get<int64_t>(i));
      }
      rows.push_back(row);
    }
    return Flow::kMore;
  }
  std::vector<std::string> rows;
};

/// One operator alone; rows are (t TIMESTAMP, k BIGINT, v BIGINT).
class WindowQuery {
 public:
  struct Spec {
    OutputMode mode = OutputMode::kAppend;
    WindowShape window;
    bool keyed = false;
    std::vector<std::string> aggregates = {"count"};  // of v
    bool event_time = true;
    bool ordered = false;
  };

  explicit WindowQuery(const Spec& spec) {
    Grouping grouping;
    grouping.mode = spec.mode;
    grouping.window = {spec.window.size_us * kSecond, spec.window.slide_us * kSecond,
                       spec.window.start_us * kSecond};
    grouping.time_column = 0;
    grouping.event_time = spec.event_time;
    grouping.ordered_output = spec.ordered;
    const TypePtr edges =
        StructType({{"start", TimestampType(), true, ""}, {"end", TimestampType(), true, ""}});
    std::vector<StructField> fields = {{"window", edges, false, ""}};
    grouping.output = {{GroupColumn::kWindow, 0}};
    if (spec.keyed) {
      grouping.key_columns = {1};
      grouping.key_types = {BigintType()};
      grouping.output.push_back({GroupColumn::kKey, 0});
      fields.push_back({"k", BigintType(), true, ""});
    }
    std::vector<GroupAggregate> aggregates;
    for (const std::string& name : spec.aggregates) {
      const auto aggregate = TestAggregate(name, {TestAttribute("v", BigintType())});
      grouping.output.push_back({GroupColumn::kAggregate, static_cast<int>(aggregates.size())});
      aggregates.push_back({aggregate, {2}, -1});
      fields.push_back({name, BigintType(), true, ""});
    }
    grouping.aggregates = AggregateList(std::move(aggregates));
    grouping.schema = Schema::Make(std::move(fields));
    slices_.emplace(OptionsOf(grouping), &budget_);
    made_ = NewWindowAggregate(std::move(grouping), &*slices_, &budget_);
    operator_ = made_.make();
  }

  /// One epoch of rows in batches of `batch_rows`; the rows that come out, sorted.
  std::vector<std::string> Run(const std::vector<TimedRow>& rows, int64_t late_s, int64_t evict_s,
                               int batch_rows = kBatchRows) {
    Epoch epoch;
    epoch.constants.epoch = next_epoch_++;
    epoch.late_before_us = late_s * kSecond;
    epoch.evict_until_us = evict_s * kSecond;
    Check(made_.shared->BeginEpoch(epoch));
    operator_->BeginEpoch(epoch);
    WindowOutput out;
    const int count = static_cast<int>(rows.size());
    for (int from = 0; from < count; from += batch_rows) {
      const Batch batch = ToBatch(rows, from, std::min(count, from + batch_rows));
      Check(operator_->Push(0, batch, out).status());
    }
    Check(operator_->EndInput(0, out));
    Check(operator_->EndEpoch(out).status());
    metrics_ = operator_->metrics();
    Check(made_.shared->EndEpoch(&metrics_));
    if (!ordered_) std::sort(out.rows.begin(), out.rows.end());
    return out.rows;
  }

  /// Drops everything and loads it again from a base, as a restart does.
  void Restart() {
    struct Records final : RecordSink {
      Status Append(std::string_view record) override {
        all.emplace_back(record);
        return Status::OK();
      }
      std::vector<std::string> all;
    } records;
    Check(slices_->SealBase(records));
    slices_->Clear();
    for (const std::string& record : records.all) Check(slices_->Load(record));
  }

  int64_t logical_rows() const { return made_.logical_rows(); }
  const OperatorMetrics& metrics() const { return metrics_; }
  void KeepOrder() { ordered_ = true; }

 private:
  static void Check(const Status& status) { ASSERT_TRUE(status.ok()) << status.ToString(); }

  Batch ToBatch(const std::vector<TimedRow>& rows, int from, int to) {
    Batch batch(schema_);
    for (int i = from; i < to; ++i) {
      const TimedRow& row = rows[i];
      AppendValue(row.seconds ? Value::Timestamp(*row.seconds * kSecond) : Value(TimestampType()),
                  &batch.mutable_column(0));
      AppendValue(row.key ? Value::Bigint(*row.key) : Value(BigintType()),
                  &batch.mutable_column(1));
      AppendValue(Value::Bigint(row.value), &batch.mutable_column(2));
    }
    batch.SetRowCount(to - from);
    batch.SetOrigin({0, partition, from});
    return batch;
  }

  const SchemaPtr schema_ = MakeSchema("t TIMESTAMP, k BIGINT, v BIGINT");
  MemoryBudget budget_{"test", MemoryBudget::kUnlimited, nullptr};
  std::optional<SlicedTable> slices_;
  StatefulOperator made_;
  std::unique_ptr<Operator> operator_;
  OperatorMetrics metrics_;
  int64_t next_epoch_ = 0;
  bool ordered_ = false;

 public:
  int32_t partition = 0;
};

using Rows = std::vector<std::string>;

std::vector<TimedRow> At(const std::vector<int64_t>& seconds) {
  std::vector<TimedRow> rows;
  for (const int64_t each : seconds) rows.push_back({each, std::nullopt, 1});
  return rows;
}

/// A row of a worked example.
struct Step {
  std::vector<int64_t> input;
  int64_t late;
  int64_t evict;
  Rows output;
  int64_t state_rows;
  int64_t dropped = 0;
};

void Play(const WindowQuery::Spec& spec, const std::vector<Step>& steps) {
  for (const int restart_before : {-1, 1, 2, 3, 4, 5}) {
    WindowQuery query(spec);
    for (int i = 0; i < static_cast<int>(steps.size()); ++i) {
      if (i == restart_before) query.Restart();
      const Step& step = steps[i];
      EXPECT_EQ(query.Run(At(step.input), step.late, step.evict), step.output) << "batch " << i;
      EXPECT_EQ(query.logical_rows(), step.state_rows) << "batch " << i;
      EXPECT_EQ(query.metrics().dropped_by_watermark, step.dropped) << "batch " << i;
    }
  }
}

TEST(WindowAggregateTest, E1AppendTumbling) {
  Play({.window = {5, 5, 0}}, {{{10, 11, 12, 13, 14, 15}, 0, 0, {}, 2},
                               {{}, 0, 5, {}, 2},
                               {{25}, 5, 5, {}, 3},
                               {{}, 5, 15, {"[10,15) 5"}, 2},
                               {{10}, 15, 15, {}, 2, 1}});
}

TEST(WindowAggregateTest, E2Update) {
  Play({.mode = OutputMode::kUpdate, .window = {5, 5, 0}},
       {{{10, 11, 12, 13, 14, 15}, 0, 0, {"[10,15) 5", "[15,20) 1"}, 2},
        {{}, 0, 5, {}, 2},
        {{25}, 5, 5, {"[25,30) 1"}, 3},
        {{}, 5, 15, {}, 2},
        {{10, 25}, 15, 15, {"[25,30) 2"}, 2, 1},
        {{10}, 15, 15, {}, 2, 1}});
}

TEST(WindowAggregateTest, E3SlidingAppend) {
  Play({.window = {10, 5, 0}}, {{{3, 7}, 0, 0, {}, 3},
                                {{}, 0, 7, {"[-5,5) 1"}, 2},
                                {{12}, 7, 7, {}, 3},
                                {{}, 7, 12, {"[0,10) 2"}, 2},
                                {{20}, 12, 12, {}, 4},
                                {{}, 12, 20, {"[10,20) 1", "[5,15) 2"}, 2}});
}

TEST(WindowAggregateTest, E4LatenessIsJudgedOnTheWindowsEnd) {
  Play({.window = {10, 10, 0}}, {{{12}, 0, 0, {}, 1},
                                 {{}, 0, 7, {}, 1},
                                 {{19, 3}, 7, 7, {}, 2},
                                 {{}, 7, 14, {"[0,10) 1"}, 1},
                                 {{4, 26}, 14, 14, {}, 2, 1},
                                 {{}, 14, 21, {"[10,20) 2"}, 1}});
}

TEST(WindowAggregateTest, E5CompleteNeverDrops) {
  Play({.mode = OutputMode::kComplete, .window = {10, 10, 0}},
       {{{1}, 0, 0, {"[0,10) 1"}, 1},
        {{25}, 0, 1, {"[0,10) 1", "[20,30) 1"}, 2},
        {{2}, 1, 25, {"[0,10) 2", "[20,30) 1"}, 2}});
}

TEST(WindowAggregateTest, E17RowsAtOrBeforeTheEpochAreLateInTheFirstBatch) {
  Play({.window = {10, 10, 0}}, {{{-1, -11}, 0, 0, {}, 0, 2}, {{-1}, 0, 0, {}, 0, 1}});
  Play({.window = {10, 5, 0}}, {{{0}, 0, 0, {}, 2}, {{-5}, 0, 0, {}, 2, 1}});
}

TEST(WindowAggregateTest, LateRowsCountOncePerPartitionGroupAndWindow) {
  WindowQuery query({.window = {10, 5, 0}, .keyed = true});
  const std::vector<TimedRow> rows = {{3, 1}, {4, 1}, {3, 2}, {3, std::nullopt}, {7, 1}, {13, 1}};
  query.Run(rows, 12, 12);
  // At 3: windows [-5,5) and [0,10) are late; at 7: [0,10), not [5,15).
  EXPECT_EQ(query.metrics().late_rows, 5);
  EXPECT_EQ(query.metrics().dropped_by_watermark, 6);
  EXPECT_EQ(query.Run({}, 12, 30), (Rows{"[10,20) 1 1", "[5,15) 1 2"}));
  query.partition = 1;
  query.Run({{3, 1}}, 30, 30);
  EXPECT_EQ(query.metrics().dropped_by_watermark, 2);
}

TEST(WindowAggregateTest, RowsWithoutATimeHaveNoWindow) {
  WindowQuery query({.mode = OutputMode::kComplete, .window = {10, 10, 0}});
  EXPECT_EQ(query.Run({{std::nullopt, 1}, {5, 1}, {std::nullopt, 1}}, 0, 0), (Rows{"[0,10) 1"}));
}

TEST(WindowAggregateTest, WithoutAWatermarkNothingIsLateAndNothingLeaves) {
  WindowQuery query({.mode = OutputMode::kUpdate, .window = {10, 10, 0}, .event_time = false});
  EXPECT_EQ(query.Run(At({5}), 100, 100), (Rows{"[0,10) 1"}));
  EXPECT_EQ(query.Run(At({6}), 100, 100), (Rows{"[0,10) 2"}));
  EXPECT_EQ(query.logical_rows(), 1);
}

TEST(WindowAggregateTest, OrderedOutputIsOldestWindowFirst) {
  WindowQuery query({.mode = OutputMode::kComplete, .window = {10, 10, 0}, .ordered = true});
  query.KeepOrder();
  EXPECT_EQ(query.Run(At({25, 5, 95, 15}), 0, 0),
            (Rows{"[0,10) 1", "[10,20) 1", "[20,30) 1", "[90,100) 1"}));
}

// ---- a slow twin

/// Spark's semantics row by row: a group per (window, key), kept as lists of values.
class SlowWindows {
 public:
  SlowWindows(const WindowQuery::Spec& spec) : spec_(spec) {}

  Rows Run(const std::vector<TimedRow>& rows, int64_t late, int64_t evict) {
    const bool complete = spec_.mode == OutputMode::kComplete;
    std::set<Group> touched;
    for (const TimedRow& row : rows) {
      if (!row.seconds) continue;
      const WindowShape& shape = spec_.window;
      const int64_t first = (*row.seconds - shape.start_us - shape.size_us) / shape.slide_us - 1;
      for (int64_t k = first; shape.start_us + k * shape.slide_us <= *row.seconds; ++k) {
        const int64_t start = spec_.window.start_us + k * spec_.window.slide_us;
        if (*row.seconds < start || *row.seconds >= start + spec_.window.size_us) continue;
        if (!complete && start + spec_.window.size_us <= late) continue;
        groups_[{start, row.key}].push_back(row.value);
        touched.insert({start, row.key});
      }
    }
    Rows out;
    for (auto it = groups_.begin(); it != groups_.end();) {
      const bool final = !complete && it->first.first + spec_.window.size_us <= evict;
      const bool emit = complete || (spec_.mode == OutputMode::kAppend && final) ||
                        (spec_.mode == OutputMode::kUpdate && touched.count(it->first) > 0);
      if (emit) out.push_back(Text(it->first, it->second));
      it = final ? groups_.erase(it) : std::next(it);
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  int64_t rows() const { return static_cast<int64_t>(groups_.size()); }

 private:
  using Group = std::pair<int64_t, std::optional<int64_t>>;

  std::string Text(const Group& group, const std::vector<int64_t>& values) const {
    std::string text = "[" + std::to_string(group.first) + "," +
                       std::to_string(group.first + spec_.window.size_us) + ") " +
                       (group.second ? std::to_string(*group.second) : "null");
    int64_t sum = 0;
    for (const int64_t value : values) sum += value;
    for (const std::string& name : spec_.aggregates) {
      if (name == "count") text += " " + std::to_string(values.size());
      if (name == "sum") text += " " + std::to_string(sum);
      if (name == "max") {
        text += " " + std::to_string(*std::max_element(values.begin(), values.end()));
      }
    }
    return text;
  }

  const WindowQuery::Spec spec_;
  std::map<Group, std::vector<int64_t>> groups_;
};

struct TwinCase {
  OutputMode mode;
  WindowShape window;
  std::vector<std::string> aggregates;
};

class WindowTwinTest : public testing::TestWithParam<TwinCase> {};

TEST_P(WindowTwinTest, GivesWhatTheSlowTwinGives) {
  const WindowQuery::Spec spec = {.mode = GetParam().mode,
                                  .window = GetParam().window,
                                  .keyed = true,
                                  .aggregates = GetParam().aggregates};
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    TestRandom random(seed);
    WindowQuery query(spec);
    SlowWindows twin(spec);
    int64_t late = 0, evict = 0, now = 0;
    for (int epoch = 0; epoch < 40; ++epoch) {
      std::vector<TimedRow> rows;
      const int count = random.OneIn(3) ? 0 : random.Below(30);
      now += random.OneIn(5) ? random.Below(100) : random.Below(6);
      for (int i = 0; i < count; ++i) {
        TimedRow row{now - random.Below(25), random.Below(5), random.Below(100) - 50};
        if (random.OneIn(12)) row.seconds.reset();
        if (random.OneIn(7)) row.key.reset();
        rows.push_back(row);
      }
      if (random.OneIn(6)) query.Restart();
      const int batch_rows = 1 + random.Below(10);
      ASSERT_EQ(query.Run(rows, late, evict, batch_rows), twin.Run(rows, late, evict))
          << "seed " << seed << " epoch " << epoch;
      ASSERT_EQ(query.logical_rows(), twin.rows()) << "seed " << seed << " epoch " << epoch;
      late = evict;
      evict = std::max(evict, now - 4);
    }
  }
}

const std::vector<std::string> kInvertible = {"count", "sum"};
const std::vector<std::string> kOthers = {"count", "max"};

INSTANTIATE_TEST_SUITE_P(Shapes, WindowTwinTest,
                         testing::Values(TwinCase{OutputMode::kAppend, {10, 10, 0}, kInvertible},
                                         TwinCase{OutputMode::kAppend, {10, 5, 0}, kInvertible},
                                         TwinCase{OutputMode::kAppend, {10, 3, 1}, kInvertible},
                                         TwinCase{OutputMode::kAppend, {20, 1, 0}, kInvertible},
                                         TwinCase{OutputMode::kAppend, {10, 3, -1}, kOthers},
                                         TwinCase{OutputMode::kAppend, {20, 1, 0}, kOthers},
                                         TwinCase{OutputMode::kUpdate, {10, 10, 3}, kInvertible},
                                         TwinCase{OutputMode::kUpdate, {10, 3, 1}, kInvertible},
                                         TwinCase{OutputMode::kUpdate, {20, 1, 0}, kInvertible},
                                         TwinCase{OutputMode::kUpdate, {12, 5, 0}, kOthers},
                                         TwinCase{OutputMode::kComplete, {10, 10, 0}, kInvertible},
                                         TwinCase{OutputMode::kComplete, {10, 3, 0}, kInvertible},
                                         TwinCase{OutputMode::kComplete, {12, 5, 2}, kOthers}));

}  // namespace
}  // namespace thalweg
