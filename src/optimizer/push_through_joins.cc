// Filters through joins, and a join's own condition to the side that it looks at alone. A side that
// is filled up with NULL cannot be filtered from above; a side whose rows are all told cannot be
// filtered by the condition.
#include "optimizer/filter_placer.h"

namespace thalweg {
namespace {

/// What a conjunct looks at.
enum class Side { kLeft, kRight, kBoth };

Side SideOf(const ExprPtr& part, const IdSet& left, const IdSet& right) {
  if (!IsMovable(part)) return Side::kBoth;
  if (ReadsOnly(part, left)) return Side::kLeft;
  return ReadsOnly(part, right) ? Side::kRight : Side::kBoth;
}

bool IsInner(JoinKind kind) {
  return kind == JoinKind::kInner || kind == JoinKind::kCross;
}

/// Filters from above reach this side.
bool FilterReaches(JoinKind kind, Side side) {
  switch (kind) {
    case JoinKind::kInner:
    case JoinKind::kCross:
      return true;
    case JoinKind::kLeftOuter:
    case JoinKind::kLeftSemi:
    case JoinKind::kLeftAnti:
      return side == Side::kLeft;
    case JoinKind::kRightOuter:
      return side == Side::kRight;
    case JoinKind::kFullOuter:
      return false;
  }
  return false;
}

/// Parts of the condition reach this side.
bool ConditionReaches(JoinKind kind, Side side) {
  switch (kind) {
    case JoinKind::kInner:
    case JoinKind::kCross:
    case JoinKind::kLeftSemi:
      return true;
    case JoinKind::kLeftOuter:
    case JoinKind::kLeftAnti:
      return side == Side::kRight;
    case JoinKind::kRightOuter:
      return side == Side::kLeft;
    case JoinKind::kFullOuter:
      return false;
  }
  return false;
}

}  // namespace

Result<RelationPtr> FilterPlacer::BelowJoin(Parts parts, const RelationPtr& relation) {
  const auto& join = *As<Join>(relation);
  const IdSet left = IdsOf(join.left->output), right = IdsOf(join.right->output);
  Parts to_left, to_right, above;
  Parts condition = Conjuncts(join.condition);
  for (const ExprPtr& part : parts) {
    const Side side = SideOf(part, left, right);
    if (side == Side::kLeft && FilterReaches(join.join, side)) {
      to_left.push_back(part);
    } else if (side == Side::kRight && FilterReaches(join.join, side)) {
      to_right.push_back(part);
    } else if (side == Side::kBoth && IsInner(join.join)) {
      condition.push_back(part);
    } else {
      above.push_back(part);
    }
  }
  if (above.size() == parts.size()) return FilterBy(relation, parts, context_);
  THALWEG_ASSIGN_OR_RETURN(RelationPtr joined, Rejoin(join, to_left, to_right, condition));
  return FilterBy(std::move(joined), above, context_);
}

Result<RelationPtr> FilterPlacer::PlaceCondition(const RelationPtr& relation) {
  const auto& join = *As<Join>(relation);
  const IdSet left = IdsOf(join.left->output), right = IdsOf(join.right->output);
  Parts to_left, to_right, condition;
  for (const ExprPtr& part : Conjuncts(join.condition)) {
    const Side side = SideOf(part, left, right);
    if (side == Side::kLeft && ConditionReaches(join.join, side)) {
      to_left.push_back(part);
    } else if (side == Side::kRight && ConditionReaches(join.join, side)) {
      to_right.push_back(part);
    } else {
      condition.push_back(part);
    }
  }
  if (to_left.empty() && to_right.empty()) return relation;
  return Rejoin(join, to_left, to_right, condition);
}

Result<RelationPtr> FilterPlacer::Rejoin(const Join& join, const Parts& left, const Parts& right,
                                         const Parts& condition) {
  auto joined = std::make_shared<Join>(join);
  THALWEG_ASSIGN_OR_RETURN(joined->condition, AndAll(condition, context_));
  if (joined->join == JoinKind::kCross && joined->condition != nullptr) {
    joined->join = JoinKind::kInner;
  }
  THALWEG_ASSIGN_OR_RETURN(joined->left, Place(left, join.left));
  THALWEG_ASSIGN_OR_RETURN(joined->right, Place(right, join.right));
  DeriveOutput(joined.get());
  return RelationPtr(joined);
}

}  // namespace thalweg
