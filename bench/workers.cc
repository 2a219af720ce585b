// What the ordered exchange costs: one large epoch of a keyed aggregation through EpochRunner,
// without log, on one and on two workers.
//
//   exchange off    every row goes to lane 0 in input order, as one worker always does
//   exchange on     scan by split ▸ ordered exchange by shard ▸ aggregation by lane
//
// A count may be folded before the exchange, a sum of doubles must be folded in the order of the
// epoch. Then what it costs to emit in the order of content instead of any order.
#include <fmt/format.h>

#include "connectors/memory/memory_table.h"
#include "exec/epoch_runner.h"
#include "exec/operators.h"
#include "functions/function.h"
#include "functions/registry.h"
#include "gate1.h"
#include "inputs.h"
#include "plans.h"

namespace thalweg {
namespace {

constexpr int64_t kRows = 8'000 * kBatchRows;
constexpr int64_t kKeys = 100'000;

void Check(const Status& status) {
  Require(status.ok(), status.ok() ? "" : status.ToString().c_str());
}

template <class T>
T Take(Result<T> result) {
  Check(result.status());
  return *std::move(result);
}

/// A sink that counts.
class CountingSink final : public Sink, public BatchWriter {
 public:
  Status Open(const SinkContext&) override { return Status::OK(); }
  Result<BatchWriter*> Writer(int64_t, int) override { return static_cast<BatchWriter*>(this); }
  Status Commit(int64_t, const std::vector<std::string>&) override { return Status::OK(); }
  Result<std::optional<int64_t>> LastCommitted() override { return std::optional<int64_t>(); }
  Status Write(const Batch& batch) override {
    rows_ += batch.row_count();
    return Status::OK();
  }
  Status Finish(std::string*) override { return Status::OK(); }
  int64_t rows() const { return rows_.load(); }

 private:
  std::atomic<int64_t> rows_{0};
};

/// A query without log: plan, state, runner; each Run is an epoch over the whole input.
class RunnerDriver {
 public:
  struct Options {
    int workers = 1;
    bool exchange = false;
    int64_t groups = 0;  // that the input has
  };
  RunnerDriver(const Options& options, MemoryStream& input, const std::string& aggregate);
  void Run();

 private:
  const int64_t groups_;
  const std::unique_ptr<Env> env_;
  MemoryBudget budget_{"benchmark", MemoryBudget::kUnlimited, nullptr};
  StateStore state_;
  std::unique_ptr<PhysicalPlan> plan_;
  std::unique_ptr<Source> source_;
  CountingSink sink_;
  std::unique_ptr<EpochRunner> runner_;
  EpochInput epoch_;
  EpochResult result_;
};

std::vector<Batch> Rows(bool hot);
int64_t DistinctKeys(const std::vector<Batch>& rows);
void ExchangeCase(const char* name, const std::string& aggregate, bool hot, Report& report);
void EmissionCase(const BenchContext& context, Report& report);

}  // namespace

void Workers(const BenchContext& context, Report& report) {
  report.Begin("The ordered exchange",
               "8.2 M rows in one epoch through EpochRunner, GROUP BY k over 100 k keys (hot: "
               "nine rows of ten have one key). Ratio: to "
               "one worker, which has no exchange.");
  for (const bool hot : {false, true}) {
    const char* keys = hot ? "one hot key" : "uniform keys";
    ExchangeCase(keys, "count", hot, report);
    ExchangeCase(keys, "sum", hot, report);
  }
  report.Begin("Order of emission",
               "1 M groups of a count in complete mode, EndEpoch alone: in the order of content "
               "(shard, hash, key) and in any order. Ratio: to any order.");
  EmissionCase(context, report);
}

namespace {

void ExchangeCase(const char* name, const std::string& aggregate, bool hot, Report& report) {
  const std::vector<Batch> rows = Rows(hot);
  MemoryStream input("rows", rows[0].schema());
  input.Add(rows);
  const int64_t groups = DistinctKeys(rows);
  RunnerDriver one({1, false, groups}, input, aggregate);
  RunnerDriver unsplit({2, false, groups}, input, aggregate);
  RunnerDriver two({2, true, groups}, input, aggregate);
  const std::vector<Series> series = Interleave(
      report.rounds(), {{[&] { one.Run(); }}, {[&] { unsplit.Run(); }}, {[&] { two.Run(); }}});
  const char* ways[] = {"1 worker", "2 workers, exchange off", "2 workers, exchange on"};
  for (int i = 0; i < 3; ++i) {
    const char* what = aggregate == "count" ? "count" : "sum(double)";
    Figure figure = Throughput(fmt::format("{}, {}: {}", what, name, ways[i]), kRows, series[i]);
    if (i > 0) figure.limit = MillionsPerSecond(kRows, series[0]);
    report.Add(figure);
  }
}

std::vector<Batch> Rows(bool hot) {
  const SchemaPtr schema =
      Schema::Make({{"k", BigintType(), false, ""}, {"v", DoubleType(), false, ""}});
  return MakeBatches(schema, kRows, [&](int64_t row, int i, Batch* batch) {
    const bool is_hot = hot && NumberAt(11, row) % 10 != 0;
    batch->mutable_column(0).mutable_values<int64_t>()[i] =
        is_hot ? 42 : static_cast<int64_t>(NumberAt(12, row) % kKeys);
    batch->mutable_column(1).mutable_values<double>()[i] = static_cast<double>(row) / 3.0;
  });
}

/// The hot key leaves so few rows to the others that some keys have none.
int64_t DistinctKeys(const std::vector<Batch>& rows) {
  std::vector<bool> seen(kKeys);
  for (const Batch& batch : rows) {
    const auto* keys = batch.column(0).values<int64_t>();
    for (int i = 0; i < batch.physical_rows(); ++i) seen[keys[i]] = true;
  }
  return std::count(seen.begin(), seen.end(), true);
}

RunnerDriver::RunnerDriver(const Options& options, MemoryStream& input,
                           const std::string& aggregate)
    : groups_(options.groups),
      env_(NewPosixEnv(options.workers)),
      state_(*env_, &budget_, StateStoreOptions()) {
  const TablePtr table = input.table();
  plan_ = Take(PlanPhysical(KeyedPlan(table, aggregate),
                            {env_.get(), &state_, &budget_, OutputMode::kUpdate}));
  source_ = Take(table->OpenSource());
  Check(source_->Open({env_.get(), "benchmark", true}, Offset()));
  RunnerOptions running;
  running.fan_out_rows = options.exchange ? 0 : INT64_MAX;
  runner_ =
      Take(EpochRunner::Make(*plan_, {env_.get(), &state_, {source_.get()}, &sink_}, running));
  epoch_.ranges.resize(1);
  epoch_.thresholds.resize(plan_->nodes.size());
  Check(source_->Latest(Offset(), ReadLimits(), nullptr, &epoch_.ranges[0].to));
  Run();  // makes the groups
}

void RunnerDriver::Run() {
  const int64_t before = sink_.rows();
  Check(runner_->Run(epoch_, &result_));
  ++epoch_.constants.epoch;
  Require(result_.read[0].rows == kRows, "the epoch did not read all rows");
  Require(sink_.rows() - before == groups_, "the epoch did not emit all groups");
}

// Emission

/// A count by key, made by hand: whether it emits in order is the planner's choice otherwise.
class EmissionDriver final : public Output {
 public:
  EmissionDriver(Env& env, bool ordered, const std::vector<Batch>& keys);
  void Emit();
  Result<Flow> Write(const Batch& batch) override {
    rows_ += batch.row_count();
    return Flow::kMore;
  }
  int64_t rows() const { return rows_; }

 private:
  MemoryBudget budget_{"benchmark", MemoryBudget::kUnlimited, nullptr};
  StateStore state_;
  StatefulOperator aggregate_;
  std::unique_ptr<Operator> operator_;
  int64_t rows_ = 0;
};

void EmissionCase(const BenchContext& context, Report& report) {
  const int64_t keys = std::min<int64_t>(1'000'000, context.keys_max);
  const std::vector<Batch> every_key = EveryKey(keys);
  EmissionDriver any(context.env, false, every_key);
  EmissionDriver ordered(context.env, true, every_key);
  const std::vector<Series> series =
      Interleave(report.rounds(), {{[&] { any.Emit(); }}, {[&] { ordered.Emit(); }}});
  Require(any.rows() == keys * report.rounds() && ordered.rows() == any.rows(), "groups are lost");
  const auto rows = static_cast<double>(keys);
  report.Add(Throughput("any order", rows, series[0]));
  Figure figure = Throughput("order of content", rows, series[1]);
  figure.limit = MillionsPerSecond(rows, series[0]);
  report.Add(figure);
}

EmissionDriver::EmissionDriver(Env& env, bool ordered, const std::vector<Batch>& keys)
    : state_(env, &budget_, StateStoreOptions()) {
  const ExprPtr bound = Take(FunctionRegistry::BuiltIn().Bind("count", {}, BindSettings()));
  const auto& count =
      static_cast<const AggregateFunction&>(*As<AggregateCall>(bound)->function).aggregate();
  Grouping grouping;
  grouping.key_columns = {0};
  grouping.key_types = {BigintType()};
  grouping.aggregates = AggregateList({{count, {}, -1}});
  grouping.output = {{GroupColumn::kKey, 0}, {GroupColumn::kAggregate, 0}};
  grouping.schema =
      Schema::Make({{"k", BigintType(), false, ""}, {"result", BigintType(), false, ""}});
  grouping.mode = OutputMode::kComplete;
  grouping.ordered_output = ordered;
  GroupTable* table = Take(state_.AddGroupTable("emission", OptionsOf(grouping)));
  aggregate_ = NewAggregate(std::move(grouping), table, &budget_);
  operator_ = aggregate_.make();
  Check(aggregate_.shared->BeginEpoch(Epoch()));
  operator_->BeginEpoch(Epoch());
  for (const Batch& batch : keys) Take(operator_->Push(0, batch, *this));
}

void EmissionDriver::Emit() {
  while (Take(operator_->EndEpoch(*this)) == Emission::kAgain) {
  }
}

}  // namespace
}  // namespace thalweg
