// Joins: condition, USING, NATURAL.
#include "analyzer/relation_analyzer.h"

namespace thalweg {
namespace {

AttributePtr AsNullable(const AttributePtr& column) {
  if (column->nullable) return column;
  auto copy = std::make_shared<Attribute>(*column);
  copy->nullable = true;
  return copy;
}

AttributePtr Hidden(const AttributePtr& column) {
  auto copy = std::make_shared<Attribute>(*column);
  copy->metadata = true;
  return copy;
}

}  // namespace

Result<RelationPtr> RelationAnalyzer::AnalyzeJoin(const Join& join) {
  auto typed = std::make_shared<Join>(join);
  THALWEG_ASSIGN_OR_RETURN(typed->left, Analyze(join.left));
  THALWEG_ASSIGN_OR_RETURN(typed->right, Analyze(join.right));
  for (const AttributePtr& left : typed->left->output) {
    for (const AttributePtr& right : typed->right->output) {
      if (left->id == right->id) return Status::Bug("both sides of a join make the same column");
    }
  }
  std::vector<std::string> names = join.using_columns;
  if (join.natural) {
    const Scope right = ScopeOf(typed->right->output);
    for (const AttributePtr& column : typed->left->output) {
      for (const AttributePtr& other : typed->right->output) {
        if (right.Same(column->column, other->column)) names.push_back(column->column);
      }
    }
  }
  if (!names.empty()) return MergeUsing(std::move(typed), std::move(names));
  if (join.condition != nullptr) {
    std::vector<AttributePtr> columns = typed->left->output;
    columns.insert(columns.end(), typed->right->output.begin(), typed->right->output.end());
    const Scope scope = ScopeOf(columns);
    ExpressionAnalyzer analyzer(context_, scope);
    THALWEG_ASSIGN_OR_RETURN(typed->condition, analyzer.ResolveCondition(join.condition, "join"));
    if (ContainsAggregate(typed->condition)) {
      return NotSupportedYet("an aggregate in a join condition", join.place);
    }
  }
  DeriveOutput(typed.get());
  return RelationPtr(typed);
}

// USING (a): left.a = right.a, and one column a in front of the others: the left one, of a right
// join the right one, of a full join the first that is not null.
Result<RelationPtr> RelationAnalyzer::MergeUsing(std::shared_ptr<Join> join,
                                                 std::vector<std::string> names) {
  const Scope left = ScopeOf(join->left->output), right = ScopeOf(join->right->output);
  std::vector<ExprPtr> keys;
  std::vector<int64_t> merged;
  ExprPtr condition;
  const auto find = [&](const Scope& scope, const std::string& name,
                        const char* side) -> Result<AttributePtr> {
    THALWEG_ASSIGN_OR_RETURN(const Scope::Match match, scope.Find({name}, join->place));
    if (match.column != nullptr) return match.column;
    std::string suggestion;
    for (const AttributePtr& column : scope.columns()) {
      suggestion += (suggestion.empty() ? "" : ", ") + QuoteName({column->column});
    }
    return Status::User(
        "UNRESOLVED_USING_COLUMN_FOR_JOIN",
        {{"colName", QuoteName({name})}, {"side", side}, {"suggestion", suggestion}}, join->place);
  };
  for (const std::string& name : names) {
    THALWEG_ASSIGN_OR_RETURN(const AttributePtr a, find(left, name, "left"));
    THALWEG_ASSIGN_OR_RETURN(const AttributePtr b, find(right, name, "right"));
    THALWEG_ASSIGN_OR_RETURN(ExprPtr equal,
                             context_.functions->Bind("==", {a, b}, settings(), join->place));
    if (condition != nullptr) {
      THALWEG_ASSIGN_OR_RETURN(
          equal, context_.functions->Bind("and", {condition, equal}, settings(), join->place));
    }
    condition = std::move(equal);
    merged.push_back(a->id);
    merged.push_back(b->id);
    if (join->join == JoinKind::kFullOuter) {
      THALWEG_ASSIGN_OR_RETURN(ExprPtr first,
                               context_.functions->Bind("coalesce", {AsNullable(a), AsNullable(b)},
                                                        settings(), join->place));
      keys.push_back(MakeAlias(std::move(first), a->column));
    } else {
      keys.push_back(join->join == JoinKind::kRightOuter ? b : a);
    }
  }
  join->condition = std::move(condition);
  join->using_columns.clear();
  join->natural = false;
  DeriveOutput(join.get());
  std::vector<ExprPtr> list = keys;
  for (const AttributePtr& column : join->output) {
    bool is_key = false, is_shown = false;
    for (const int64_t id : merged) is_key = is_key || id == column->id;
    for (const ExprPtr& key : keys) is_shown = is_shown || ToAttribute(key)->id == column->id;
    if (is_shown) continue;
    list.push_back(is_key ? Hidden(column) : column);
  }
  return MakeProject(std::move(join), std::move(list));
}

}  // namespace thalweg
