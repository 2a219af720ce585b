// ORDER BY, LIMIT, OFFSET. A sort may use what its SELECT does not show: such columns are added to
// the list below the sort and dropped above it.
#include "analyzer/relation_analyzer.h"
#include "data/type_text.h"
#include "functions/evaluator.h"

namespace thalweg {
namespace {

Status NotOrderable(const ExprPtr& expr) {
  return Status::User("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
                      {{"sqlExpr", "\"" + ColumnName(expr) + "\""},
                       {"functionName", "`sortorder`"},
                       {"dataType", "\"" + expr->type->Sql() + "\""}},
                      expr->place);
}

bool IsOrderable(const DataType& type) {
  if (type.Is(TypeKind::kMap) || type.Is(TypeKind::kVariant) ||
      type.Is(TypeKind::kCalendarInterval)) {
    return false;
  }
  for (const StructField& field : type.fields()) {
    if (!IsOrderable(*field.type)) return false;
  }
  return true;
}

std::vector<ExprPtr> Outputs(const std::vector<ExprPtr>& list) {
  std::vector<ExprPtr> out;
  for (const ExprPtr& item : list) out.push_back(ToAttribute(item));
  return out;
}

}  // namespace

Result<RelationPtr> RelationAnalyzer::AnalyzeSort(const Sort& sort) {
  RelationPtr below = sort.input;
  if (const auto* distribution = As<Repartition>(below)) {
    THALWEG_RETURN_NOT_OK(CheckDistribution(*distribution));
    below = distribution->input;
  }
  Selected selected;
  const bool select = IsSelect(below);
  if (select) {
    THALWEG_ASSIGN_OR_RETURN(selected, AnalyzeSelect(below));
  } else {
    THALWEG_ASSIGN_OR_RETURN(selected.below, Analyze(below));
    selected.list.assign(selected.below->output.begin(), selected.below->output.end());
    selected.input = selected.below->output;
  }
  const size_t shown = selected.list.size();
  std::vector<ExprPtr> hidden, orders;
  THALWEG_ASSIGN_OR_RETURN(const std::vector<ExprPtr> wanted, OrderOf(sort, selected));
  for (const ExprPtr& item : wanted) {
    auto order = std::make_shared<SortOrder>(*As<SortOrder>(item));
    THALWEG_ASSIGN_OR_RETURN(order->child, ResolveSortChild(order->child, &selected, &hidden));
    if (!IsOrderable(*order->child->type)) return NotOrderable(order->child);
    order->type = order->child->type;
    order->nullable = order->child->nullable;
    orders.push_back(std::move(order));
  }
  if (selected.aggregate != nullptr && !hidden.empty()) {
    THALWEG_ASSIGN_OR_RETURN(selected.below, RebuildBelow(selected));
  }
  std::vector<ExprPtr> list = selected.list;
  list.insert(list.end(), hidden.begin(), hidden.end());
  RelationPtr input = select ? MakeProject(selected.below, list) : selected.below;
  auto sorted = std::make_shared<Sort>(sort);
  sorted->input = std::move(input);
  sorted->order = std::move(orders);
  DeriveOutput(sorted.get());
  if (hidden.empty()) return RelationPtr(sorted);
  list.resize(shown);
  return MakeProject(sorted, Outputs(list));
}

/// The orders as written; ORDER BY ALL stands for all columns of the list, where no column is
/// called so.
Result<std::vector<ExprPtr>> RelationAnalyzer::OrderOf(const Sort& sort, const Selected& selected) {
  const auto* only = sort.order.size() == 1 ? As<SortOrder>(sort.order[0]) : nullptr;
  const auto* name = only == nullptr ? nullptr : As<UnresolvedAttribute>(only->child);
  if (name == nullptr || name->parts.size() != 1 || !EqualsIgnoringCase(name->parts[0], "all")) {
    return sort.order;
  }
  std::vector<AttributePtr> columns = selected.input;
  for (const ExprPtr& item : selected.list) columns.push_back(ToAttribute(item));
  const Scope scope = ScopeOf(columns);
  THALWEG_ASSIGN_OR_RETURN(const Scope::Match match, scope.Find(name->parts, sort.place));
  if (match.column != nullptr) return sort.order;
  std::vector<ExprPtr> all;
  for (const ExprPtr& item : selected.list) {
    auto order = std::make_shared<SortOrder>(*only);
    order->child = ToAttribute(item);
    all.push_back(std::move(order));
  }
  return all;
}

/// Which lane a row goes to shows nowhere: DISTRIBUTE BY only has to make sense.
Result<RelationPtr> RelationAnalyzer::AnalyzeRepartition(const Repartition& repartition) {
  THALWEG_RETURN_NOT_OK(CheckDistribution(repartition));
  return Analyze(repartition.input);
}

/// The expressions may name what ORDER BY may name.
Status RelationAnalyzer::CheckDistribution(const Repartition& repartition) {
  Sort sort;
  sort.input = repartition.input;
  for (const ExprPtr& expr : repartition.expressions) {
    if (expr->kind() == ExprKind::kLiteral) continue;  // no position
    auto order = std::make_shared<SortOrder>();
    order->child = expr;
    sort.order.push_back(std::move(order));
  }
  if (sort.order.empty()) return Status::OK();
  const Result<RelationPtr> sorted = AnalyzeSort(sort);
  if (sorted.ok() || !sorted.status().condition().starts_with("DATATYPE_MISMATCH")) {
    return sorted.status();
  }
  return NotSupportedYet("DISTRIBUTE BY such values", repartition.place);
}

/// The aggregation with the calls that ORDER BY added, under the same HAVING.
Result<RelationPtr> RelationAnalyzer::RebuildBelow(const Selected& selected) {
  if (selected.below->kind() == RelationKind::kAggregate) return selected.aggregate->Build();
  const auto* having = As<Filter>(selected.below);
  if (having != nullptr && having->input->kind() == RelationKind::kAggregate) {
    return MakeFilter(selected.aggregate->Build(), having->condition);
  }
  return NotSupportedYet("ORDER BY of a generator over an aggregation");
}

// A position, a column of the list, an expression of the list, or a hidden column.
Result<ExprPtr> RelationAnalyzer::ResolveSortChild(const ExprPtr& child, Selected* selected,
                                                   std::vector<ExprPtr>* hidden) {
  const auto* literal = As<Literal>(child);
  if (literal != nullptr && literal->type->Is(TypeKind::kInt)) {
    const int64_t position = literal->value.int64();
    if (position < 1 || position > static_cast<int64_t>(selected->list.size())) {
      return Status::User(
          "ORDER_BY_POS_OUT_OF_RANGE",
          {{"index", std::to_string(position)}, {"size", std::to_string(selected->list.size())}},
          child->place);
    }
    return ExprPtr(ToAttribute(selected->list[position - 1]));
  }
  std::vector<AttributePtr> columns;
  for (const ExprPtr& item : selected->list) columns.push_back(ToAttribute(item));
  const Scope scope = ScopeOf(columns);
  ExpressionAnalyzer analyzer(context_, scope);
  Result<ExprPtr> over_list = analyzer.Resolve(child);
  if (over_list.ok() && !ContainsAggregate(*over_list)) return over_list;
  if (!over_list.ok() && !over_list.status().condition().starts_with("UNRESOLVED_COLUMN")) {
    return over_list;
  }
  ExprPtr typed;
  if (selected->aggregate != nullptr) {
    THALWEG_ASSIGN_OR_RETURN(typed, ResolveOverAggregate(child, selected, true));
  } else {
    std::vector<AttributePtr> all = columns;
    for (const AttributePtr& column : selected->input) {
      bool known = false;
      for (const AttributePtr& other : all) {
        known = known || other->id == column->id || scope.Same(other->column, column->column);
      }
      if (!known) all.push_back(column);
    }
    const Scope wider = ScopeOf(all);
    ExpressionAnalyzer wide_analyzer(context_, wider);
    THALWEG_ASSIGN_OR_RETURN(typed, wide_analyzer.Resolve(child));
    if (ContainsAggregate(typed)) {
      return NotSupportedYet("an aggregate in ORDER BY of a query without one", child->place);
    }
  }
  return Hide(typed, *selected, hidden);
}

/// `typed` over the input of the list, as a column of the list or a hidden one.
ExprPtr RelationAnalyzer::Hide(const ExprPtr& typed, const Selected& selected,
                               std::vector<ExprPtr>* hidden) {
  for (const ExprPtr& item : selected.list) {
    const auto* alias = As<Alias>(item);
    if (Equal(alias == nullptr ? item : alias->child, typed)) return ToAttribute(item);
  }
  // Aliases of the list stay names; what else the sort reads is computed below it.
  const auto column_of_list = [&](const Attribute& column) {
    for (const ExprPtr& item : selected.list) {
      if (ToAttribute(item)->id == column.id) return true;
    }
    return false;
  };
  if (const auto* column = As<Attribute>(typed)) {
    if (!column_of_list(*column)) hidden->push_back(typed);
    return typed;
  }
  const bool mixes_aliases = Any(typed, [&](const Expression& node) {
    return node.kind() == ExprKind::kAttribute &&
           column_of_list(static_cast<const Attribute&>(node));
  });
  if (mixes_aliases) {
    return MapChildren(typed, [&](const ExprPtr& child) { return Hide(child, selected, hidden); });
  }
  if (ReferencedAttributes(typed).empty()) return typed;
  hidden->push_back(MakeAlias(typed, "_sort"));
  return ToAttribute(hidden->back());
}

Result<RelationPtr> RelationAnalyzer::AnalyzeLimit(const Limit& limit) {
  auto typed = std::make_shared<Limit>(limit);
  THALWEG_ASSIGN_OR_RETURN(typed->input, Analyze(limit.input));
  THALWEG_ASSIGN_OR_RETURN(typed->limit, ResolveRowCount(limit.limit, *typed->input, "limit"));
  DeriveOutput(typed.get());
  return RelationPtr(typed);
}

Result<RelationPtr> RelationAnalyzer::AnalyzeOffset(const OffsetRelation& offset) {
  auto typed = std::make_shared<OffsetRelation>(offset);
  THALWEG_ASSIGN_OR_RETURN(typed->input, Analyze(offset.input));
  THALWEG_ASSIGN_OR_RETURN(typed->offset, ResolveRowCount(offset.offset, *typed->input, "offset"));
  DeriveOutput(typed.get());
  return RelationPtr(typed);
}

/// A number of rows is computed here: what runs needs to know it beforehand.
Result<ExprPtr> RelationAnalyzer::ResolveRowCount(const ExprPtr& count, const Relation& input,
                                                  const char* clause) {
  const Scope scope = ScopeOf(input.output);
  ExpressionAnalyzer analyzer(context_, scope);
  THALWEG_ASSIGN_OR_RETURN(const ExprPtr typed, analyzer.Resolve(count));
  const std::string text = "\"" + ColumnName(typed) + "\"";
  if (!ReferencedAttributes(typed).empty() || !IsDeterministic(typed)) {
    return Status::User("INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE",
                        {{"name", clause}, {"expr", text}}, count->place);
  }
  if (!typed->type->Is(TypeKind::kInt)) {
    return Status::User(
        "INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE",
        {{"name", clause}, {"expr", text}, {"dataType", "\"" + typed->type->Sql() + "\""}},
        count->place);
  }
  if (DependsOnEpoch(typed) || ContainsAggregate(typed)) {
    return NotSupportedYet("such a computed " + std::string(clause), count->place);
  }
  THALWEG_ASSIGN_OR_RETURN(const Value value, ComputeConstant(typed));
  if (value.is_null()) {
    return Status::User("INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL", {{"name", clause}, {"expr", text}},
                        count->place);
  }
  if (value.int64() < 0) {
    return Status::User("INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE",
                        {{"name", clause}, {"expr", text}, {"v", std::to_string(value.int64())}},
                        count->place);
  }
  return MakeLiteral(value);
}

}  // namespace thalweg
