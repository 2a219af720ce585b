// OperatorDriver: the stateful operator of a plan alone, without frame, source and sink: batches
// are pushed on lane 0 by the benchmark itself. What comes out is counted and forgotten. One
// thread.
#pragma once

#include <cstdint>
#include <memory>

#include "base/memory.h"
#include "exec/physical_plan.h"
#include "state/state_store.h"

namespace thalweg {

class OperatorDriver {
 public:
  /// Ends the program when the planner refuses the plan. `env` outlives this.
  OperatorDriver(Env& env, const RelationPtr& plan, OutputMode mode);
  ~OperatorDriver();

  void BeginEpoch(int64_t late_before_us = kNoThreshold, int64_t evict_until_us = kNoThreshold);
  void Push(const Batch& batch);
  /// Ends the input and emits. `without_output`: says "enough" to the first batch that comes out.
  void EndEpoch(bool without_output = false);

  /// Of the rows that came out in the last epoch: how many, and the sum of their last column.
  int64_t rows_out() const;
  int64_t result_sum() const;
  int64_t state_bytes_peak() const { return budget_.peak_bytes(); }

 private:
  class Counter;

  MemoryBudget budget_;
  StateStore state_;
  std::unique_ptr<PhysicalPlan> plan_;
  const PhysicalNode* node_ = nullptr;
  std::unique_ptr<Operator> operator_;
  std::unique_ptr<Counter> counter_;
  int64_t epoch_ = 0;
};

}  // namespace thalweg
