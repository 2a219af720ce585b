// INTERSECT and EXCEPT compare whole rows, NULL equal to NULL, and tell each row once.
#include "optimizer/predicates.h"
#include "optimizer/rules.h"

namespace thalweg {
namespace {

Result<RelationPtr> AsJoin(const SetOperation& set, const OptimizerContext& context) {
  auto join = std::make_shared<Join>();
  join->left = set.inputs[0];
  join->right = set.inputs[1];
  join->join =
      set.operation == SetOperationKind::kIntersect ? JoinKind::kLeftSemi : JoinKind::kLeftAnti;
  join->place = set.place;
  std::vector<ExprPtr> parts;
  std::vector<ExprPtr> columns;
  for (size_t i = 0; i < set.output.size(); ++i) {
    const AttributePtr& left = join->left->output[i];
    THALWEG_ASSIGN_OR_RETURN(
        ExprPtr same,
        context.functions->Bind("<=>", {left, join->right->output[i]}, context.bind, set.place));
    parts.push_back(std::move(same));
    auto column = std::make_shared<Alias>();
    column->child = left;
    column->type = left->type;
    column->nullable = left->nullable;
    column->names = {set.output[i]->column};
    column->id = set.output[i]->id;
    columns.push_back(std::move(column));
  }
  THALWEG_ASSIGN_OR_RETURN(join->condition, AndAll(parts, context));
  DeriveOutput(join.get());
  return MakeDistinct(MakeProject(std::move(join), std::move(columns)));
}

}  // namespace

Result<RelationPtr> RewriteSetOperations(const RelationPtr& plan, const OptimizerContext& context) {
  return TryTransformUp(plan, [&](const RelationPtr& relation) -> Result<RelationPtr> {
    const auto* set = As<SetOperation>(relation);
    if (set == nullptr || set->operation == SetOperationKind::kUnion || set->is_all ||
        set->inputs.size() != 2) {
      return relation;
    }
    return AsJoin(*set, context);
  });
}

}  // namespace thalweg
