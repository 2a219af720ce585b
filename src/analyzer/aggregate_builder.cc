#include "analyzer/aggregate_builder.h"

#include <algorithm>

#include "analyzer/expression_analyzer.h"
#include "functions/grouping_functions.h"

namespace thalweg {
namespace {

/// What a grouping computes, its name aside.
const ExprPtr& Unaliased(const ExprPtr& expr) {
  const auto* alias = As<Alias>(expr);
  return alias == nullptr ? expr : alias->child;
}

std::string Quoted(const ExprPtr& expr) {
  return "\"" + ColumnName(expr) + "\"";
}

bool IsWindowTime(const ExprPtr& expr) {
  const auto* call = As<Call>(expr);
  return call != nullptr && call->function->name() == "window_time";
}

}  // namespace

AggregateBuilder::AggregateBuilder(RelationPtr input, const std::vector<ExprPtr>& groupings)
    : input_(std::move(input)) {
  for (const ExprPtr& grouping : groupings) {
    keys_.push_back({Unaliased(grouping), Named(grouping)});
  }
}

ExprPtr AggregateBuilder::FindGrouping(const ExprPtr& expr) const {
  for (const Key& key : keys_) {
    AttributePtr column = ToAttribute(key.grouping);
    const auto* named = As<Attribute>(expr);
    const bool made_here = named != nullptr && named->id == column->id;
    if (made_here || Equal(key.source, expr)) return column;
  }
  return nullptr;
}

Result<ExprPtr> AggregateBuilder::AddCall(const ExprPtr& call) {
  for (const ExprPtr& known : calls_) {
    if (Equal(Unaliased(known), call)) return ExprPtr(ToAttribute(known));
  }
  for (const int64_t id : ReferencedAttributes(call)) {
    const bool known = std::any_of(input_->output.begin(), input_->output.end(),
                                   [&](const AttributePtr& column) { return column->id == id; });
    if (!known)
      return NotSupportedYet("an aggregate of the window that is grouped by", call->place);
  }
  calls_.push_back(MakeAlias(call, ColumnName(call)));
  return ExprPtr(ToAttribute(calls_.back()));
}

Result<ExprPtr> AggregateBuilder::Rewrite(const ExprPtr& expr) {
  if (ExprPtr column = FindGrouping(expr)) return column;
  if (expr->kind() == ExprKind::kAggregateCall) return AddCall(expr);
  if (IsGroupingFunction(*expr)) return RewriteGrouping(*As<Call>(expr));
  // The time of a window is computed below the aggregation.
  if (expr->kind() == ExprKind::kAttribute || IsWindowTime(expr)) return Missing(expr);
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

Status AggregateBuilder::Missing(const ExprPtr& expr) const {
  if (keys_.empty() && set_marks_.empty()) return Status::User("MISSING_GROUP_BY", {}, expr->place);
  return Status::User("MISSING_AGGREGATION",
                      {{"expression", Quoted(expr)},
                       {"expressionAnyValue", "\"any_value(" + ColumnName(expr) + ")\""}},
                      expr->place);
}

Result<ExprPtr> AggregateBuilder::RewriteGrouping(const Call& call) const {
  if (set_marks_.empty()) return Status::User("UNSUPPORTED_GROUPING_EXPRESSION", {}, call.place);
  const ExprPtr id = set_marks_[0];
  if (call.function->name() == "grouping") {
    for (size_t i = 0; i < keys_.size(); ++i) {
      if (!Equal(keys_[i].source, call.arguments[0])) continue;
      return MakeGroupingBit(id, static_cast<int>(keys_.size() - 1 - i));
    }
    return Status::User(
        "GROUPING_COLUMN_MISMATCH",
        {{"grouping", Quoted(call.arguments[0])}, {"groupingColumns", SourcesText()}}, call.place);
  }
  bool same = call.arguments.empty() || call.arguments.size() == keys_.size();
  std::string given;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    given += (i > 0 ? ", " : "") + Quoted(call.arguments[i]);
    same = same && Equal(keys_[i].source, call.arguments[i]);
  }
  if (same) return id;
  return Status::User("GROUPING_ID_COLUMN_MISMATCH",
                      {{"groupingIdColumn", given}, {"groupByColumns", SourcesText()}}, call.place);
}

std::string AggregateBuilder::SourcesText() const {
  std::string text;
  for (const Key& key : keys_) text += (text.empty() ? "" : ", ") + Quoted(key.source);
  return text;
}

RelationPtr AggregateBuilder::Build() const {
  std::vector<ExprPtr> groupings = set_marks_;
  for (const Key& key : keys_) groupings.push_back(key.grouping);
  std::vector<ExprPtr> columns;
  for (const ExprPtr& grouping : groupings) columns.push_back(ToAttribute(grouping));
  columns.insert(columns.end(), calls_.begin(), calls_.end());
  return MakeAggregate(input_, std::move(groupings), std::move(columns));
}

std::vector<AttributePtr> AggregateBuilder::grouping_columns() const {
  std::vector<AttributePtr> columns;
  if (!set_marks_.empty()) return columns;
  for (const Key& key : keys_) columns.push_back(ToAttribute(key.grouping));
  return columns;
}

}  // namespace thalweg
