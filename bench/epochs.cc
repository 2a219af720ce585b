// What an epoch costs by itself: source → filter → windowed count (or keyed count) → sink through
// the real EpochLoop, its log on the real file system, durability = process. Each turn of the loop
// is timed alone; adding the input is the outside world's work. Only default settings, but no seal
// falls into the measured turns (thalweg.state.sealInterval), except where the figure says so.
#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>

#include "connectors/memory/memory_table.h"
#include "gate1.h"
#include "inputs.h"
#include "limits/int64_count.h"
#include "limits/log_append.h"
#include "plans.h"
#include "streaming/epoch_loop.h"

namespace thalweg {
namespace {

constexpr int kEpochsPerPass = 4'000;
constexpr int kRowsPerEpoch = 100;
constexpr int kEpochRecordBytes = 200;  // about what the query log writes an epoch
constexpr int kCommitRecordBytes = 64;
constexpr WindowSpec kWindow = {10'000'000, 10'000'000, 10'000'000};

/// A query that lives through all passes, and what its limit program keeps.
class LiveQuery {
 public:
  struct Options {
    int64_t keys = 100;
    bool windowed = true;  // else a keyed count in update mode
    std::string seal_interval = "1h";
  };
  LiveQuery(const BenchContext& context, const Options& options);
  ~LiveQuery();

  /// `rows` rows (0 or kRowsPerEpoch) an epoch; the time of each turn goes to `turns`.
  void RunEpochs(int rows, std::vector<double>* turns);
  /// The limit program: two records and the rows counted.
  void RunLimit(int rows);
  double state_mb() { return static_cast<double>(budget_.peak_bytes()) / 1e6; }

 private:
  std::vector<Batch> NextRows(int rows);
  void Turn(EpochKind expected);

  const Options options_;
  const std::string directory_;
  Env& env_;
  MemoryBudget budget_{"query", MemoryBudget::kUnlimited, nullptr};
  SchemaPtr schema_;
  std::shared_ptr<MemoryStream> stream_;
  std::unique_ptr<MemoryRows> sink_;
  std::unique_ptr<EpochLoop> loop_;
  EpochSummary summary_;
  LogAppendLimit limit_log_;
  Int64CountLimit limit_count_;
  uint64_t next_row_ = 0;
};

void Measure(LiveQuery& query, int rows, Figure figure, Report& report);

}  // namespace

void Epochs(const BenchContext& context, Report& report) {
  report.Begin("An epoch by itself",
               "Mean of 4,000 epochs a pass through EpochLoop, log on the file system. Limit: two "
               "records of the log's size, CRC32C, write(2), and the rows counted in one table.");
  const auto figure = [](std::string name, double bound_us) {
    Figure made;
    made.name = std::move(name);
    made.unit = "µs";
    if (bound_us > 0) made.gate = Gate{false, bound_us, false};
    return made;
  };
  for (const int64_t keys : {int64_t{100}, std::min<int64_t>(10'000'000, context.keys_max)}) {
    const std::string live =
        keys == 100 ? "100 live keys" : fmt::format("{} M live keys", keys / 1'000'000);
    LiveQuery windowed(context, {keys, true, "1h"});
    Measure(windowed, 0, figure("no rows, windowed count, " + live, 10), report);
    Measure(windowed, kRowsPerEpoch, figure("100 rows, windowed count, " + live, 25), report);
  }
  for (const int64_t keys : {int64_t{100}, std::min<int64_t>(10'000'000, context.keys_max)}) {
    const std::string live =
        keys == 100 ? "100 live keys" : fmt::format("{} M live keys", keys / 1'000'000);
    LiveQuery keyed(context, {keys, false, "1h"});
    Measure(keyed, kRowsPerEpoch, figure("100 rows, keyed count, update, " + live, 25), report);
  }
  LiveQuery sealed(context, {100, true, "1s"});
  Measure(sealed, kRowsPerEpoch, figure("100 rows, windowed count, sealed every second", 0),
          report);
}

namespace {

void Check(const Status& status) {
  Require(status.ok(), status.ok() ? "" : status.ToString().c_str());
}

LiveQuery::LiveQuery(const BenchContext& context, const Options& options)
    : options_(options),
      directory_(JoinPath(context.directory, "epochs")),
      env_(context.env),
      schema_(Schema::Make({{"ts", TimestampType(), true, ""}, {"k", BigintType(), false, ""}})),
      stream_(std::make_shared<MemoryStream>("rows", schema_)),
      limit_log_(JoinPath(context.directory, "limit.log")),
      limit_count_(static_cast<size_t>(options.keys), 0.7, true) {
  Check(env_.files().RemoveRecursively(directory_));
  Check(env_.files().CreateDirectories(directory_));
  const RelationPtr plan = options.windowed ? WindowedCountPlan(stream_->table(), kWindow, true)
                                            : KeyedPlan(stream_->table(), "count");
  std::vector<StructField> columns;
  for (const AttributePtr& column : plan->output) {
    columns.push_back({column->column, column->type, column->nullable, ""});
  }
  sink_ = std::make_unique<MemoryRows>("results", Schema::Make(std::move(columns)));
  EpochLoopOptions loop;
  loop.checkpoint = directory_;
  loop.mode = options.windowed ? OutputMode::kAppend : OutputMode::kUpdate;
  loop.sink_table = sink_->table();
  loop.budget = &budget_;
  Check(loop.conf.Set("thalweg.state.sealInterval", options.seal_interval));
  Result<std::unique_ptr<EpochLoop>> started = EpochLoop::Start(plan, env_, std::move(loop));
  Check(started.status());
  loop_ = *std::move(started);

  stream_->ForgetReleased();
  std::vector<Batch> all = NextRows(static_cast<int>(options.keys));
  for (const Batch& batch : all) {
    limit_count_.Push(batch.column(1).values<int64_t>(), batch.physical_rows());
  }
  stream_->Add(std::move(all));
  Turn(EpochKind::kData);
  sink_->Clear();
}

LiveQuery::~LiveQuery() {
  Check(loop_->Stop());
  loop_.reset();
  Check(env_.files().RemoveRecursively(directory_));
}

/// Every key in turn, scattered; all in one window, so that nothing becomes final.
std::vector<Batch> LiveQuery::NextRows(int rows) {
  constexpr uint64_t kScatter = 2654435769;
  return MakeBatches(schema_, rows, [&](int64_t, int i, Batch* batch) {
    batch->mutable_column(0).mutable_values<int64_t>()[i] = 1'000'000;
    batch->mutable_column(1).mutable_values<int64_t>()[i] =
        static_cast<int64_t>(next_row_++ * kScatter % static_cast<uint64_t>(options_.keys));
  });
}

void LiveQuery::RunEpochs(int rows, std::vector<double>* turns) {
  for (int epoch = 0; epoch < kEpochsPerPass; ++epoch) {
    stream_->Add(NextRows(rows));
    turns->push_back(TimeOnceWall([&] { Turn(EpochKind::kData); }));
    if (epoch % 64 == 0) sink_->Clear();
  }
}

void LiveQuery::Turn(EpochKind expected) {
  Check(loop_->RunOnce(&summary_));
  Require(summary_.kind == expected, "the epoch is not of the kind that is measured");
}

void LiveQuery::RunLimit(int rows) {
  for (int epoch = 0; epoch < kEpochsPerPass; ++epoch) {
    limit_log_.Append(kEpochRecordBytes);
    if (rows > 0) {
      int64_t keys[kRowsPerEpoch];
      for (int i = 0; i < rows; ++i) {
        keys[i] =
            static_cast<int64_t>(NumberAt(9, next_row_ + i) % static_cast<uint64_t>(options_.keys));
      }
      limit_count_.Push(keys, rows);
    }
    limit_log_.Append(kCommitRecordBytes);
  }
}

void Measure(LiveQuery& query, int rows, Figure figure, Report& report) {
  std::vector<double> turns;
  Series limit, epochs;
  for (int round = 0; round < report.rounds(); ++round) {
    limit.passes.push_back(TimeOnce([&] { query.RunLimit(rows); }));
    const size_t before = turns.size();
    Cost cost = TimeOnce([&] { query.RunEpochs(rows, &turns); });
    cost.seconds = 0;
    for (size_t i = before; i < turns.size(); ++i) cost.seconds += turns[i];
    epochs.passes.push_back(cost);
  }
  figure.value = epochs.Best().seconds / kEpochsPerPass * 1e6;
  figure.noise = epochs.Noise();
  figure.limit = limit.Best().seconds / kEpochsPerPass * 1e6;
  figure.state_mb = query.state_mb();
  std::sort(turns.begin(), turns.end());
  figure.remark = fmt::format("of {} epochs: p50 {:.2f}, p99 {:.2f}, max {:.0f} µs", turns.size(),
                              turns[turns.size() / 2] * 1e6, turns[turns.size() * 99 / 100] * 1e6,
                              turns.back() * 1e6);
  report.Add(figure);
}

}  // namespace
}  // namespace thalweg
