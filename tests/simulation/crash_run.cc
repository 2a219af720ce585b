#include "crash_run.h"

#include <charconv>

#include <fmt/format.h>

#include "query.h"
#include "streaming/epoch_loop.h"
#include "streaming/query_log.h"

namespace thalweg {
namespace {

constexpr const char* kCheckpoint = "/checkpoint/query";
constexpr int kTurnsMax = 200;

class CrashRun {
 public:
  CrashRun(const Scenario& scenario, const CrashPoints& crash);
  RunReport Run();

 private:
  enum class LifeEnd { kCrashed, kStopped, kFailed };

  LifeEnd Live(int64_t crash_at_call);
  LifeEnd LiveWith(EpochLoop& loop);
  LifeEnd LastLife();
  LifeEnd TakeTurns(EpochLoop& loop, int turns);
  LifeEnd Stop(EpochLoop& loop);
  LifeEnd Ended(const Status& status, const char* doing);
  Result<std::unique_ptr<EpochLoop>> Start(Env& env);
  int64_t NextCrash() const;
  void Add(const std::vector<Row>& rows);

  void Judge();
  std::string CompareWithBatchAnswer() const;
  std::string CompareEpochs(const std::vector<EpochRecord>& epochs);
  Status ReadLog(std::vector<EpochRecord>* epochs);
  std::vector<Row> RowsOf(const Offset& from, const Offset& to) const;
  std::vector<Row> InPartitionOrder(const std::vector<const std::vector<Row>*>& added) const;

  const Scenario scenario_;
  const CrashPoints crash_;
  const QueryShape shape_;
  const int partitions_;
  const Feed feed_;
  SimWorld world_;
  std::shared_ptr<MemoryStream> source_;
  MemoryRows sink_;
  RelationPtr plan_;
  MemoryBudget budget_{"query", MemoryBudget::kUnlimited, nullptr};

  size_t next_step_ = 0;
  bool restarted_ = false;  // before next_step_
  std::vector<std::vector<Row>> added_;
  std::vector<int64_t> added_offsets_;  // end offset after each
  int crashes_ = 0;
  int64_t calls_before_ = 0;  // of the lives that are over
  RunReport report_;
};

/// The Conf of a run: small lanes, so that several workers get rows of a small feed.
Conf ScenarioConf(const Scenario& scenario);
int64_t OffsetNumber(const Offset& offset);

}  // namespace

RunReport RunScenario(const Scenario& scenario, const CrashPoints& crash) {
  return CrashRun(scenario, crash).Run();
}

std::string Scenario::ToString() const {
  const char* skips[] = {"", " --skip epoch-record", " --skip state-seal", " --skip sink-commit"};
  return fmt::format("--seed {} --workers {} --rows {} --durability {} --crash {}{}{}{}", seed,
                     workers, rows_per_batch, power_durability ? "power" : "process",
                     crash_kind == CrashKind::kPower ? "power" : "process",
                     sliding ? " --sliding" : "", late_rows ? " --late" : "",
                     skips[static_cast<int>(skipped)]);
}

namespace {

CrashRun::CrashRun(const Scenario& scenario, const CrashPoints& crash)
    : scenario_(scenario),
      crash_(crash),
      shape_{10'000'000, scenario.sliding ? 4'000'000 : 10'000'000, kDelayUs},
      partitions_(scenario.seed % 2 == 0 ? 1 : 2),
      feed_(MakeFeed(scenario.seed, scenario.late_rows)),
      world_({scenario.seed, scenario.workers, scenario.crash_kind}),
      source_(std::make_shared<MemoryStream>("events", FeedSchema(), partitions_)),
      sink_("results", ResultSchema(shape_)),
      plan_(WindowedCount(source_->table(), shape_)) {
  source_->ForgetReleased();  // what was released too early is missed
}

RunReport CrashRun::Run() {
  LifeEnd end = LifeEnd::kStopped;
  while (end != LifeEnd::kFailed && (next_step_ < feed_.steps.size() || end == LifeEnd::kCrashed)) {
    end = Live(NextCrash());
    calls_before_ += world_.calls();
    if (end == LifeEnd::kCrashed) {
      ++crashes_;
      world_.Crash();
    }
  }
  report_.calls = calls_before_;
  report_.crashed = crashes_ > 0;
  if (end == LifeEnd::kStopped) end = LastLife();
  if (end == LifeEnd::kCrashed) report_.failure = "the last life crashed without a reason";
  if (report_.failure.empty()) Judge();
  return report_;
}

// Life

int64_t CrashRun::NextCrash() const {
  if (crashes_ == 0 && crash_.at > calls_before_) return crash_.at - calls_before_;
  return crashes_ == 1 ? crash_.again : 0;
}

CrashRun::LifeEnd CrashRun::Live(int64_t crash_at_call) {
  Env& env = world_.NewLife(crash_at_call);
  Result<std::unique_ptr<EpochLoop>> loop = Start(env);
  if (!loop.ok() || world_.crashed()) return Ended(loop.status(), "start");
  return LiveWith(**loop);
}

CrashRun::LifeEnd CrashRun::LiveWith(EpochLoop& loop) {
  while (next_step_ < feed_.steps.size()) {
    const Step& step = feed_.steps[next_step_];
    if (step.restarts && !restarted_) {
      restarted_ = true;
      return Stop(loop);
    }
    restarted_ = false;
    ++next_step_;  // the world goes on, whatever becomes of the query
    world_.AdvanceUs(step.advance_us);
    Add(step.rows);
    const LifeEnd end = TakeTurns(loop, step.turns);
    if (end != LifeEnd::kStopped) return end;
  }
  const LifeEnd end = TakeTurns(loop, kTurnsMax);
  return end == LifeEnd::kStopped ? Stop(loop) : end;
}

/// A life that nothing disturbs: a row far ahead closes every window.
CrashRun::LifeEnd CrashRun::LastLife() {
  Env& env = world_.NewLife();
  Result<std::unique_ptr<EpochLoop>> loop = Start(env);
  if (!loop.ok()) return Ended(loop.status(), "start");
  Add({{feed_.end_us, 0, 1, 1.0}});
  const LifeEnd end = TakeTurns(**loop, kTurnsMax);
  return end == LifeEnd::kStopped ? Stop(**loop) : end;
}

/// Until the query has nothing to do, at most `turns` times; kStopped: it goes on.
CrashRun::LifeEnd CrashRun::TakeTurns(EpochLoop& loop, int turns) {
  EpochSummary summary;
  for (int turn = 0; turn < turns; ++turn) {
    const Status status = loop.RunOnce(&summary);
    if (!status.ok() || world_.crashed()) return Ended(status, "epoch");
    if (summary.kind == EpochKind::kNone) break;
    if (turn + 1 == kTurnsMax) {
      report_.failure = "the query never comes to rest";
      return LifeEnd::kFailed;
    }
  }
  return LifeEnd::kStopped;
}

CrashRun::LifeEnd CrashRun::Stop(EpochLoop& loop) {
  const Status status = loop.Stop();
  return status.ok() && !world_.crashed() ? LifeEnd::kStopped : Ended(status, "stop");
}

CrashRun::LifeEnd CrashRun::Ended(const Status& status, const char* doing) {
  if (world_.crashed()) return LifeEnd::kCrashed;
  report_.refused = crashes_ > 0 && std::string_view(doing) == "start";
  report_.failure = fmt::format("{} failed: {}", doing, status.ToString());
  return LifeEnd::kFailed;
}

Result<std::unique_ptr<EpochLoop>> CrashRun::Start(Env& env) {
  EpochLoopOptions options;
  options.checkpoint = kCheckpoint;
  options.conf = ScenarioConf(scenario_);
  options.sink_table = sink_.table();
  options.budget = &budget_;
  options.skip_epoch_record = scenario_.skipped == SkippedStep::kEpochRecord;
  options.skip_state_seal = scenario_.skipped == SkippedStep::kStateSeal;
  options.skip_sink_commit = scenario_.skipped == SkippedStep::kSinkCommit;
  return EpochLoop::Start(plan_, env, std::move(options));
}

void CrashRun::Add(const std::vector<Row>& rows) {
  AddedBatches added = ToBatches(rows, partitions_, scenario_.rows_per_batch);
  source_->Add(std::move(added.batches), std::move(added.partitions));
  added_.push_back(rows);
  added_offsets_.push_back(source_->end_offset());
}

// Judgement

void CrashRun::Judge() {
  report_.rows_out = 0;
  if (!scenario_.late_rows) report_.failure = CompareWithBatchAnswer();
  if (!report_.failure.empty()) return;
  std::vector<EpochRecord> epochs;
  const Status status = ReadLog(&epochs);
  report_.failure = status.ok() ? CompareEpochs(epochs)
                                : fmt::format("reading the log failed: {}", status.ToString());
}

/// All that came out against all that went in; nothing of the engine's own records is asked.
std::string CrashRun::CompareWithBatchAnswer() const {
  std::vector<const std::vector<Row>*> all;
  for (const std::vector<Row>& rows : added_) all.push_back(&rows);
  std::vector<WindowRow> found = ToWindowRows(sink_.All(), shape_);
  std::vector<WindowRow> expected =
      BatchAnswer(InPartitionOrder(all), shape_, feed_.end_us - shape_.delay_us);
  if (partitions_ > 1) {
    // Where the epochs end decides in which order doubles of two partitions are added: these sums
    // are judged epoch by epoch.
    for (std::vector<WindowRow>* rows : {&found, &expected}) {
      for (WindowRow& row : *rows) row.amount_bits = 0;
    }
  }
  const std::string difference = Difference(expected, found);
  return difference.empty() ? "" : "not the batch answer: " + difference;
}

/// Epoch by epoch, by the boundaries that the log holds.
std::string CrashRun::CompareEpochs(const std::vector<EpochRecord>& epochs) {
  EpochOracle oracle(shape_);
  std::vector<int64_t> committed;  // with rows
  Offset from;
  for (size_t i = 0; i < epochs.size(); ++i) {
    const EpochRecord& epoch = epochs[i];
    if (epoch.epoch != static_cast<int64_t>(i) || !(epoch.from.at(0) == from)) {
      return fmt::format("epoch record {} does not follow: epoch {} from {}, expected from {}", i,
                         epoch.epoch, epoch.from.at(0).json, from.json);
    }
    from = epoch.to.at(0);
    if (epoch.watermark_us != oracle.watermark_us()) {
      return fmt::format("epoch {}: watermark {} us, expected {}", i, epoch.watermark_us,
                         oracle.watermark_us());
    }
    const std::vector<WindowRow> expected = oracle.Run(RowsOf(epoch.from[0], epoch.to[0]));
    const std::string difference =
        Difference(expected, ToWindowRows(sink_.Epoch(epoch.epoch), shape_));
    if (!difference.empty()) return fmt::format("epoch {}: {}", i, difference);
    if (!expected.empty()) committed.push_back(epoch.epoch);
    report_.rows_out += static_cast<int64_t>(expected.size());
  }
  report_.epochs = static_cast<int64_t>(epochs.size());
  report_.late_rows = oracle.late_rows();
  if (OffsetNumber(from) != source_->end_offset()) return "the log ends before the input does";
  const bool same = sink_.Epochs() == committed && sink_.last_committed() + 1 == report_.epochs;
  return same ? "" : "the sink holds other epochs than the log";
}

Status CrashRun::ReadLog(std::vector<EpochRecord>* epochs) {
  THALWEG_ASSIGN_OR_RETURN(auto log,
                           QueryLog::Open(world_.NewLife(), JoinPath(kCheckpoint, "log"), {}));
  THALWEG_ASSIGN_OR_RETURN(auto cursor, log->EpochsAfter(-1));
  for (LoggedEpoch epoch;;) {
    THALWEG_ASSIGN_OR_RETURN(const bool more, cursor->Next(&epoch));
    if (!more) return Status::OK();
    if (!epoch.commit) return Status::Bug("an epoch has no commit record");
    epochs->push_back(epoch.epoch);
  }
}

std::vector<Row> CrashRun::RowsOf(const Offset& from, const Offset& to) const {
  std::vector<const std::vector<Row>*> some;
  for (size_t i = 0; i < added_.size(); ++i) {
    if (added_offsets_[i] > OffsetNumber(from) && added_offsets_[i] <= OffsetNumber(to)) {
      some.push_back(&added_[i]);
    }
  }
  return InPartitionOrder(some);
}

/// Rows are numbered by partition, then by position (DESIGN.md §4.6).
std::vector<Row> CrashRun::InPartitionOrder(
    const std::vector<const std::vector<Row>*>& added) const {
  std::vector<Row> rows;
  for (int partition = 0; partition < partitions_; ++partition) {
    for (const std::vector<Row>* some : added) {
      for (size_t i = partition; i < some->size(); i += partitions_) rows.push_back((*some)[i]);
    }
  }
  return rows;
}

Conf ScenarioConf(const Scenario& scenario) {
  Conf conf;
  const auto set = [&](const char* key, const std::string& value) {
    THALWEG_CHECK(conf.Set(key, value).ok(), "a setting of the simulation is refused");
  };
  set("thalweg.durability", scenario.power_durability ? "power" : "process");
  set("thalweg.exec.batchRows", fmt::to_string(scenario.rows_per_batch));
  set("thalweg.exec.fanOutRows", "1");
  return conf;
}

int64_t OffsetNumber(const Offset& offset) {
  int64_t number = -1;
  std::from_chars(offset.json.data(), offset.json.data() + offset.json.size(), number);
  return number;
}

}  // namespace
}  // namespace thalweg
