// GROUP BY: positions, aliases of the list, ALL, and what ROLLUP and CUBE stand for.
#include "analyzer/relation_analyzer.h"

namespace thalweg {
namespace {

using Sets = std::vector<std::vector<size_t>>;

constexpr size_t kCubeColumnsMax = 12;

ExprPtr Unaliased(const ExprPtr& item) {
  const auto* alias = As<Alias>(item);
  return alias == nullptr ? item : alias->child;
}

/// The sets of an aggregation as positions of its groupings.
Result<Sets> SetsOf(const AggregateRelation& aggregate) {
  Sets sets;
  const size_t count = aggregate.groupings.size();
  if (aggregate.group == GroupKind::kRollup) {
    for (size_t left_out = 0; left_out <= count; ++left_out) {
      std::vector<size_t>& set = sets.emplace_back();
      for (size_t i = 0; i + left_out < count; ++i) set.push_back(i);
    }
  } else if (aggregate.group == GroupKind::kCube) {
    if (count > kCubeColumnsMax) return NotSupportedYet("CUBE of so many columns", aggregate.place);
    for (size_t left_out = 0; left_out < size_t{1} << count; ++left_out) {
      std::vector<size_t>& set = sets.emplace_back();
      for (size_t i = 0; i < count; ++i) {
        if ((left_out >> (count - 1 - i) & 1) == 0) set.push_back(i);
      }
    }
  } else {
    sets.emplace_back();
    for (const int64_t at : aggregate.sets) {
      if (at < 0) {
        sets.emplace_back();
      } else {
        sets.back().push_back(static_cast<size_t>(at));
      }
    }
    sets.pop_back();
  }
  return sets;
}

/// The position of `grouping` in `known`, added if it is new.
size_t Intern(const ExprPtr& grouping, std::vector<ExprPtr>* known) {
  for (size_t i = 0; i < known->size(); ++i) {
    if (Equal((*known)[i], grouping)) return i;
  }
  known->push_back(grouping);
  return known->size() - 1;
}

}  // namespace

Result<RelationAnalyzer::Selected> RelationAnalyzer::AnalyzeAggregate(
    const AggregateRelation& aggregate) {
  THALWEG_ASSIGN_OR_RETURN(RelationPtr input, Analyze(aggregate.input));
  std::vector<AttributePtr> columns = input->output;
  // The window comes first: its column may be named anywhere in the SELECT.
  THALWEG_ASSIGN_OR_RETURN(const ExprPtr window, FindWindow(aggregate, ScopeOf(columns)));
  if (window != nullptr) columns.push_back(ToAttribute(window));
  const auto use_window = [&](const ExprPtr& expr) -> ExprPtr {
    const bool is_window = window != nullptr && Equal(expr, As<Alias>(window)->child);
    return is_window ? ExprPtr(ToAttribute(window)) : expr;
  };
  const Scope scope = ScopeOf(columns);
  THALWEG_ASSIGN_OR_RETURN(std::vector<ExprPtr> list, ResolveList(aggregate.aggregates, scope));
  for (ExprPtr& item : list) item = TransformUp(item, use_window);
  THALWEG_ASSIGN_OR_RETURN(std::vector<ExprPtr> groupings,
                           ResolveGroupings(aggregate, scope, list));
  for (ExprPtr& grouping : groupings) grouping = TransformUp(grouping, use_window);
  THALWEG_RETURN_NOT_OK(CheckGroupings(groupings, aggregate.place));
  if (aggregate.group != GroupKind::kGroupBy && aggregate.group != GroupKind::kAll) {
    if (window != nullptr) {
      input =
          MakeGenerate(std::move(input), As<Alias>(window)->child, false, {ToAttribute(window)});
    }
    return AggregateSets(aggregate, std::move(input), groupings, list);
  }
  std::vector<ExprPtr> distinct;
  for (const ExprPtr& grouping : groupings) Intern(grouping, &distinct);
  if (window != nullptr) input = PlaceWindow(std::move(input), window, list, &distinct);
  std::vector<AttributePtr> visible = input->output;
  return Aggregate(std::make_shared<AggregateBuilder>(std::move(input), distinct),
                   std::move(visible), list);
}

Result<RelationAnalyzer::Selected> RelationAnalyzer::AggregateSets(
    const AggregateRelation& aggregate, RelationPtr input, const std::vector<ExprPtr>& groupings,
    const std::vector<ExprPtr>& list) {
  THALWEG_ASSIGN_OR_RETURN(Sets sets, SetsOf(aggregate));
  std::vector<ExprPtr> distinct;
  std::vector<size_t> at;
  for (const ExprPtr& grouping : groupings) at.push_back(Intern(grouping, &distinct));
  for (std::vector<size_t>& set : sets) {
    for (size_t& member : set) member = at[member];
  }
  std::vector<AttributePtr> visible = input->output;
  THALWEG_ASSIGN_OR_RETURN(auto builder,
                           AggregateBuilder::OfSets(std::move(input), distinct, sets));
  return Aggregate(std::move(builder), std::move(visible), list);
}

Status RelationAnalyzer::CheckGroupings(const std::vector<ExprPtr>& groupings,
                                        const SqlPlace& place) {
  for (const ExprPtr& grouping : groupings) {
    if (!ContainsAggregate(grouping)) continue;
    return Status::User("GROUP_BY_AGGREGATE", {{"sqlExpr", ColumnName(grouping)}},
                        grouping->place.line > 0 ? grouping->place : place);
  }
  return Status::OK();
}

/// One a grouping that is written; of ALL, one an item of the list without aggregates.
Result<std::vector<ExprPtr>> RelationAnalyzer::ResolveGroupings(const AggregateRelation& aggregate,
                                                                const Scope& scope,
                                                                const std::vector<ExprPtr>& list) {
  std::vector<ExprPtr> groupings;
  if (aggregate.group == GroupKind::kAll) {
    for (const ExprPtr& item : list) {
      if (!ContainsAggregate(item)) groupings.push_back(Unaliased(item));
    }
    return groupings;
  }
  for (const ExprPtr& grouping : aggregate.groupings) {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr typed, ResolveGrouping(grouping, scope, list));
    groupings.push_back(std::move(typed));
  }
  return groupings;
}

// A position of the list, a column, an alias of the list, or any expression.
Result<ExprPtr> RelationAnalyzer::ResolveGrouping(const ExprPtr& grouping, const Scope& scope,
                                                  const std::vector<ExprPtr>& list) {
  const auto* literal = As<Literal>(grouping);
  if (literal != nullptr && literal->type->Is(TypeKind::kInt)) {
    const int64_t position = literal->value.int64();
    if (position < 1 || position > static_cast<int64_t>(list.size())) {
      return Status::User(
          "GROUP_BY_POS_OUT_OF_RANGE",
          {{"index", std::to_string(position)}, {"size", std::to_string(list.size())}},
          grouping->place);
    }
    const ExprPtr item = Unaliased(list[position - 1]);
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
