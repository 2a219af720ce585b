// LATERAL VIEW, and generators and time windows in a select list.
#include "analyzer/relation_analyzer.h"

namespace thalweg {

Result<RelationPtr> RelationAnalyzer::AnalyzeGenerate(const Generate& generate) {
  return NotSupportedYet("LATERAL VIEW", generate.place);
}

Result<RelationPtr> RelationAnalyzer::WithGenerators(RelationPtr input,
                                                     std::vector<ExprPtr>* list) {
  const FunctionRegistry& functions = *context_.functions;
  for (const ExprPtr& item : *list) {
    const bool generates = Any(item, [&](const Expression& node) {
      if (node.kind() != ExprKind::kCall) return false;
      const auto* known = functions.Find(static_cast<const Call&>(node).function->name());
      return known != nullptr && known->kind == FunctionKind::kGenerator;
    });
    if (generates) return NotSupportedYet("generators in a select list", item->place);
  }
  return input;
}

// SELECT window(ts, '10 seconds'): the window becomes a column below, where null times go.
Result<RelationPtr> RelationAnalyzer::WithWindows(RelationPtr input, std::vector<ExprPtr>* list) {
  std::vector<ExprPtr> windows;
  const auto use = [&](const ExprPtr& expr) -> ExprPtr {
    if (expr->kind() != ExprKind::kTimeWindow) return expr;
    for (const ExprPtr& known : windows) {
      if (Equal(As<Alias>(known)->child, expr)) return ToAttribute(known);
    }
    windows.push_back(MakeAlias(expr, "window"));
    return ToAttribute(windows.back());
  };
  for (ExprPtr& item : *list) {
    const ExprPtr named = Named(item);
    item = TransformUp(named, use);
  }
  if (windows.empty()) return input;
  if (windows.size() > 1) {
    return Status::Legacy(1039, "Several window expressions in one query", windows[1]->place);
  }
  std::vector<ExprPtr> columns(input->output.begin(), input->output.end());
  columns.push_back(windows[0]);
  return MakeProject(std::move(input), std::move(columns));
}

}  // namespace thalweg
