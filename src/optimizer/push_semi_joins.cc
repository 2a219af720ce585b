// A semi or anti join by the keys of an aggregation keeps whole groups: Spark joins below it, so
// that groups without a partner are never kept.
#include "optimizer/predicates.h"
#include "optimizer/rules.h"

namespace thalweg {
namespace {

RelationPtr WithLeft(const Join& join, RelationPtr left, ExprPtr condition) {
  auto moved = std::make_shared<Join>(join);
  moved->left = std::move(left);
  moved->condition = std::move(condition);
  DeriveOutput(moved.get());
  return moved;
}

/// The condition over what lies below the list, if every column it reads can be computed there.
RelationPtr BelowProject(const RelationPtr& relation, const Join& join, const Project& project) {
  Substitution columns;
  for (const ExprPtr& item : project.expressions) {
    if (!IsMovable(item) || HasTimeWindow(item)) return relation;
    if (const auto* alias = As<Alias>(item)) columns[alias->id] = alias->child;
  }
  return MakeProject(WithLeft(join, project.input, Substitute(join.condition, columns)),
                     project.expressions);
}

RelationPtr BelowAggregate(const RelationPtr& relation, const Join& join,
                           const AggregateRelation& aggregate) {
  if (aggregate.groupings.empty()) return relation;
  for (const ExprPtr& column : aggregate.aggregates) {
    if (!IsMovable(column)) return relation;
  }
  Substitution columns;
  IdSet keys;
  for (const ExprPtr& grouping : aggregate.groupings) {
    if (!IsMovable(grouping) || HasTimeWindow(grouping)) continue;
    keys.insert(ToAttribute(grouping)->id);
    if (const auto* alias = As<Alias>(grouping)) columns[alias->id] = alias->child;
  }
  for (const AttributePtr& column : join.left->output) {
    const bool read = ReadsAnyOf(join.condition, {column->id});
    if (read && !keys.contains(column->id)) return relation;
  }
  auto moved = std::make_shared<AggregateRelation>(aggregate);
  moved->input = WithLeft(join, aggregate.input, Substitute(join.condition, columns));
  DeriveOutput(moved.get());
  return moved;
}

/// Worth it only where an aggregation of a stream lies below.
bool HasAggregate(const RelationPtr& relation) {
  if (relation->kind() == RelationKind::kAggregate) return true;
  const auto* project = As<Project>(relation);
  return project != nullptr && HasAggregate(project->input);
}

}  // namespace

Result<RelationPtr> PushSemiJoins(const RelationPtr& plan, const OptimizerContext&) {
  return TransformUp(plan, [](const RelationPtr& relation) -> RelationPtr {
    const auto* join = As<Join>(relation);
    if (join == nullptr || join->condition == nullptr || !IsMovable(join->condition) ||
        (join->join != JoinKind::kLeftSemi && join->join != JoinKind::kLeftAnti) ||
        !join->left->streaming || join->right->streaming || !HasAggregate(join->left)) {
      return relation;
    }
    if (const auto* project = As<Project>(join->left)) {
      return BelowProject(relation, *join, *project);
    }
    return BelowAggregate(relation, *join, *As<AggregateRelation>(join->left));
  });
}

}  // namespace thalweg
