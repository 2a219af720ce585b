// EpochLoop: the clock of one query. One epoch is
//
//   choose offsets ▸ log ▸ run ▸ commit state ▸ commit sink ▸ log ▸ release
//
// and a crash anywhere, or an error that may be retried, goes the one way back: drop the state,
// load version K, replay K+1 … n-1 with their logged records, run n (DESIGN.md §4.5). State is
// committed to disk on its own cadence (thalweg.state.seal*), or with every epoch if the plan is
// strict. One thread: the query's coordinator. Triggers, threads and listeners live above.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/conf.h"
#include "exec/epoch_runner.h"

namespace thalweg {

struct EpochLoopOptions {
  std::string query_id;    // "": that of the checkpoint, or a new one
  std::string checkpoint;  // directory
  Conf conf;
  OutputMode mode = OutputMode::kAppend;
  TablePtr sink_table;
  MemoryBudget* budget = nullptr;  // of the query
  std::string versions;            // for the program record: see streaming/program.h
  bool available_now = false;      // sources end at what they hold at the start
  bool strict = false;             // seal with every commit even if the plan can be replayed
  /// Steps that a test switches off to show that the crash test would notice. Never set otherwise.
  bool skip_epoch_record = false;
  bool skip_state_seal = false;
  bool skip_sink_commit = false;
};

enum class EpochKind : uint8_t { kNone, kData, kNoData };

/// Where the time of an epoch went, in ns; for progress.
struct EpochTimes {
  int64_t latest_offset = 0;   // asking the sources
  int64_t wal_commit = 0;      // writing the epoch's record
  int64_t add_batch = 0;       // operators, writers and the sink's commit
  int64_t commit_offsets = 0;  // writing the commit's record
};

/// What one call of RunOnce did, for progress and tests. Reused by the caller.
struct EpochSummary {
  EpochKind kind = EpochKind::kNone;
  // The rest is only of an epoch that ran.
  int64_t epoch = -1;
  int64_t batch_time_us = 0;
  int64_t watermark_us = 0;  // used by the epoch
  int64_t next_watermark_us = 0;
  std::vector<SourceRange> ranges;  // parallel to plan.sources
  EpochTimes times;
  EpochResult result;
  // Set by who drives the loop, for rates: of this call, and between the beginnings of this one and
  // of the last one that ran an epoch (0: there was none).
  int64_t duration_us = 0;
  int64_t since_previous_us = 0;
};

class EpochLoop {
 public:
  /// Opens checkpoint, sources and sink and recovers: after this the loop stands before the next
  /// epoch. `plan` is the typed logical plan. Errors: those of the checkpoint (in use, damaged, of
  /// another query), of the program check, of sources and sink, of the planner.
  static Result<std::unique_ptr<EpochLoop>> Start(const RelationPtr& plan, Env& env,
                                                  EpochLoopOptions options);
  ~EpochLoop();

  /// Runs at most one epoch: the logged but uncommitted one, else one with data, else a no-data one
  /// if an operator asks, else none. After an error the loop can only be destroyed or, if the error
  /// may be retried, asked to Recover.
  Status RunOnce(EpochSummary* summary);
  /// A world error that a replay may cure; not a failed sync, nor damaged files.
  bool CanRecover() const;
  /// The one way back, in the process; like a restart, except that the checkpoint stays locked.
  Status Recover();
  /// True when the watermark moved and an operator would release something without input.
  bool WantsNoDataEpoch() const;
  /// Set by a source that found nothing in RunOnce and has more now.
  Signal& wake();
  /// When RunOnce should be called even without input, to seal what is not: µs from now, 0: now;
  /// -1: never.
  int64_t UsUntilSeal() const;
  /// Seals the state and closes cleanly; after an error only closes.
  Status Stop();

  const std::string& query_id() const;
  int64_t next_epoch() const;
  /// The version that is durable, -1: none.
  int64_t durable_state() const;
  /// Of the present run: Recover makes others.
  const PhysicalPlan& physical_plan() const;
  StateStore& state();
  ContainerMetrics state_metrics() const;
  const EpochLoopOptions& options() const;

 private:
  struct Rep;
  explicit EpochLoop(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace thalweg
