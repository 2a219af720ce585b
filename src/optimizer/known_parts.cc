#include "optimizer/known_parts.h"

namespace thalweg {
namespace {

using Parts = std::vector<ExprPtr>;

/// Adds those of `parts` that read only columns of `made`.
void AddOver(const Parts& parts, const IdSet& made, Parts* out) {
  for (const ExprPtr& part : parts) {
    if (ReadsOnly(part, made) && !ContainsEqual(*out, part)) out->push_back(part);
  }
}

void AddMovable(const ExprPtr& condition, Parts* out) {
  for (const ExprPtr& part : Conjuncts(condition)) {
    if (IsMovable(part)) out->push_back(part);
  }
}

/// What is known of an expression of the list is known of the column that it makes.
Parts KnownOfProject(const Project& project) {
  Parts below = KnownParts(project.input);
  Parts known = below;
  for (const ExprPtr& item : project.expressions) {
    const auto* alias = As<Alias>(item);
    if (alias == nullptr || alias->child->kind() == ExprKind::kLiteral) continue;
    const ExprPtr column = ToAttribute(item);
    for (const ExprPtr& part : below) {
      known.push_back(TransformUp(
          part, [&](const ExprPtr& node) { return Equal(node, alias->child) ? column : node; }));
    }
    below = known;
  }
  Parts out;
  AddOver(known, IdsOf(project.output), &out);
  return out;
}

Parts KnownOfJoin(const Join& join) {
  Parts known;
  const auto add = [&](const RelationPtr& side) {
    const Parts of_side = KnownParts(side);
    known.insert(known.end(), of_side.begin(), of_side.end());
  };
  switch (join.join) {
    case JoinKind::kInner:
    case JoinKind::kCross:
      add(join.left);
      add(join.right);
      AddMovable(join.condition, &known);
      break;
    case JoinKind::kLeftSemi:
      add(join.left);
      break;
    case JoinKind::kLeftOuter:
    case JoinKind::kLeftAnti:
      add(join.left);
      break;
    case JoinKind::kRightOuter:
      add(join.right);
      break;
    case JoinKind::kFullOuter:
      break;
  }
  return known;
}

}  // namespace

std::vector<ExprPtr> KnownParts(const RelationPtr& relation) {
  switch (relation->kind()) {
    case RelationKind::kFilter: {
      Parts known = KnownParts(As<Filter>(relation)->input);
      AddMovable(As<Filter>(relation)->condition, &known);
      return known;
    }
    case RelationKind::kProject:
      return KnownOfProject(*As<Project>(relation));
    case RelationKind::kJoin:
      return KnownOfJoin(*As<Join>(relation));
    case RelationKind::kAggregate: {
      Parts known;
      AddOver(KnownParts(As<AggregateRelation>(relation)->input), IdsOf(relation->output), &known);
      return known;
    }
    case RelationKind::kWithWatermark:
    case RelationKind::kSort:
    case RelationKind::kLimit:
    case RelationKind::kDeduplicate:
    case RelationKind::kRepartition:
    case RelationKind::kSubqueryAlias:
    case RelationKind::kGenerate:
      return KnownParts(Inputs(*relation)[0]);
    default:
      return {};
  }
}

}  // namespace thalweg
