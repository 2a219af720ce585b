// LEFT, RIGHT and FULL joins under a filter that no row filled up with NULL passes: the condition
// is computed with NULL in every column of the side.
#include "optimizer/constants.h"
#include "optimizer/predicates.h"
#include "optimizer/rules.h"

namespace thalweg {
namespace {

/// Some conjunct over `columns` alone is not true when all of them are NULL.
bool RejectsNulls(const std::vector<ExprPtr>& parts, const std::vector<AttributePtr>& columns) {
  const IdSet ids = IdsOf(columns);
  Substitution nulls;
  for (const AttributePtr& column : columns) {
    nulls[column->id] = LiteralFor(column, Value(column->type));
  }
  for (const ExprPtr& part : parts) {
    if (!IsMovable(part) || !ReadsOnly(part, ids) || ReferencedAttributes(part).empty()) continue;
    const std::optional<Value> value = ConstantValue(Substitute(part, nulls));
    if (value && (value->is_null() || !value->boolean())) return true;
  }
  return false;
}

JoinKind Narrowed(JoinKind kind, bool left_given, bool right_given) {
  switch (kind) {
    case JoinKind::kLeftOuter:
      return right_given ? JoinKind::kInner : kind;
    case JoinKind::kRightOuter:
      return left_given ? JoinKind::kInner : kind;
    case JoinKind::kFullOuter:
      if (left_given && right_given) return JoinKind::kInner;
      if (left_given) return JoinKind::kLeftOuter;
      return right_given ? JoinKind::kRightOuter : kind;
    default:
      return kind;
  }
}

}  // namespace

Result<RelationPtr> NarrowOuterJoins(const RelationPtr& plan, const OptimizerContext&) {
  return TransformUp(plan, [](const RelationPtr& relation) -> RelationPtr {
    const auto* filter = As<Filter>(relation);
    const auto* join = filter == nullptr ? nullptr : As<Join>(filter->input);
    if (join == nullptr) return relation;
    const std::vector<ExprPtr> parts = Conjuncts(filter->condition);
    const JoinKind kind = Narrowed(join->join, RejectsNulls(parts, join->left->output),
                                   RejectsNulls(parts, join->right->output));
    if (kind == join->join) return relation;
    auto narrowed = std::make_shared<Join>(*join);
    narrowed->join = kind;
    DeriveOutput(narrowed.get());
    return MakeFilter(std::move(narrowed), filter->condition);
  });
}

}  // namespace thalweg
