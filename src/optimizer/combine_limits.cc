// LIMIT over LIMIT, also through a list of expressions, is one LIMIT.
#include "optimizer/rules.h"

namespace thalweg {
namespace {

RelationPtr WithLimit(const RelationPtr& input, const ExprPtr& count) {
  auto limit = std::make_shared<Limit>();
  limit->input = input;
  limit->limit = count;
  limit->place = input->place;
  DeriveOutput(limit.get());
  return limit;
}

}  // namespace

Result<RelationPtr> CombineLimits(const RelationPtr& plan, const OptimizerContext&) {
  return TransformUp(plan, [](const RelationPtr& relation) -> RelationPtr {
    const auto* outer = As<Limit>(relation);
    if (outer == nullptr) return relation;
    const auto* project = As<Project>(outer->input);
    const auto* inner = As<Limit>(project == nullptr ? outer->input : project->input);
    if (inner == nullptr) return relation;
    const auto* a = As<Literal>(outer->limit);
    const auto* b = As<Literal>(inner->limit);
    if (a == nullptr || b == nullptr || a->value.is_null() || b->value.is_null()) return relation;
    const ExprPtr& least = a->value.int64() < b->value.int64() ? outer->limit : inner->limit;
    if (project == nullptr) return WithLimit(inner->input, least);
    for (const ExprPtr& expr : project->expressions) {
      // Expanded windows make several rows of one.
      const bool window =
          Any(expr, [](const Expression& node) { return node.kind() == ExprKind::kTimeWindow; });
      if (window) return relation;
    }
    return MakeProject(WithLimit(inner->input, least), project->expressions);
  });
}

}  // namespace thalweg
