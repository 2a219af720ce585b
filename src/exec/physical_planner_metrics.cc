// Lowering of CollectMetrics: aggregates are computed over argument columns, metrics over what the
// aggregates give.
#include "exec/lowering.h"
#include "exec/operators.h"
#include "functions/function.h"

namespace thalweg {
namespace {

/// The parts of metrics that are found while they are taken apart.
struct Parts {
  std::vector<ExprPtr> calls;
  std::vector<AttributePtr> results;
  std::vector<ExprPtr> arguments;

  ExprPtr ResultOf(const ExprPtr& call) {
    for (size_t i = 0; i < calls.size(); ++i) {
      if (Equal(calls[i], call)) return results[i];
    }
    calls.push_back(call);
    results.push_back(ToAttribute(MakeAlias(call, ToString(call))));
    return results.back();
  }
  int ColumnOf(const ExprPtr& argument) {
    for (size_t i = 0; i < arguments.size(); ++i) {
      if (Equal(arguments[i], argument)) return static_cast<int>(i);
    }
    arguments.push_back(argument);
    return static_cast<int>(arguments.size()) - 1;
  }
};

}  // namespace

Result<Lowered> Lowering::LowerCollectMetrics(const CollectMetrics& observed,
                                              const Demand& demand) {
  MetricsShape shape;
  shape.name = observed.metric;
  Parts parts;
  std::vector<StructField> columns;
  for (const ExprPtr& metric : observed.metrics) {
    const Alias* alias = As<Alias>(metric);
    const ExprPtr expr =
        TransformUp(alias == nullptr ? metric : alias->child, [&](const ExprPtr& node) -> ExprPtr {
          const bool call = node->kind() == ExprKind::kAggregateCall;
          return call ? parts.ResultOf(node) : node;
        });
    shape.text += (shape.text.empty() ? "" : ", ") + ToString(metric);
    shape.metrics.push_back(expr);
    columns.push_back({ToAttribute(metric)->column, expr->type, expr->nullable});
  }
  shape.schema = Schema::Make(std::move(columns));
  bool in_order = false;
  std::vector<GroupAggregate> aggregates;
  for (const ExprPtr& call : parts.calls) {
    const auto& function =
        static_cast<const AggregateFunction&>(*As<AggregateCall>(call)->function);
    GroupAggregate aggregate;
    aggregate.aggregate = function.aggregate();
    for (const ExprPtr& argument : As<AggregateCall>(call)->arguments) {
      aggregate.arguments.push_back(parts.ColumnOf(argument));
    }
    in_order |= !function.aggregate()->layout().exact;
    aggregates.push_back(std::move(aggregate));
  }
  shape.aggregates = AggregateList(std::move(aggregates));
  shape.arguments = std::move(parts.arguments);
  shape.results = std::move(parts.results);
  Demand below = demand;
  below.order |= in_order;
  THALWEG_ASSIGN_OR_RETURN(Lowered lowered, Lower(observed.input, below));
  shape.input = lowered.output;
  PhysicalInput input = lowered.input;
  input.placement = in_order ? Placement::kOneLane : Placement::kAny;
  PhysicalNode* node = AddNode(std::move(input), lowered.output);
  THALWEG_ASSIGN_OR_RETURN(MetricsOperator made,
                           NewCollectMetrics(std::move(shape), context_.budget));
  node->shared = std::move(made.shared);
  node->make = std::move(made.make);
  node->observed = {observed.metric, std::move(made.row)};
  lowered.input = {};
  lowered.input.node = node;
  return lowered;
}

}  // namespace thalweg
