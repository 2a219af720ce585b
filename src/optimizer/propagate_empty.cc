// Tables at rest without rows make what stands above them empty. Streams are left alone.
#include "optimizer/empty_relation.h"
#include "optimizer/rules.h"

namespace thalweg {
namespace {

/// A join has no rows if the side(s) that its rows come from have none.
bool IsEmptyJoin(const Join& join) {
  const bool left = IsEmpty(join.left), right = IsEmpty(join.right);
  switch (join.join) {
    case JoinKind::kInner:
    case JoinKind::kCross:
    case JoinKind::kLeftSemi:
      return left || right;
    case JoinKind::kLeftOuter:
    case JoinKind::kLeftAnti:
      return left;
    case JoinKind::kRightOuter:
      return right;
    case JoinKind::kFullOuter:
      return left && right;
  }
  return false;
}

/// UNION ALL without its empty inputs.
RelationPtr WithoutEmptyInputs(const RelationPtr& relation, const SetOperation& set) {
  std::vector<RelationPtr> inputs;
  for (const RelationPtr& input : set.inputs) {
    if (!IsEmpty(input)) inputs.push_back(input);
  }
  if (inputs.size() == set.inputs.size()) return relation;
  if (inputs.empty()) return EmptyLike(set);
  if (inputs.size() > 1) {
    auto smaller = std::make_shared<SetOperation>(set);
    smaller->inputs = std::move(inputs);
    return smaller;
  }
  std::vector<ExprPtr> columns;
  for (size_t i = 0; i < set.output.size(); ++i) {
    auto column = std::make_shared<Alias>();
    column->child = inputs[0]->output[i];
    column->type = column->child->type;
    column->nullable = column->child->nullable;
    column->names = {set.output[i]->column};
    column->id = set.output[i]->id;
    columns.push_back(std::move(column));
  }
  return MakeProject(inputs[0], std::move(columns));
}

RelationPtr Propagate(const RelationPtr& relation) {
  if (relation->streaming) return relation;
  switch (relation->kind()) {
    case RelationKind::kProject:
    case RelationKind::kFilter:
    case RelationKind::kSort:
    case RelationKind::kLimit:
    case RelationKind::kOffset:
    case RelationKind::kGenerate:
    case RelationKind::kRepartition:
    case RelationKind::kDeduplicate:
      return IsEmpty(Inputs(*relation)[0]) ? EmptyLike(*relation) : relation;
    case RelationKind::kAggregate: {
      const auto& aggregate = *As<AggregateRelation>(relation);
      const bool none = !aggregate.groupings.empty() && IsEmpty(aggregate.input);
      return none ? EmptyLike(*relation) : relation;
    }
    case RelationKind::kJoin:
      return IsEmptyJoin(*As<Join>(relation)) ? EmptyLike(*relation) : relation;
    case RelationKind::kSetOperation: {
      const auto& set = *As<SetOperation>(relation);
      const bool all = set.operation == SetOperationKind::kUnion && set.is_all;
      return all ? WithoutEmptyInputs(relation, set) : relation;
    }
    default:
      return relation;
  }
}

}  // namespace

Result<RelationPtr> PropagateEmpty(const RelationPtr& plan, const OptimizerContext&) {
  return TransformUp(plan, Propagate);
}

}  // namespace thalweg
