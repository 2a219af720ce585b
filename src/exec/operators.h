// Every operator of the engine, by its maker. An operator is one file of this room with its class
// hidden inside; exec/operator.h has the contract. Makers are called by the physical planner, once
// a lane; input columns are given by position in the batches that will be pushed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "exec/grouping.h"
#include "exec/hash_join.h"
#include "exec/operator.h"
#include "state/group_table.h"
#include "state/sliced_table.h"

namespace thalweg {

// ---- stateless

/// Keeps the rows for which `condition` is true.
Result<std::unique_ptr<Operator>> NewFilter(const ExprPtr& condition,
                                            const std::vector<AttributePtr>& input);

/// Computes `expressions`, which become the columns of `schema`.
Result<std::unique_ptr<Operator>> NewProject(const std::vector<ExprPtr>& expressions,
                                             const std::vector<AttributePtr>& input,
                                             const SchemaPtr& schema);

/// Passes rows on and observes the TIMESTAMP in `column`.
std::unique_ptr<Operator> NewEventTime(int column, std::string name);

// ---- stateful: what lanes share, and a maker of operators that refer to it

struct StatefulOperator {
  std::unique_ptr<NodeState> shared;
  std::function<std::unique_ptr<Operator>()> make;  // valid while `shared` is
  std::function<int64_t()> logical_rows;            // Spark's numRowsTotal, by a walk; likewise
};

/// Groups by keys without windows, or all rows as one group. `table` was made with OptionsOf.
StatefulOperator NewAggregate(Grouping grouping, GroupTable* table);

/// Groups by keys and a window of event time. `slices` was made with OptionsOf; what is derived
/// from them is reserved from `budget`.
StatefulOperator NewWindowAggregate(Grouping grouping, SlicedTable* slices, MemoryBudget* budget);

// ---- joins: the build side is port 0, placed for broadcast, the probe side port 1

struct JoinOperator {
  std::unique_ptr<NodeState> shared;
  std::function<Result<std::unique_ptr<Operator>>()> make;  // valid while `shared` is
  std::function<bool()> build_is_kept;                      // from an earlier epoch; likewise
};

/// What is built is reserved from `budget`.
JoinOperator NewHashJoin(JoinShape shape, JoinBuildSide side, MemoryBudget* budget);

}  // namespace thalweg
