// QueryRun: one run of a query over its checkpoint, from recovery to the first error. An EpochLoop
// owns one at a time; its one way back is to throw it away and open another, so that a retry in the
// process and a restart of the process are the same code. Nobody else includes this.
//
//   Open ─▶ recovered: state at the last commit, perhaps an epoch that was logged and not committed
//        ─▶ RunOnce* ─▶ SealAll ─▶ gone            (after an error: only gone)
//
// One thread: the query's coordinator.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "streaming/checkpoint.h"
#include "streaming/epoch_loop.h"
#include "streaming/log_format.h"
#include "streaming/query_log.h"
#include "streaming/watermark.h"

namespace thalweg {

/// What outlives a run.
struct QueryRunContext {
  Env* env = nullptr;
  RelationPtr relation;
  const EpochLoopOptions* options = nullptr;
  const Checkpoint* checkpoint = nullptr;
  Waker* waker = nullptr;
};

/// Settings of the loop, read once a run.
struct LoopSettings {
  bool sync = false;  // durability = power
  bool no_data_epochs = true;
  bool two_thresholds = true;  // false: late rows are told by the evicting watermark too
  WatermarkPolicy policy = WatermarkPolicy::kMin;
  int64_t seal_interval_ns = 0;
  int64_t seal_bytes = 0;
  int64_t retained_epochs = 0;
};

class QueryRun {
 public:
  explicit QueryRun(const QueryRunContext& context);

  /// Opens everything and recovers (query_run_open.cc).
  Status Open();
  Status RunOnce(EpochSummary* summary);
  /// Makes what was committed durable, state included.
  Status SealAll();

  bool WantsNoDataEpoch() const;
  int64_t UsUntilSeal() const;
  /// True when what failed was to make something durable: nothing is known then (DESIGN.md §4.5).
  bool failed_for_good() const { return failed_for_good_; }
  int64_t next_epoch() const { return pending_ ? record_.epoch : committed_epoch_ + 1; }
  int64_t durable_state() const { return log_->state().durable_state; }
  const PhysicalPlan& plan() const { return *plan_; }
  StateStore& state() { return *state_; }

 private:
  // ---- recovery
  Status OpenLog();
  Status MakePlan();
  Status CheckProgram(const ProgramRecord& now) const;
  Status OpenSources();
  Status OpenSink();
  Status CheckSink() const;
  Status AdoptPreparedEpoch();
  Status Replay();
  Status OtherStreams(size_t logged) const;
  Status ReplayEpoch(const LoggedEpoch& logged);
  Status CheckReadCounts(const CommitRecord& logged) const;
  bool SinkHas(int64_t epoch) const;

  // ---- epochs
  Status ChooseEpoch(EpochKind* kind);
  Status RunRecord(bool write);
  Status CommitRecorded(bool write);
  void FillCommit();
  Status SealIfDue();
  Status Seal();
  Status WriteState(int64_t version);
  Status SealRecorded();
  Status SyncLog();

  const QueryRunContext context_;
  const EpochLoopOptions& options_;
  Env& env_;
  Conf conf_;  // of the session, under what the checkpoint keeps
  LoopSettings settings_;

  std::unique_ptr<QueryLog> log_;
  std::unique_ptr<StateStore> state_;
  std::unique_ptr<PhysicalPlan> plan_;
  std::vector<std::unique_ptr<Source>> sources_;  // parallel to plan_->sources
  std::unique_ptr<Sink> sink_;
  std::unique_ptr<EpochRunner> runner_;
  std::optional<WatermarkTracker> watermark_;

  std::vector<int> streams_;          // indices into plan_->sources: a log's sources, in order
  std::vector<ReadLimits> limits_;    // by stream
  std::vector<int> watermark_nodes_;  // ids of plan nodes, by watermark node
  bool strict_ = false;               // state is sealed with every commit
  bool evicts_ = false;               // some operator would release something without input

  int64_t committed_epoch_ = -1;
  std::vector<Offset> positions_;          // by stream: the end of the committed epoch
  std::optional<int64_t> sink_committed_;  // what the sink said at recovery
  int64_t used_watermark_us_ = 0;          // by the committed epoch
  bool has_run_ = false;                   // an epoch of this run was committed
  bool pending_ = false;                   // record_ is logged and not committed
  bool failed_for_good_ = false;
  int64_t sealed_epoch_ = -1;
  int64_t unsealed_since_ns_ = 0;  // when the first commit after the last seal was
  int64_t sink_done_ns_ = 0;       // when the sink had the last epoch
  int64_t rows_unweighed_ = 0;     // read since the state's dirty bytes were looked at

  // Reused by every epoch.
  EpochRecord record_;
  CommitRecord commit_;
  EpochInput input_;
  EpochResult* result_ = nullptr;  // of the running epoch
  EpochResult replay_result_;
  std::vector<EventTimeStats> event_times_;
};

}  // namespace thalweg
