#include "analyzer/aggregate_builder.h"

#include "analyzer/expression_analyzer.h"

namespace thalweg {
namespace {

/// What a grouping computes, its name aside.
const ExprPtr& Unaliased(const ExprPtr& expr) {
  const auto* alias = As<Alias>(expr);
  return alias == nullptr ? expr : alias->child;
}

}  // namespace

AggregateBuilder::AggregateBuilder(RelationPtr input, const std::vector<ExprPtr>& groupings)
    : input_(std::move(input)) {
  for (const ExprPtr& grouping : groupings) groupings_.push_back(Named(grouping));
}

ExprPtr AggregateBuilder::FindGrouping(const ExprPtr& expr) const {
  for (const ExprPtr& grouping : groupings_) {
    if (Equal(Unaliased(grouping), expr)) return ToAttribute(grouping);
    const AttributePtr column = ToAttribute(grouping);
    const auto* named = As<Attribute>(expr);
    if (named != nullptr && named->id == column->id) return column;
  }
  return nullptr;
}

ExprPtr AggregateBuilder::AddCall(const ExprPtr& call) {
  for (const ExprPtr& known : calls_) {
    if (Equal(Unaliased(known), call)) return ToAttribute(known);
  }
  calls_.push_back(MakeAlias(call, ColumnName(call)));
  return ToAttribute(calls_.back());
}

Result<ExprPtr> AggregateBuilder::Rewrite(const ExprPtr& expr) {
  if (ExprPtr column = FindGrouping(expr)) return column;
  if (expr->kind() == ExprKind::kAggregateCall) return AddCall(expr);
  if (const auto* column = As<Attribute>(expr)) {
    if (groupings_.empty()) {
      return Status::User("MISSING_GROUP_BY", {}, expr->place);
    }
    const std::string name = "\"" + column->column + "\"";
    return Status::User(
        "MISSING_AGGREGATION",
        {{"expression", name}, {"expressionAnyValue", "\"any_value(" + column->column + ")\""}},
        expr->place);
  }
  Status failed;
  ExprPtr rewritten = MapChildren(expr, [&](const ExprPtr& child) -> ExprPtr {
    if (!failed.ok()) return child;
    Result<ExprPtr> result = Rewrite(child);
    if (result.ok()) return *result;
    failed = result.status();
    return child;
  });
  if (!failed.ok()) return failed;
  return rewritten;
}

RelationPtr AggregateBuilder::Build() const {
  std::vector<ExprPtr> columns;
  for (const ExprPtr& grouping : groupings_) columns.push_back(ToAttribute(grouping));
  columns.insert(columns.end(), calls_.begin(), calls_.end());
  return MakeAggregate(input_, groupings_, std::move(columns));
}

std::vector<AttributePtr> AggregateBuilder::grouping_columns() const {
  std::vector<AttributePtr> columns;
  for (const ExprPtr& grouping : groupings_) columns.push_back(ToAttribute(grouping));
  return columns;
}

}  // namespace thalweg
