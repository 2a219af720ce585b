// What one side of a join knows of a column holds for the column that the condition makes equal to
// it: with a.k = b.k and a.k = 5, b.k = 5. Spark filters both sides, so that other rows neither
// move the watermark of their stream nor are kept for the join.
#include "optimizer/known_parts.h"
#include "optimizer/rules.h"

namespace thalweg {
namespace {

struct Equality {
  ExprPtr left;
  ExprPtr right;
};

/// column == column, one of each side.
std::vector<Equality> EqualColumns(const Join& join) {
  const IdSet left = IdsOf(join.left->output), right = IdsOf(join.right->output);
  std::vector<Equality> out;
  for (const ExprPtr& part : Conjuncts(join.condition)) {
    const auto* call = As<Call>(part);
    if (call == nullptr || call->function->name() != "==") continue;
    const auto* a = As<Attribute>(call->arguments[0]);
    const auto* b = As<Attribute>(call->arguments[1]);
    if (a == nullptr || b == nullptr) continue;
    if (left.contains(a->id) && right.contains(b->id)) {
      out.push_back({call->arguments[0], call->arguments[1]});
    } else if (left.contains(b->id) && right.contains(a->id)) {
      out.push_back({call->arguments[1], call->arguments[0]});
    }
  }
  return out;
}

bool IsNullTest(const ExprPtr& part) {
  const auto* call = As<Call>(part);
  return call != nullptr && call->function->name() == "isnotnull";
}

/// Parts for `side` that follow from `known` when `columns` of the other side are replaced.
std::vector<ExprPtr> Inferred(const std::vector<ExprPtr>& known, const Substitution& columns,
                              const RelationPtr& side) {
  const IdSet made = IdsOf(side->output);
  const std::vector<ExprPtr> already = KnownParts(side);
  std::vector<ExprPtr> out;
  for (const ExprPtr& part : known) {
    if (IsNullTest(part)) continue;
    const ExprPtr moved = Substitute(part, columns);
    if (moved == part || !ReadsOnly(moved, made)) continue;
    if (!ContainsEqual(already, moved) && !ContainsEqual(out, moved)) out.push_back(moved);
  }
  return out;
}

Result<RelationPtr> InferOf(const RelationPtr& relation, const Join& join,
                            const OptimizerContext& context) {
  const std::vector<Equality> equal = EqualColumns(join);
  if (equal.empty() || join.join == JoinKind::kFullOuter) return relation;
  Substitution to_left, to_right;
  for (const Equality& each : equal) {
    to_left[As<Attribute>(each.right)->id] = each.left;
    to_right[As<Attribute>(each.left)->id] = each.right;
  }
  std::vector<ExprPtr> known = KnownParts(join.left);
  const std::vector<ExprPtr> of_right = KnownParts(join.right);
  known.insert(known.end(), of_right.begin(), of_right.end());
  for (const ExprPtr& part : Conjuncts(join.condition)) {
    const auto* call = As<Call>(part);
    const bool equality = call != nullptr && call->function->name() == "==" &&
                          call->arguments[0]->kind() == ExprKind::kAttribute &&
                          call->arguments[1]->kind() == ExprKind::kAttribute;
    if (!equality && IsMovable(part)) known.push_back(part);
  }
  const bool both = join.join == JoinKind::kInner || join.join == JoinKind::kLeftSemi;
  auto filtered = std::make_shared<Join>(join);
  if (join.left->streaming && (both || join.join == JoinKind::kRightOuter)) {
    THALWEG_ASSIGN_OR_RETURN(filtered->left,
                             FilterBy(join.left, Inferred(known, to_left, join.left), context));
  }
  if (join.right->streaming && join.join != JoinKind::kRightOuter) {
    THALWEG_ASSIGN_OR_RETURN(filtered->right,
                             FilterBy(join.right, Inferred(known, to_right, join.right), context));
  }
  if (filtered->left == join.left && filtered->right == join.right) return relation;
  DeriveOutput(filtered.get());
  return RelationPtr(filtered);
}

}  // namespace

Result<RelationPtr> InferEqualFilters(const RelationPtr& plan, const OptimizerContext& context) {
  if (!plan->streaming) return plan;
  return TryTransformUp(plan, [&](const RelationPtr& relation) -> Result<RelationPtr> {
    const auto* join = As<Join>(relation);
    if (join == nullptr || !join->streaming) return relation;
    return InferOf(relation, *join, context);
  });
}

}  // namespace thalweg
