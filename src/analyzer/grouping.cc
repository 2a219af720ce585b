// GROUP BY: positions, aliases of the list, ALL, and time windows.
#include "analyzer/relation_analyzer.h"

namespace thalweg {
namespace {

bool IsWindowCall(const ExprPtr& expr) {
  const auto* call = As<UnresolvedFunction>(expr);
  if (call == nullptr || call->function.size() != 1) return false;
  std::string name = call->function[0];
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name == "window" || name == "session_window";
}

void CollectWindowCalls(const ExprPtr& expr, std::vector<ExprPtr>* calls) {
  if (IsWindowCall(expr)) calls->push_back(expr);
  for (const ExprPtr& child : Children(*expr)) CollectWindowCalls(child, calls);
}

}  // namespace

/// The different windows that an aggregation names, as Aliases called `window`.
Result<std::vector<ExprPtr>> RelationAnalyzer::FindWindows(const AggregateRelation& aggregate,
                                                           const Scope& scope) {
  std::vector<ExprPtr> calls, windows;
  for (const ExprPtr& grouping : aggregate.groupings) CollectWindowCalls(grouping, &calls);
  for (const ExprPtr& item : aggregate.aggregates) CollectWindowCalls(item, &calls);
  ExpressionAnalyzer analyzer(context_, scope);
  for (const ExprPtr& call : calls) {
    THALWEG_ASSIGN_OR_RETURN(const ExprPtr window, analyzer.Resolve(call));
    bool known = false;
    for (const ExprPtr& other : windows) known = known || Equal(As<Alias>(other)->child, window);
    if (!known) windows.push_back(MakeAlias(window, "window"));
  }
  return windows;
}

Result<std::vector<ExprPtr>> RelationAnalyzer::ResolveGroupings(const AggregateRelation& aggregate,
                                                                const Scope& scope,
                                                                const std::vector<ExprPtr>& list) {
  std::vector<ExprPtr> groupings;
  if (aggregate.group == GroupKind::kAll) {
    for (const ExprPtr& item : list) {
      if (ContainsAggregate(item)) continue;
      const auto* alias = As<Alias>(item);
      groupings.push_back(alias == nullptr ? item : alias->child);
    }
    return groupings;
  }
  for (const ExprPtr& grouping : aggregate.groupings) {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr typed, ResolveGrouping(grouping, scope, list));
    bool known = false;
    for (const ExprPtr& other : groupings) known = known || Equal(other, typed);
    if (!known) groupings.push_back(std::move(typed));
  }
  return groupings;
}

// A position of the list, a column, an alias of the list, or any expression.
Result<ExprPtr> RelationAnalyzer::ResolveGrouping(const ExprPtr& grouping, const Scope& scope,
                                                  const std::vector<ExprPtr>& list) {
  const auto unaliased = [](const ExprPtr& item) {
    const auto* alias = As<Alias>(item);
    return alias == nullptr ? item : alias->child;
  };
  const auto* literal = As<Literal>(grouping);
  if (literal != nullptr && literal->type->Is(TypeKind::kInt)) {
    const int64_t position = literal->value.int64();
    if (position < 1 || position > static_cast<int64_t>(list.size())) {
      return Status::User(
          "GROUP_BY_POS_OUT_OF_RANGE",
          {{"index", std::to_string(position)}, {"size", std::to_string(list.size())}},
          grouping->place);
    }
    const ExprPtr item = unaliased(list[position - 1]);
    if (ContainsAggregate(item)) {
      return Status::User("GROUP_BY_POS_AGGREGATE",
                          {{"index", std::to_string(position)}, {"aggExpr", ColumnName(item)}},
                          grouping->place);
    }
    return item;
  }
  ExpressionAnalyzer analyzer(context_, scope);
  Result<ExprPtr> typed = analyzer.Resolve(grouping);
  const auto* name = As<UnresolvedAttribute>(grouping);
  const bool unknown = !typed.ok() && typed.status().condition().starts_with("UNRESOLVED_COLUMN");
  if (!unknown || name == nullptr || name->parts.size() != 1) return typed;
  for (const ExprPtr& item : list) {
    const auto* alias = As<Alias>(item);
    if (alias == nullptr || !scope.Same(alias->names[0], name->parts[0])) continue;
    if (ContainsAggregate(alias->child)) break;
    return alias->child;
  }
  return typed;
}

}  // namespace thalweg
