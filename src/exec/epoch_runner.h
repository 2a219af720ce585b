// EpochRunner: runs one epoch of a physical plan on the workers (DESIGN.md §4.6).
//
//   small epoch   every row is pushed on lane 0 of the coordinator, straight from source to sink
//   large epoch   after thalweg.exec.fanOutRows rows the rest fans out, in rounds of at most
//                 thalweg.exec.roundBytes:  scan + stateless work by split ▸ ordered exchange by
//                 shard ▸ stateful work by lane
//
// The order of rows of a shard is that of the epoch in both. One call at a time (the coordinator).
#pragma once

#include <memory>
#include <vector>

#include "base/conf.h"
#include "exec/physical_plan.h"

namespace thalweg {

struct SourceRange {
  Offset from;
  Offset to;
  bool empty() const { return from == to; }
};

struct Thresholds {
  int64_t late_before_us = kNoThreshold;
  int64_t evict_until_us = kNoThreshold;
  int64_t evicted_us = kNoThreshold;
};

struct EpochInput {
  EpochConstants constants;
  std::vector<SourceRange> ranges;     // parallel to plan.sources; static ones are empty
  std::vector<Thresholds> thresholds;  // parallel to plan.nodes
  bool write = true;                   // false: a replay whose output the sink already has
};

struct SourceCounts {
  int64_t rows = 0;
  int64_t bytes = 0;
  /// False when an operator had enough before the end: the counts then depend on how the range was
  /// split, and a replay is not checked by them.
  bool complete = true;
};

/// What Dataset.observe(name, …) has computed over an epoch: one row.
struct ObservedMetrics {
  std::string name;
  Batch row;
};

/// Filled anew each epoch, vectors reused.
struct EpochResult {
  std::vector<SourceCounts> read;          // parallel to plan.sources
  std::vector<OperatorMetrics> operators;  // parallel to plan.nodes
  std::vector<ObservedMetrics> observed;   // in the order of plan.nodes
  std::vector<std::string> parts;          // for Sink::Commit, lane order
  int64_t rows_out = 0;
};

struct RunnerOptions {
  static constexpr int64_t kNeverFanOut = INT64_MAX;
  int64_t fan_out_rows = 2000;
  int64_t round_bytes = 16 << 20;
  int lanes_max = 0;  // 0: as many as workers
};

/// As the settings say. Where no source decodes, epochs stay on one lane, because moving a row to
/// another core costs more than folding it (docs/decisions/0004); who sets the number of rows gets
/// it all the same.
RunnerOptions RunnerOptionsOf(const PhysicalPlan& plan, const Conf& conf);

/// What a runner works with: sources[i] belongs to plan.sources[i]; the sink is open.
struct RunnerWorld {
  Env* env = nullptr;
  StateStore* state = nullptr;
  std::vector<Source*> sources;
  Sink* sink = nullptr;
};

class EpochRunner {
 public:
  /// All that `world` points to outlives the runner.
  static Result<std::unique_ptr<EpochRunner>> Make(const PhysicalPlan& plan,
                                                   const RunnerWorld& world,
                                                   const RunnerOptions& options);
  ~EpochRunner();

  /// Runs the epoch up to and including the writers' Finish. The error is that of the lowest row.
  /// After an error the state must be reloaded before the next Run.
  Status Run(const EpochInput& input, EpochResult* result);

 private:
  struct Rep;
  explicit EpochRunner(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace thalweg
