// A batch query is a stream with one epoch: everything that its sources hold goes through the same
// operators once, into memory (DESIGN.md §4.5).
#pragma once

#include <vector>

#include "base/conf.h"
#include "exec/physical_plan.h"

namespace thalweg {

struct BatchQueryOptions {
  Env* env = nullptr;
  MemoryBudget* budget = nullptr;
  Conf conf;
};

/// Runs a typed plan without streams to its end. Rows are in the plan's order where it has one.
/// Errors: those of the planner, of sources, of the lowest row that failed.
Result<std::vector<Batch>> RunBatch(const RelationPtr& relation, const BatchQueryOptions& options);

}  // namespace thalweg
