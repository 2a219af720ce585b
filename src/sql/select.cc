// SELECT: hints, DISTINCT, the list, and the clauses behind it.
#include "sql/sql_parser.h"

namespace thalweg {

// SELECT TRANSFORM (…) USING 'script'; without USING it is a call of the function.
bool SqlParser::AtScriptTransform() const {
  if (!PeekWord("TRANSFORM") || !PeekSymbol("(", 1)) return false;
  int depth = 0;
  for (int ahead = 1; Peek(ahead).kind != TokenKind::kEnd; ++ahead) {
    if (PeekSymbol("(", ahead)) ++depth;
    if (!PeekSymbol(")", ahead) || --depth > 0) continue;
    return PeekWord("USING", ahead + 1) || PeekWord("ROW", ahead + 1);
  }
  return false;
}

Result<RelationPtr> SqlParser::ParseSelect() {
  return ParseSelectAfter(nullptr);
}

// `input`: of a query that began with FROM; else null.
Result<RelationPtr> SqlParser::ParseSelectAfter(RelationPtr input) {
  const size_t first = at_;
  const size_t outer_windows = named_windows_.size();
  THALWEG_RETURN_NOT_OK(ExpectWord("SELECT"));
  THALWEG_ASSIGN_OR_RETURN(const auto hints, ParseHints());
  if (AtScriptTransform()) return NotYet("SELECT TRANSFORM");
  const bool distinct = AcceptWord("DISTINCT");
  if (!distinct && PeekWord("ALL") && !PeekSymbol(",", 1)) Next();
  THALWEG_ASSIGN_OR_RETURN(std::vector<ExprPtr> list, ParseSelectList());
  if (PeekWord("FROM")) {
    THALWEG_ASSIGN_OR_RETURN(input, ParseFrom());
  }
  THALWEG_ASSIGN_OR_RETURN(RelationPtr query,
                           ParseSelectClauses(std::move(input), std::move(list), first));
  if (distinct) {
    auto deduplicate = NewNode<Deduplicate>(PlaceFrom(first));
    deduplicate->input = std::move(query);
    deduplicate->all_columns_as_keys = true;
    deduplicate->is_distinct = true;
    query = std::move(deduplicate);
  }
  for (const auto& [name, parameters] : hints) {
    auto hint = NewNode<UnresolvedHint>(PlaceFrom(first));
    hint->input = std::move(query);
    hint->hint = name;
    hint->parameters = parameters;
    query = std::move(hint);
  }
  query = PutNamedWindows(query, outer_windows);
  named_windows_.resize(outer_windows);
  return query;
}

Result<RelationPtr> SqlParser::ParseSelectClauses(RelationPtr input, std::vector<ExprPtr> list,
                                                  size_t first) {
  if (input == nullptr) {  // SELECT without FROM reads one row without columns
    auto one_row = NewNode<UnresolvedInlineTable>(PlaceFrom(first));
    one_row->row_widths = {0};
    input = std::move(one_row);
  }
  THALWEG_ASSIGN_OR_RETURN(input, ParseLateralViews(std::move(input)));
  if (AcceptWord("WHERE")) {
    auto filter = std::make_shared<Filter>();
    THALWEG_ASSIGN_OR_RETURN(filter->condition, ParseExpression());
    filter->place = filter->condition->place;
    filter->input = std::move(input);
    input = std::move(filter);
  }
  RelationPtr query;
  if (AcceptWords({"GROUP", "BY"})) {
    auto aggregate = std::make_shared<AggregateRelation>();
    THALWEG_RETURN_NOT_OK(ParseGroupBy(aggregate.get()));
    aggregate->input = std::move(input);
    aggregate->aggregates = std::move(list);
    aggregate->place = PlaceFrom(first);
    query = std::move(aggregate);
  } else {
    auto project = NewNode<Project>(PlaceFrom(first));
    project->input = std::move(input);
    project->expressions = std::move(list);
    query = std::move(project);
  }
  if (AcceptWord("HAVING")) {
    auto having = std::make_shared<UnresolvedHaving>();
    THALWEG_ASSIGN_OR_RETURN(having->condition, ParseExpression());
    having->place = having->condition->place;
    having->input = std::move(query);
    query = std::move(having);
  }
  if (PeekWord("QUALIFY")) return NotYet("QUALIFY");
  if (PeekWord("WINDOW") && AtIdentifier(1) && PeekWord("AS", 2)) {
    Next();
    THALWEG_RETURN_NOT_OK(ParseNamedWindows());
  }
  return query;
}

Result<std::vector<ExprPtr>> SqlParser::ParseSelectList() {
  std::vector<ExprPtr> list;
  do {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr expr, ParseNamedExpression());
    list.push_back(std::move(expr));
  } while (AcceptSymbol(","));
  return list;
}

Result<std::vector<std::pair<std::string, std::vector<ExprPtr>>>> SqlParser::ParseHints() {
  std::vector<std::pair<std::string, std::vector<ExprPtr>>> hints;
  while (Peek().kind == TokenKind::kHintBegin) {
    Next();
    while (Peek().kind != TokenKind::kHintEnd) {
      if (AcceptSymbol(",")) continue;
      THALWEG_ASSIGN_OR_RETURN(std::string name, ParseIdentifier());
      std::vector<ExprPtr> parameters;
      if (AcceptSymbol("(")) {
        if (!PeekSymbol(")")) {
          THALWEG_ASSIGN_OR_RETURN(parameters, ParseExpressionList());
        }
        THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
      }
      hints.emplace_back(std::move(name), std::move(parameters));
    }
    Next();
  }
  return hints;
}

/// OVER w becomes the window that WINDOW w AS (…) of this SELECT says.
RelationPtr SqlParser::PutNamedWindows(const RelationPtr& query, size_t from) const {
  if (named_windows_.size() == from) return query;
  const auto put = [&](const ExprPtr& expr) -> ExprPtr {
    const auto* over = As<UnresolvedWindow>(expr);
    if (over == nullptr || over->window_name.empty()) return expr;
    for (size_t i = from; i < named_windows_.size(); ++i) {
      if (named_windows_[i].first != over->window_name) continue;
      auto window = std::make_shared<UnresolvedWindow>(
          static_cast<const UnresolvedWindow&>(*named_windows_[i].second));
      window->function = over->function;
      window->place = over->place;
      return window;
    }
    return expr;
  };
  return TransformUp(query, [&](const RelationPtr& relation) {
    return MapExpressions(relation, [&](const ExprPtr& expr) { return TransformUp(expr, put); });
  });
}

}  // namespace thalweg
