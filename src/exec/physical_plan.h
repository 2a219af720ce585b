// PhysicalPlan: the tree that an EpochRunner runs: nodes with a maker of operators, exchanges where
// rows must meet by key, sources at the leaves, one sink at the root. Made once per query by the
// physical planner; immutable afterwards; containers of state are made in the query's StateStore.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "data/contracts.h"
#include "exec/grouping.h"
#include "exec/operator.h"
#include "exec/state_retention.h"
#include "plan/relation.h"
#include "state/state_store.h"

namespace thalweg {

/// How rows must be placed before they enter a port.
enum class Placement : uint8_t {
  kAny,        // any lane
  kByKey,      // by the shard of the key columns' hash
  kOneLane,    // all on lane 0, in the order of the epoch; so runs the node
  kBroadcast,  // all on lane 0, in the order of the epoch, for all lanes of the node to look at
};

struct PhysicalInput;

/// What the frame must know of a node that remembers something.
struct StatefulTraits {
  bool stateful = false;
  bool uses_event_time = false;           // asks for no-data epochs when its watermark moves
  int64_t watermark_lag_us = 0;           // its output's watermark is that far behind its own
  std::string spark_name;                 // operatorName in progress: "stateStoreSave"
  std::function<int64_t()> logical_rows;  // Spark's numRowsTotal, by a walk; may be empty
  StateRetention retention;               // for EXPLAIN
};

/// Metrics of the rows that pass a node (Dataset.observe).
struct ObservedNode {
  std::string name;                   // "": none
  std::function<const Batch&()> row;  // of the epoch that has ended
};

struct PhysicalNode {
  std::function<Result<std::unique_ptr<Operator>>()> make;  // one call per lane
  std::unique_ptr<NodeState> shared;                        // of its operators; may be null
  std::vector<PhysicalInput> inputs;                        // by port
  std::vector<AttributePtr> output;
  SchemaPtr schema;
  StatefulTraits state;
  ObservedNode observed;
  bool ordered_output = false;      // EndEpoch runs on one lane: something depends on its order
  int64_t watermark_delay_us = -1;  // >= 0: this node observes event time
  int id = 0;                       // position in PhysicalPlan::nodes
};

/// A leaf: a scan of sources[source].
struct PhysicalSource {
  TablePtr table;
  ScanRequest request;
  FieldMap options;
  bool streaming = false;
};

struct PhysicalInput {
  PhysicalNode* node = nullptr;  // or
  int source = -1;               // a leaf
  Placement placement = Placement::kAny;
  std::vector<int> key_columns;  // of kByKey: columns of the input
  /// Asked in each epoch, if not empty: the node has these rows from an earlier one, so that
  /// nothing below is run.
  std::function<bool()> is_kept;
};

struct PhysicalPlan {
  /// Containers of the static sides of a streaming query: filled anew in every epoch, never sealed.
  /// Null: there are none.
  std::unique_ptr<StateStore> epoch_state;
  std::vector<std::unique_ptr<PhysicalNode>> nodes;  // children before parents
  std::vector<PhysicalSource> sources;               // in plan order: order of the offsets
  PhysicalInput root;                                // what flows into the sink
  SchemaPtr schema;                                  // of the rows that the sink gets
  OutputMode mode = OutputMode::kAppend;
  std::string fingerprint;
  bool truncates_each_epoch = false;  // complete mode
  /// Something below state cannot be computed again (a non-deterministic expression or function):
  /// state is sealed with every commit (DESIGN.md §4.5).
  bool strict = false;
  /// An epoch that runs again makes the same rows; else something above the last state does not,
  /// or the plan is strict.
  bool repeatable = true;
};

struct PlannerContext {
  Env* env = nullptr;
  StateStore* state = nullptr;
  MemoryBudget* budget = nullptr;
  OutputMode mode = OutputMode::kAppend;  // of a batch query: kComplete
  bool single_writer = false;             // TableInfo::single_writer of the sink
};

/// Typed logical plan -> physical plan. Errors: THALWEG_NOT_SUPPORTED_YET for nodes not built.
Result<std::unique_ptr<PhysicalPlan>> PlanPhysical(const RelationPtr& relation,
                                                   const PlannerContext& context);

/// The nodes that remember something, in the order of Spark's progress: from the root down.
std::vector<const PhysicalNode*> StatefulNodes(const PhysicalPlan& plan);

/// A tree, one node a line, inputs indented; for EXPLAIN and golden tests.
std::string ToTreeString(const PhysicalPlan& plan);
/// The tree of names with numbers, and below it what each number stands for.
std::string ToNumberedString(const PhysicalPlan& plan);

}  // namespace thalweg
