// Lowering of what makes several rows out of one: Generate and Expand.
#include "exec/lowering.h"
#include "exec/operators.h"

namespace thalweg {

Result<Lowered> Lowering::LowerGenerate(const Generate& generate, const Demand& demand) {
  THALWEG_ASSIGN_OR_RETURN(Lowered lowered, Lower(generate.input, demand));
  const ExprPtr& generator = generate.generator;
  PhysicalNode* node = AddNode(lowered.input, generate.output);
  if (generator->kind() == ExprKind::kTimeWindow) {
    node->make = [generator, columns = lowered.output, schema = node->schema] {
      return NewTimeWindows(generator, columns, schema);
    };
  } else {
    node->make = [generator, outer = generate.outer, columns = lowered.output,
                  schema = node->schema] { return NewGenerate(generator, outer, columns, schema); };
  }
  lowered.deterministic &= IsDeterministic(generator);
  lowered.output = generate.output;
  lowered.input = {};
  lowered.input.node = node;
  return lowered;
}

Result<Lowered> Lowering::LowerExpand(const Expand& expand, const Demand& demand) {
  THALWEG_ASSIGN_OR_RETURN(Lowered lowered, Lower(expand.input, demand));
  PhysicalNode* node = AddNode(lowered.input, expand.output);
  node->make = [projections = expand.projections, width = expand.generated.size(),
                columns = lowered.output, schema = node->schema] {
    return NewExpand(projections, static_cast<int>(width), columns, schema);
  };
  for (const ExprPtr& value : expand.projections) lowered.deterministic &= IsDeterministic(value);
  lowered.output = expand.output;
  lowered.input = {};
  lowered.input.node = node;
  return lowered;
}

}  // namespace thalweg
