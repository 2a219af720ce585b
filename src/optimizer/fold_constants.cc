// Folding that fails leaves the expression, so that only rows that need it raise its error.
#include "optimizer/constants.h"
#include "optimizer/rules.h"

namespace thalweg {
namespace {

ExprPtr Fold(const ExprPtr& expr) {
  return TransformUp(expr, [](const ExprPtr& node) -> ExprPtr {
    if (node->kind() != ExprKind::kCall && node->kind() != ExprKind::kCast) return node;
    for (const ExprPtr& child : Children(*node)) {
      if (child->kind() != ExprKind::kLiteral) return node;
    }
    std::optional<Value> value = ConstantValue(node);
    return value ? LiteralFor(node, *std::move(value)) : node;
  });
}

}  // namespace

Result<RelationPtr> FoldConstants(const RelationPtr& plan, const OptimizerContext&) {
  return TransformUp(plan, [](const RelationPtr& relation) {
    if (relation->kind() != RelationKind::kGenerate) return MapExpressions(relation, Fold);
    // A generator is no function of one value; its arguments may be.
    return MapExpressions(relation, [](const ExprPtr& expr) { return MapChildren(expr, Fold); });
  });
}

}  // namespace thalweg
