// The order of rows is lost in a later sort and in an aggregation whose result does not depend on
// it.
#include "functions/function.h"
#include "optimizer/rules.h"

namespace thalweg {
namespace {

/// `relation` without the sorts that only lists and filters part from what stands above.
RelationPtr WithoutSort(const RelationPtr& relation) {
  switch (relation->kind()) {
    case RelationKind::kSort:
      return WithoutSort(As<Sort>(relation)->input);
    case RelationKind::kProject:
      for (const ExprPtr& expr : As<Project>(relation)->expressions) {
        if (!IsDeterministic(expr)) return relation;
      }
      return MapInputs(relation, WithoutSort);
    case RelationKind::kFilter:
      if (!IsDeterministic(As<Filter>(relation)->condition)) return relation;
      return MapInputs(relation, WithoutSort);
    default:
      return relation;
  }
}

bool IgnoresOrder(const AggregateRelation& aggregate) {
  for (const ExprPtr& column : aggregate.aggregates) {
    const bool ordered = Any(column, [](const Expression& node) {
      if (node.kind() != ExprKind::kAggregateCall) return !node.resolved();
      const auto& call = static_cast<const AggregateCall&>(node);
      const auto& function = static_cast<const AggregateFunction&>(*call.function);
      return call.distinct || !function.aggregate()->layout().exact;
    });
    if (ordered) return false;
  }
  return true;
}

}  // namespace

Result<RelationPtr> RemoveSorts(const RelationPtr& plan, const OptimizerContext&) {
  return TransformUp(plan, [](const RelationPtr& relation) -> RelationPtr {
    if (relation->streaming) return relation;
    const auto* sort = As<Sort>(relation);
    if (sort != nullptr && sort->is_global) return MapInputs(relation, WithoutSort);
    const auto* aggregate = As<AggregateRelation>(relation);
    if (aggregate == nullptr || !IgnoresOrder(*aggregate)) return relation;
    return MapInputs(relation, WithoutSort);
  });
}

}  // namespace thalweg
