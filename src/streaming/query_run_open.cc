// Recovery: how a run comes to stand before its next epoch (DESIGN.md §4.5).
#include <algorithm>
#include <charconv>

#include "streaming/program.h"
#include "streaming/query_run.h"

namespace thalweg {
namespace {

LoopSettings SettingsOf(const Conf& conf);
Result<ReadLimits> LimitsOf(const FieldMap& options);
ChangeMode ChangeModeOf(OutputMode mode);

}  // namespace

QueryRun::QueryRun(const QueryRunContext& context)
    : context_(context), options_(*context.options), env_(*context.env) {}

Status QueryRun::Open() {
  THALWEG_RETURN_NOT_OK(OpenLog());
  THALWEG_RETURN_NOT_OK(MakePlan());
  const ProgramRecord program = ProgramOf(*plan_, conf_, options_.versions);
  THALWEG_RETURN_NOT_OK(CheckProgram(program));
  THALWEG_RETURN_NOT_OK(OpenSources());
  THALWEG_RETURN_NOT_OK(OpenSink());
  THALWEG_RETURN_NOT_OK(CheckSink());
  THALWEG_RETURN_NOT_OK(AdoptPreparedEpoch());
  RunnerWorld world;
  world.env = &env_;
  world.state = state_.get();
  for (const auto& source : sources_) world.sources.push_back(source.get());
  world.sink = sink_.get();
  THALWEG_ASSIGN_OR_RETURN(runner_,
                           EpochRunner::Make(*plan_, world, RunnerOptionsOf(*plan_, conf_)));
  THALWEG_RETURN_NOT_OK(Replay());
  if (log_->state().program == program) return Status::OK();
  return log_->AppendProgram(program);
}

// Opens the log; what it says of the settings comes before what the session says.
Status QueryRun::OpenLog() {
  conf_ = options_.conf;
  settings_ = SettingsOf(conf_);
  QueryLogOptions log_options;
  log_options.sync = settings_.sync;
  log_options.retained_epochs = settings_.retained_epochs;
  THALWEG_ASSIGN_OR_RETURN(log_,
                           QueryLog::Open(env_, context_.checkpoint->log_directory(), log_options));
  if (!log_->state().program) return Status::OK();
  THALWEG_RETURN_NOT_OK(ApplyPinnedConf(*log_->state().program, &conf_));
  settings_ = SettingsOf(conf_);
  return Status::OK();
}

Status QueryRun::MakePlan() {
  StateStoreOptions state_options;
  state_options.directory = context_.checkpoint->state_directory();
  state_options.sync = settings_.sync;
  state_ = std::make_unique<StateStore>(env_, options_.budget, state_options);
  PlannerContext planner;
  planner.env = &env_;
  planner.state = state_.get();
  planner.budget = options_.budget;
  planner.mode = options_.mode;
  planner.single_writer = options_.sink_table->info().single_writer;
  THALWEG_ASSIGN_OR_RETURN(plan_, PlanPhysical(context_.relation, planner));
  strict_ = plan_->strict || options_.strict;
  std::vector<int64_t> delays_us;
  for (const auto& node : plan_->nodes) {
    if (node->watermark_delay_us < 0) continue;
    watermark_nodes_.push_back(node->id);
    delays_us.push_back(node->watermark_delay_us);
  }
  evicts_ = ReleasesWithoutInput(*plan_);
  event_times_.resize(watermark_nodes_.size());
  watermark_.emplace(std::move(delays_us), settings_.policy);
  return Status::OK();
}

// A replay must be done by the program that ran the epochs first.
Status QueryRun::CheckProgram(const ProgramRecord& now) const {
  const LogState& logged = log_->state();
  if (!logged.program || logged.durable_state == logged.last_epoch_number()) return Status::OK();
  return CheckSameProgram(*logged.program, now);
}

Status QueryRun::OpenSources() {
  for (size_t i = 0; i < plan_->sources.size(); ++i) {
    if (plan_->sources[i].streaming) streams_.push_back(static_cast<int>(i));
  }
  const std::optional<EpochRecord>& last = log_->state().last_epoch;
  if (last && last->to.size() != streams_.size()) return OtherStreams(last->to.size());
  positions_.resize(streams_.size());
  record_.from.resize(streams_.size());
  record_.to.resize(streams_.size());
  commit_.read.resize(streams_.size());
  input_.ranges.resize(plan_->sources.size());
  for (const PhysicalSource& planned : plan_->sources) {
    SourceContext context;
    context.env = &env_;
    context.streaming = planned.streaming;
    context.available_now = options_.available_now;
    Offset from;
    if (planned.streaming) {
      const size_t stream = limits_.size();
      if (!planned.table->info().replayable) {
        return NotSupportedYet("streaming from " + planned.table->info().description +
                               ", which cannot be read again");
      }
      THALWEG_ASSIGN_OR_RETURN(const ReadLimits limits, LimitsOf(planned.options));
      limits_.push_back(limits);
      context.directory = context_.checkpoint->source_directory(static_cast<int>(stream));
      if (last) from = last->to[stream];
    }
    THALWEG_ASSIGN_OR_RETURN(auto source, planned.table->OpenSource());
    THALWEG_RETURN_NOT_OK(source->Open(context, from));
    sources_.push_back(std::move(source));
  }
  return Status::OK();
}

Status QueryRun::OpenSink() {
  const TableInfo& info = options_.sink_table->info();
  SinkContext context;
  context.env = &env_;
  context.query_id = context_.checkpoint->query_id();
  context.directory = context_.checkpoint->sink_directory();
  context.schema = plan_->schema;
  context.mode = ChangeModeOf(plan_->mode);
  const auto& modes = info.accepted_modes;
  if (std::find(modes.begin(), modes.end(), context.mode) == modes.end()) {
    return NotSupportedYet("this output mode into " + info.description);
  }
  THALWEG_ASSIGN_OR_RETURN(sink_, options_.sink_table->OpenSink());
  THALWEG_RETURN_NOT_OK(sink_->Open(context));
  THALWEG_ASSIGN_OR_RETURN(sink_committed_, sink_->LastCommitted());
  return Status::OK();
}

// The sink must stand where the log can bring it on from.
Status QueryRun::CheckSink() const {
  const LogState& logged = log_->state();
  if (!sink_committed_) return Status::OK();
  if (*sink_committed_ > logged.last_epoch_number()) {
    return Status::User("THALWEG_SINK_AHEAD_OF_LOG",
                        {{"sinkEpoch", std::to_string(*sink_committed_)},
                         {"logEpoch", std::to_string(logged.last_epoch_number())}});
  }
  if (*sink_committed_ < logged.durable_state) {
    return Status::User("THALWEG_SINK_BEHIND_STATE",
                        {{"sinkEpoch", std::to_string(*sink_committed_)},
                         {"stateEpoch", std::to_string(logged.durable_state)}});
  }
  return Status::OK();
}

// A strict epoch cannot be run again to the same end. Where the sink has it, its state, which was
// sealed before, is the one that belongs to it.
Status QueryRun::AdoptPreparedEpoch() {
  const std::optional<CommitRecord> prepared = log_->state().prepared;
  if (!prepared || !SinkHas(prepared->epoch)) return Status::OK();
  return log_->AppendCommit(*prepared, /*state_is_durable=*/true);
}

// Loads the durable state and runs again what was committed after it.
Status QueryRun::Replay() {
  const LogState& logged = log_->state();
  THALWEG_RETURN_NOT_OK(state_->Load(logged.durable_state));
  sealed_epoch_ = logged.durable_state;
  committed_epoch_ = logged.last_commit_number();
  THALWEG_ASSIGN_OR_RETURN(const auto cursor, log_->EpochsAfter(sealed_epoch_));
  LoggedEpoch epoch;
  while (true) {
    THALWEG_ASSIGN_OR_RETURN(const bool more, cursor->Next(&epoch));
    if (!more) break;
    if (epoch.epoch.to.size() != streams_.size()) return OtherStreams(epoch.epoch.to.size());
    record_ = epoch.epoch;
    pending_ = !epoch.commit.has_value();
    if (!pending_) THALWEG_RETURN_NOT_OK(ReplayEpoch(epoch));
  }
  unsealed_since_ns_ = env_.clock().MonotonicNs();
  if (!logged.last_epoch) return Status::OK();
  positions_ = pending_ ? record_.from : logged.last_epoch->to;
  used_watermark_us_ = pending_ ? record_.late_watermark_us : logged.last_epoch->watermark_us;
  int64_t watermark_us = logged.last_epoch->watermark_us;
  if (logged.last_commit) {
    watermark_us = std::max(watermark_us, logged.last_commit->next_watermark_us);
  }
  watermark_->Restore(watermark_us);
  return Status::OK();
}

// A committed epoch again, for the state; also for the sink, if that has lost it.
Status QueryRun::ReplayEpoch(const LoggedEpoch& logged) {
  const bool write = sink_committed_.has_value() && !SinkHas(record_.epoch);
  result_ = &replay_result_;
  THALWEG_RETURN_NOT_OK(RunRecord(write));
  THALWEG_RETURN_NOT_OK(CheckReadCounts(*logged.commit));
  if (!write || options_.skip_sink_commit) return Status::OK();
  THALWEG_RETURN_NOT_OK(SyncLog());
  return sink_->Commit(record_.epoch, result_->parts);
}

Status QueryRun::CheckReadCounts(const CommitRecord& logged) const {
  for (size_t i = 0; i < streams_.size() && i < logged.read.size(); ++i) {
    const auto source = static_cast<size_t>(streams_[i]);
    const SourceCounts& found = result_->read[source];
    const ReadCounts& expected = logged.read[i];
    if (expected.rows < 0 || !found.complete) continue;
    if (found.rows == expected.rows && found.bytes == expected.bytes) continue;
    const auto shown = [](int64_t rows, int64_t bytes) {
      return std::to_string(rows) + " rows, " + std::to_string(bytes) + " bytes";
    };
    return Status::User("STATE_REPLAY_INPUT_CHANGED",
                        {{"epoch", std::to_string(logged.epoch)},
                         {"source", plan_->sources[source].table->info().description},
                         {"expected", shown(expected.rows, expected.bytes)},
                         {"found", shown(found.rows, found.bytes)}});
  }
  return Status::OK();
}

Status QueryRun::OtherStreams(size_t logged) const {
  return Status::User(
      "THALWEG_CHECKPOINT_OF_OTHER_QUERY",
      {{"path", context_.checkpoint->directory()},
       {"difference", "it reads " + std::to_string(logged) + " streams, this query " +
                          std::to_string(streams_.size())}});
}

bool QueryRun::SinkHas(int64_t epoch) const {
  return sink_committed_.has_value() && epoch <= *sink_committed_;
}

namespace {

LoopSettings SettingsOf(const Conf& conf) {
  LoopSettings settings;
  settings.sync = conf.Get("thalweg.durability") == "power";
  settings.no_data_epochs = conf.GetBool("spark.sql.streaming.noDataMicroBatches.enabled");
  settings.two_thresholds = conf.GetBool("spark.sql.streaming.statefulOperator.allowMultiple");
  settings.policy = conf.Get("spark.sql.streaming.multipleWatermarkPolicy") == "max"
                        ? WatermarkPolicy::kMax
                        : WatermarkPolicy::kMin;
  settings.seal_interval_ns = conf.GetDurationUs("thalweg.state.sealInterval") * 1000;
  settings.seal_bytes = conf.GetBytes("thalweg.state.sealBytes");
  settings.retained_epochs = conf.GetInt("spark.sql.streaming.minBatchesToRetain");
  return settings;
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

// The rate limits among the options of a read; its provider has accepted them.
Result<ReadLimits> LimitsOf(const FieldMap& options) {
  ReadLimits limits;
  for (const auto& [key, text] : options) {
    int64_t* limit = nullptr;
    if (EqualsIgnoringCase(key, "maxOffsetsPerTrigger")) limit = &limits.rows;
    if (EqualsIgnoringCase(key, "maxFilesPerTrigger")) limit = &limits.files;
    if (EqualsIgnoringCase(key, "maxBytesPerTrigger")) limit = &limits.bytes;
    if (limit == nullptr) continue;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *limit);
    if (error == std::errc() && end == text.data() + text.size() && *limit > 0) continue;
    return Status::User(
        "INVALID_CONF_VALUE.TYPE_MISMATCH",
        {{"confValue", text}, {"confName", key}, {"confType", "a positive whole number"}});
  }
  return limits;
}

ChangeMode ChangeModeOf(OutputMode mode) {
  switch (mode) {
    case OutputMode::kAppend:
      return ChangeMode::kAppend;
    case OutputMode::kUpdate:
      return ChangeMode::kUpsert;
    case OutputMode::kComplete:
      return ChangeMode::kComplete;
  }
  return ChangeMode::kAppend;
}

}  // namespace
}  // namespace thalweg
