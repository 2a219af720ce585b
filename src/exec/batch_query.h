// A batch query is a stream with one epoch: everything that its sources hold goes through the same
// operators once, into memory, without log or files (DESIGN.md §4.5). Thread-safe: runs share
// nothing but what the options point to.
#pragma once

#include <optional>
#include <vector>

#include "base/conf.h"
#include "exec/epoch_runner.h"

namespace thalweg {

struct BatchQueryOptions {
  Env* env = nullptr;
  MemoryBudget* budget = nullptr;  // also of the rows, while the query runs
  Conf conf;
  std::optional<RunnerOptions> runner;   // instead of what `conf` says
  std::optional<int64_t> batch_time_us;  // current_timestamp(); else the clock is asked, once
  std::vector<ObservedMetrics>* observed = nullptr;  // gets the metrics of Dataset.observe
};

/// Runs a typed plan without streams to its end. Rows are in the plan's order where it has one.
/// Errors: those of the planner, of sources, of the lowest row that failed; the memory limit.
Result<std::vector<Batch>> RunBatch(const RelationPtr& relation, const BatchQueryOptions& options);
/// The same into an opened sink, a writer a lane; gives what Sink::Commit takes. Nothing is
/// committed.
Result<std::vector<std::string>> RunBatchInto(const RelationPtr& relation,
                                              const BatchQueryOptions& options, Sink* sink);

}  // namespace thalweg
