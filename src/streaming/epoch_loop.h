// EpochLoop: the clock of one query. One epoch is
//
//   choose offsets ▸ log ▸ run ▸ commit state ▸ commit sink ▸ log ▸ release
//
// and a crash anywhere, or an error that may be retried, goes the one way back: drop the state,
// load version K, replay K+1 … n-1 with their logged records, run n (DESIGN.md §4.5). One thread:
// the query's coordinator. Triggers, threads and listeners live above (StreamingQuery).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/conf.h"
#include "exec/epoch_runner.h"
#include "streaming/query_log.h"
#include "streaming/watermark.h"

namespace thalweg {

struct EpochLoopOptions {
  std::string query_id;    // "" makes one for a new checkpoint
  std::string checkpoint;  // directory
  Conf conf;
  OutputMode mode = OutputMode::kAppend;
  TablePtr sink_table;
  MemoryBudget* budget = nullptr;  // of the query
  /// Steps that a test switches off to show that the crash test would notice. Never set otherwise.
  bool skip_epoch_record = false;
  bool skip_state_seal = false;
  bool skip_sink_commit = false;
};

enum class EpochKind : uint8_t { kNone, kData, kNoData };

/// What one call of RunOnce did, for progress and tests. Reused by the caller.
struct EpochSummary {
  EpochKind kind = EpochKind::kNone;
  int64_t epoch = -1;
  int64_t batch_time_us = 0;
  int64_t watermark_us = 0;  // used by the epoch
  int64_t next_watermark_us = 0;
  std::vector<SourceRange> ranges;
  EpochResult result;
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
  /// if an operator asks, else none. After an error the loop can only be destroyed or, for a world
  /// error, asked to Recover.
  Status RunOnce(EpochSummary* summary);
  /// The one way back, in the process.
  Status Recover();
  /// True when the watermark moved and an operator would release something without input.
  bool WantsNoDataEpoch() const;
  /// Called by a source when it has more; wakes whoever waits on `wake`.
  Signal& wake();
  /// Seals the state and closes cleanly.
  Status Stop();

  const std::string& query_id() const;
  int64_t next_epoch() const;
  const PhysicalPlan& physical_plan() const;
  StateStore& state();

 private:
  struct Rep;
  explicit EpochLoop(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace thalweg
