// SELECT: list, aggregation, HAVING.
#include "analyzer/relation_analyzer.h"
#include "data/type_text.h"

namespace thalweg {

namespace {

bool IsExtraction(const ExprPtr& expr) {
  const auto* call = As<Call>(expr);
  return call != nullptr && call->function->name() == "$extract";
}

}  // namespace

bool RelationAnalyzer::IsSelect(const RelationPtr& relation) {
  switch (relation->kind()) {
    case RelationKind::kProject:
    case RelationKind::kAggregate:
    case RelationKind::kUnresolvedHaving:
      return true;
    default:
      return false;
  }
}

Result<RelationAnalyzer::Selected> RelationAnalyzer::AnalyzeSelect(const RelationPtr& relation) {
  if (const auto* having = As<UnresolvedHaving>(relation)) return AnalyzeHaving(*having);
  if (const auto* project = As<Project>(relation)) return AnalyzeProject(*project);
  return AnalyzeAggregate(*As<AggregateRelation>(relation));
}

Result<RelationPtr> RelationAnalyzer::Finish(Selected selected) {
  return MakeProject(std::move(selected.below), std::move(selected.list));
}

Result<RelationAnalyzer::Selected> RelationAnalyzer::AnalyzeProject(const Project& project) {
  THALWEG_ASSIGN_OR_RETURN(RelationPtr input, Analyze(project.input));
  const Scope scope = ScopeOf(input->output);
  THALWEG_ASSIGN_OR_RETURN(std::vector<ExprPtr> list, ResolveList(project.expressions, scope));
  bool aggregates = false;
  for (const ExprPtr& item : list) aggregates = aggregates || ContainsAggregate(item);
  if (aggregates) {
    std::vector<AttributePtr> visible = input->output;
    return Aggregate(std::make_shared<AggregateBuilder>(std::move(input), std::vector<ExprPtr>()),
                     std::move(visible), list);
  }
  Selected selected;
  selected.input = input->output;
  THALWEG_ASSIGN_OR_RETURN(selected.below, WithWindows(std::move(input), &list));
  THALWEG_ASSIGN_OR_RETURN(selected.below, WithGenerators(std::move(selected.below), &list, false));
  for (const ExprPtr& item : list) selected.list.push_back(Named(item));
  return selected;
}

Result<std::vector<ExprPtr>> RelationAnalyzer::ResolveList(const std::vector<ExprPtr>& list,
                                                           const Scope& scope) {
  std::vector<ExprPtr> typed;
  ExpressionAnalyzer analyzer(context_, scope);
  analyzer.SetLateralAliases(&typed);
  for (const ExprPtr& item : list) {
    if (const auto* star = As<UnresolvedStar>(item)) {
      THALWEG_ASSIGN_OR_RETURN(std::vector<ExprPtr> columns, ExpandStar(*star, scope));
      typed.insert(typed.end(), columns.begin(), columns.end());
      continue;
    }
    THALWEG_ASSIGN_OR_RETURN(ExprPtr expr, analyzer.Resolve(item));
    // A column a.b that is the field b of column a is called b, as in Spark.
    const auto* name = As<UnresolvedAttribute>(item);
    const bool is_part = name != nullptr && name->parts.size() > 1 && IsExtraction(expr);
    typed.push_back(is_part ? MakeAlias(std::move(expr), name->parts.back()) : std::move(expr));
  }
  return typed;
}

Result<std::vector<ExprPtr>> RelationAnalyzer::ExpandStar(const UnresolvedStar& star,
                                                          const Scope& scope) {
  if (!star.except.empty()) return NotSupportedYet("* EXCEPT", star.place);
  const std::vector<AttributePtr> columns = scope.Star(star.target);
  if (!columns.empty() || star.target.empty()) {
    return std::vector<ExprPtr>(columns.begin(), columns.end());
  }
  // The fields of a struct column: s.*
  auto name = NewAttribute(star.target, star.place);
  ExpressionAnalyzer analyzer(context_, scope);
  Result<ExprPtr> base = analyzer.Resolve(name);
  if (!base.ok() || !(*base)->type->Is(TypeKind::kStruct)) {
    std::string input;
    for (const AttributePtr& column : scope.columns()) {
      input += (input.empty() ? "" : ", ") + QuoteName({column->column});
    }
    return Status::User("CANNOT_RESOLVE_STAR_EXPAND",
                        {{"targetString", QuoteName(star.target)}, {"columns", input}}, star.place);
  }
  std::vector<ExprPtr> fields;
  for (const StructField& field : (*base)->type->fields()) {
    THALWEG_ASSIGN_OR_RETURN(
        ExprPtr value,
        context_.functions->Bind("$extract", {*base, MakeLiteral(Value::String(field.name))},
                                 settings(), star.place));
    fields.push_back(MakeAlias(std::move(value), field.name));
  }
  return fields;
}

ExprPtr RelationAnalyzer::NewAttribute(const std::vector<std::string>& parts,
                                       const SqlPlace& place) {
  auto attribute = std::make_shared<UnresolvedAttribute>();
  attribute->parts = parts;
  attribute->place = place;
  return attribute;
}

/// The list over an aggregation of rows with the columns `input`.
Result<RelationAnalyzer::Selected> RelationAnalyzer::Aggregate(
    std::shared_ptr<AggregateBuilder> builder, std::vector<AttributePtr> input,
    const std::vector<ExprPtr>& list) {
  Selected selected;
  selected.input = std::move(input);
  selected.aggregate = std::move(builder);
  for (const ExprPtr& item : list) {
    const bool generates = item->kind() == ExprKind::kGeneratorCall;  // it names its own columns
    const ExprPtr named = generates ? item : Named(item);
    THALWEG_ASSIGN_OR_RETURN(ExprPtr over, selected.aggregate->Rewrite(named));
    // A grouping keeps the name that the list gives it.
    const bool renamed = over->kind() == ExprKind::kAttribute && named->kind() == ExprKind::kAlias;
    if (renamed) over = MakeAlias(over, As<Alias>(named)->names[0]);
    selected.list.push_back(generates ? over : Named(over));
  }
  selected.below = selected.aggregate->Build();
  THALWEG_ASSIGN_OR_RETURN(selected.below, WithGenerators(std::move(selected.below), &selected.list,
                                                          /*over_aggregation=*/true));
  return selected;
}

// HAVING may name aliases of the list, groupings and columns inside aggregates.
Result<RelationAnalyzer::Selected> RelationAnalyzer::AnalyzeHaving(const UnresolvedHaving& having) {
  THALWEG_ASSIGN_OR_RETURN(Selected selected, AnalyzeSelect(having.input));
  if (selected.aggregate == nullptr) {
    return NotSupportedYet("HAVING without an aggregation", having.place);
  }
  THALWEG_ASSIGN_OR_RETURN(ExprPtr condition,
                           ResolveOverAggregate(having.condition, &selected, true));
  if (!condition->type->Is(TypeKind::kBoolean)) {
    return Status::User("DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
                        {{"sqlExpr", "\"" + ColumnName(condition) + "\""},
                         {"filter", "\"" + ColumnName(condition) + "\""},
                         {"type", "\"" + condition->type->Sql() + "\""}},
                        having.place);
  }
  if (selected.below->kind() == RelationKind::kGenerate) {
    return NotSupportedYet("HAVING with a generator in the list", having.place);
  }
  selected.below = MakeFilter(selected.aggregate->Build(), std::move(condition));
  return selected;
}

/// Names mean columns of the list first, else columns of the input under the aggregation.
Result<ExprPtr> RelationAnalyzer::ResolveOverAggregate(const ExprPtr& expr, Selected* selected,
                                                       bool inline_aliases) {
  std::vector<AttributePtr> columns = selected->input;
  for (const AttributePtr& column : selected->aggregate->grouping_columns()) {
    bool known = false;
    for (const AttributePtr& other : columns) known = known || other->id == column->id;
    if (!known) columns.push_back(column);
  }
  std::vector<AttributePtr> aliases;
  for (const ExprPtr& item : selected->list) {
    const AttributePtr named = ToAttribute(item);
    bool hidden = false;
    for (const AttributePtr& column : columns) {
      hidden = hidden || EqualsIgnoringCase(column->column, named->column);
    }
    if (item->kind() == ExprKind::kAlias && !hidden) aliases.push_back(named);
  }
  std::vector<AttributePtr> all = columns;
  all.insert(all.end(), aliases.begin(), aliases.end());
  const Scope scope = ScopeOf(all);
  ExpressionAnalyzer analyzer(context_, scope);
  THALWEG_ASSIGN_OR_RETURN(ExprPtr typed, analyzer.Resolve(expr));
  // Aliases of the list stand for what they compute over the aggregation.
  std::vector<std::pair<AttributePtr, ExprPtr>> shown;
  for (const ExprPtr& item : selected->list) {
    if (const auto* alias = As<Alias>(item)) shown.emplace_back(ToAttribute(item), alias->child);
  }
  return RewriteOver(typed, selected, shown, inline_aliases);
}

Result<ExprPtr> RelationAnalyzer::RewriteOver(
    const ExprPtr& expr, Selected* selected,
    const std::vector<std::pair<AttributePtr, ExprPtr>>& shown, bool inline_aliases) {
  if (const auto* column = As<Attribute>(expr)) {
    for (const auto& [attribute, child] : shown) {
      if (attribute->id == column->id) return inline_aliases ? child : ExprPtr(attribute);
    }
    for (const AttributePtr& grouping : selected->aggregate->grouping_columns()) {
      if (grouping->id == column->id) return ExprPtr(grouping);
    }
    return selected->aggregate->Rewrite(expr);
  }
  if (expr->kind() == ExprKind::kAggregateCall) return selected->aggregate->Rewrite(expr);
  Result<ExprPtr> whole = selected->aggregate->Rewrite(expr);
  if (whole.ok()) return whole;
  Status failed;
  ExprPtr rewritten = MapChildren(expr, [&](const ExprPtr& child) -> ExprPtr {
    if (!failed.ok()) return child;
    Result<ExprPtr> result = RewriteOver(child, selected, shown, inline_aliases);
    if (result.ok()) return *result;
    failed = result.status();
    return child;
  });
  if (!failed.ok()) return failed;
  return rewritten;
}

}  // namespace thalweg
