// Every operator of the engine, by its maker. An operator is one file of this room with its class
// hidden inside; exec/operator.h has the contract. Makers are called by the physical planner, once
// a lane; input columns are given by position in the batches that will be pushed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "exec/collect_metrics.h"
#include "exec/grouping.h"
#include "exec/hash_join.h"
#include "exec/operator.h"
#include "exec/seen_keys.h"
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

/// Each row beside the rows that `generator`, a GeneratorCall, makes of it, none or many; `outer`:
/// at least one. `schema`: the input's columns, then what is made.
Result<std::unique_ptr<Operator>> NewGenerate(const ExprPtr& generator, bool outer,
                                              const std::vector<AttributePtr>& input,
                                              const SchemaPtr& schema);

/// Each row beside each window of `window`, a TimeWindow, that it lies in.
Result<std::unique_ptr<Operator>> NewTimeWindows(const ExprPtr& window,
                                                 const std::vector<AttributePtr>& input,
                                                 const SchemaPtr& schema);

/// Each row beside each of `projections`, which lie one after the other, each of `width` values.
Result<std::unique_ptr<Operator>> NewExpand(const std::vector<ExprPtr>& projections, int width,
                                            const std::vector<AttributePtr>& input,
                                            const SchemaPtr& schema);

/// Passes rows on and observes the TIMESTAMP in `column`.
std::unique_ptr<Operator> NewEventTime(int column, std::string name);

/// Passes the rows of `inputs` inputs on under the columns of `schema`.
std::unique_ptr<Operator> NewUnion(const SchemaPtr& schema, int inputs);

// ---- with what lanes share for the length of an epoch

struct SharedOperator {
  std::unique_ptr<NodeState> shared;
  std::function<Result<std::unique_ptr<Operator>>()> make;  // valid while `shared` is
};

/// Writes the rows of the epoch in the order of SortOrders, or the first `rows_max` of them. Runs
/// on one lane.
SharedOperator NewSort(const std::vector<ExprPtr>& order, const std::vector<AttributePtr>& input,
                       const SchemaPtr& schema, int64_t rows_max, MemoryBudget* budget);

// ---- stateful: what lanes share, and a maker of operators that refer to it

struct StatefulOperator {
  std::unique_ptr<NodeState> shared;
  std::function<std::unique_ptr<Operator>()> make;  // valid while `shared` is
  std::function<int64_t()> logical_rows;            // Spark's numRowsTotal, by a walk; likewise
};

/// Groups by keys without windows, or all rows as one group. `table` was made with OptionsOf; what
/// an epoch needs beside it is reserved from `budget`.
StatefulOperator NewAggregate(Grouping grouping, GroupTable* table, MemoryBudget* budget);

/// Keeps the first row of each key. `seen` was made for `what`.
StatefulOperator NewDeduplicate(Deduplication what, std::unique_ptr<SeenKeys> seen);

/// Each row beside a mark, the last column of `schema`: whether it is the first of its key among
/// the rows for which column `filter` is true (-1: all rows).
StatefulOperator NewMarkDistinct(Deduplication what, int filter, std::unique_ptr<SeenKeys> seen,
                                 const SchemaPtr& schema);

/// Groups by keys of which one is an event time, grouping.time_column, in append and update mode;
/// the last aggregate is NewEventTimeStamp. `slices` was made with OptionsOf.
StatefulOperator NewEventTimeAggregate(Grouping grouping, SlicedTable* slices,
                                       MemoryBudget* budget);

/// Groups by keys and a window of event time. `slices` was made with OptionsOf; what is derived
/// from them is reserved from `budget`.
StatefulOperator NewWindowAggregate(Grouping grouping, SlicedTable* slices, MemoryBudget* budget);

// ---- metrics of rows that pass

struct MetricsOperator {
  std::unique_ptr<NodeState> shared;
  std::function<Result<std::unique_ptr<Operator>>()> make;  // valid while `shared` is
  std::function<const Batch&()> row;                        // of the epoch that has ended; likewise
};

/// Passes rows on and computes metrics of them. Several lanes may run only if the aggregates are
/// exact. What aggregates keep is reserved from `budget`.
Result<MetricsOperator> NewCollectMetrics(MetricsShape shape, MemoryBudget* budget);

// ---- joins: the build side is port 0, placed for broadcast, the probe side port 1

struct JoinOperator {
  std::unique_ptr<NodeState> shared;
  std::function<Result<std::unique_ptr<Operator>>()> make;  // valid while `shared` is
  std::function<bool()> build_is_kept;                      // from an earlier epoch; likewise
};

/// What is built is reserved from `budget`.
JoinOperator NewHashJoin(JoinShape shape, JoinBuildSide side, MemoryBudget* budget);

/// Rows [begin, end) of those that come.
struct RowRange {
  static constexpr int64_t kNoEnd = INT64_MAX;
  int64_t begin = 0;
  int64_t end = kNoEnd;
  bool reads_on = false;  // behind `end` too: something below must see the whole epoch
};

/// Passes a range of rows on. With `passed`, made with LimitTableOptions, the range is one of the
/// life of the query and begins at 0; without, one of the epoch. Runs on one lane.
StatefulOperator NewLimit(const RowRange& range, GroupTable* passed);
GroupTableOptions LimitTableOptions();

/// INTERSECT [ALL], EXCEPT [ALL] of rows of `schema`.
struct SetSemantics {
  SchemaPtr schema;
  bool intersect = false;
  bool all = false;
  bool ordered_output = false;
};

/// Two inputs, both placed by all their columns, as they are in the epoch.
StatefulOperator NewSetOperation(SetSemantics what, MemoryBudget* budget);

}  // namespace thalweg
