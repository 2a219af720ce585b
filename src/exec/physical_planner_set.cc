// Lowering of UNION, INTERSECT and EXCEPT. The inputs have the types of the result column by
// column.
#include "exec/lowering.h"
#include "exec/operators.h"

namespace thalweg {
namespace {

/// Its rows come on lane 0 alone.
bool OnOneLane(const PhysicalInput& input) {
  if (input.placement != Placement::kAny || input.node == nullptr) {
    return input.placement == Placement::kOneLane;
  }
  for (const PhysicalInput& below : input.node->inputs) {
    if (OnOneLane(below)) return true;
  }
  return false;
}

}  // namespace

Result<Lowered> Lowering::LowerSetOperation(const SetOperation& set, const Demand& demand) {
  if (set.operation == SetOperationKind::kUnion) return LowerUnion(set, demand);
  if (set.streaming) return NotSupportedYet("INTERSECT and EXCEPT of streams", set.place);
  if (set.inputs.size() != 2) return Status::Bug("INTERSECT and EXCEPT have two inputs");
  if (set.output.empty()) {
    return NotSupportedYet("INTERSECT and EXCEPT of rows without columns", set.place);
  }
  for (const AttributePtr& column : set.output) {
    if (!column->type->IsBinaryCollated()) {
      return NotSupportedYet("INTERSECT and EXCEPT of strings with a collation", set.place);
    }
  }
  Lowered lowered;
  std::vector<PhysicalInput> ports;
  for (const RelationPtr& input : set.inputs) {
    THALWEG_ASSIGN_OR_RETURN(Lowered below, Lower(input, Demand()));
    lowered.deterministic &= below.deterministic;
    below.input.placement = Placement::kByKey;
    below.input.key_columns.clear();
    for (size_t column = 0; column < set.output.size(); ++column) {
      below.input.key_columns.push_back(static_cast<int>(column));
    }
    ports.push_back(std::move(below.input));
  }
  PhysicalNode* const node = AddNode(std::move(ports[0]), set.output);
  node->inputs.push_back(std::move(ports[1]));
  node->ordered_output = demand.order;
  SetSemantics what;
  what.schema = node->schema;
  what.intersect = set.operation == SetOperationKind::kIntersect;
  what.all = set.is_all;
  what.ordered_output = demand.order;
  StatefulOperator made = NewSetOperation(std::move(what), context_.budget);
  node->shared = std::move(made.shared);
  node->make = [make = std::move(made.make)]() -> Result<std::unique_ptr<Operator>> {
    return make();
  };
  lowered.input.node = node;
  lowered.output = set.output;
  return lowered;
}

Result<Lowered> Lowering::LowerUnion(const SetOperation& set, const Demand& demand) {
  if (!set.is_all) return Status::Bug("a UNION of distinct rows is an aggregation by now");
  Lowered lowered;
  std::vector<PhysicalInput> ports;
  bool one_lane = false;
  for (const RelationPtr& input : set.inputs) {
    THALWEG_ASSIGN_OR_RETURN(Lowered below, Lower(input, demand));
    if (below.output.size() != set.output.size()) {
      return Status::Bug("an input of a UNION has another number of columns");
    }
    lowered.deterministic &= below.deterministic;
    one_lane = one_lane || OnOneLane(below.input);
    ports.push_back(std::move(below.input));
  }
  // A node runs on all lanes or on one: what one input cannot spread, none does.
  for (PhysicalInput& port : ports) {
    if (one_lane) port.placement = Placement::kOneLane;
  }
  PhysicalNode* const node = AddNode(std::move(ports[0]), set.output);
  for (size_t i = 1; i < ports.size(); ++i) node->inputs.push_back(std::move(ports[i]));
  node->make = [schema = node->schema, inputs = static_cast<int>(set.inputs.size())]()
      -> Result<std::unique_ptr<Operator>> { return NewUnion(schema, inputs); };
  lowered.input.node = node;
  lowered.output = set.output;
  return lowered;
}

}  // namespace thalweg
