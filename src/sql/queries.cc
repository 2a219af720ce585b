// Queries: WITH, set operations, SELECT, VALUES, ORDER BY, LIMIT. The relation that a SELECT makes
// is built inside out: FROM ▸ WHERE ▸ aggregate or project ▸ HAVING ▸ DISTINCT ▸ ORDER BY ▸ LIMIT.
#include "sql/sql_parser.h"

namespace thalweg {
namespace {

template <class T>
std::shared_ptr<T> Over(RelationPtr input, const SqlPlace& place) {
  auto node = NewNode<T>(place);
  node->input = std::move(input);
  return node;
}

}  // namespace

bool SqlParser::AtQuery(int ahead) const {
  while (PeekSymbol("(", ahead)) ++ahead;
  if (PeekWord("SELECT", ahead) || PeekWord("WITH", ahead)) return true;
  if (PeekWord("VALUES", ahead)) return !PeekSymbol(",", ahead + 1) && !PeekSymbol(")", ahead + 1);
  if (PeekWord("FROM", ahead)) return AtIdentifier(ahead + 1);
  return PeekWord("TABLE", ahead) && AtIdentifier(ahead + 1);
}

Result<RelationPtr> SqlParser::ParseQuery() {
  THALWEG_RETURN_NOT_OK(GoDeeper());
  RelationPtr query;
  if (PeekWord("WITH")) {
    THALWEG_ASSIGN_OR_RETURN(query, ParseWith());
  } else {
    THALWEG_ASSIGN_OR_RETURN(query, ParseSetOperations(1));
    THALWEG_ASSIGN_OR_RETURN(query, ParseQueryOrganization(std::move(query)));
  }
  --depth_;
  if (PeekSymbol("|>")) return NotYet("pipe syntax (|>)");
  return query;
}

Result<RelationPtr> SqlParser::ParseWith() {
  const size_t first = at_;
  THALWEG_RETURN_NOT_OK(ExpectWord("WITH"));
  if (PeekWord("RECURSIVE")) return NotYet("WITH RECURSIVE");
  auto with = std::make_shared<UnresolvedWith>();
  do {
    const size_t cte_first = at_;
    THALWEG_ASSIGN_OR_RETURN(std::string name, ParseIdentifier());
    std::vector<std::string> columns;
    if (PeekSymbol("(")) {
      THALWEG_ASSIGN_OR_RETURN(columns, ParseIdentifierList());
    }
    if (PeekWord("MAX") && PeekWord("RECURSION", 1)) return NotYet("WITH RECURSIVE");
    AcceptWord("AS");
    THALWEG_RETURN_NOT_OK(ExpectSymbol("("));
    THALWEG_ASSIGN_OR_RETURN(RelationPtr plan, ParseQuery());
    THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
    auto alias = Over<SubqueryAlias>(std::move(plan), PlaceFrom(cte_first));
    alias->alias = name;
    alias->column_names = std::move(columns);
    with->names.push_back(std::move(name));
    with->plans.push_back(std::move(alias));
  } while (AcceptSymbol(","));
  THALWEG_ASSIGN_OR_RETURN(with->input, ParseQuery());
  with->place = PlaceFrom(first);
  return RelationPtr(with);
}

// INTERSECT binds tighter than UNION, EXCEPT and MINUS.
Result<RelationPtr> SqlParser::ParseSetOperations(int min_precedence) {
  const size_t first = at_;
  THALWEG_ASSIGN_OR_RETURN(RelationPtr left, ParseQueryPrimary());
  while (true) {
    const bool intersect = PeekWord("INTERSECT");
    const bool except = PeekWord("EXCEPT") || PeekWord("MINUS") || PeekWord("SETMINUS");
    if (!intersect && !except && !PeekWord("UNION")) return left;
    const int precedence = intersect ? 2 : 1;
    if (precedence < min_precedence) return left;
    Next();
    auto set = std::make_shared<SetOperation>();
    set->operation = intersect ? SetOperationKind::kIntersect
                     : except  ? SetOperationKind::kExcept
                               : SetOperationKind::kUnion;
    set->is_all = AcceptWord("ALL");
    if (!set->is_all) AcceptWord("DISTINCT");
    THALWEG_ASSIGN_OR_RETURN(RelationPtr right, ParseSetOperations(precedence + 1));
    set->inputs = {std::move(left), std::move(right)};
    set->place = PlaceFrom(first);
    left = std::move(set);
  }
}

Result<RelationPtr> SqlParser::ParseQueryPrimary() {
  const size_t first = at_;
  if (PeekWord("SELECT")) return ParseSelect();
  if (PeekWord("VALUES")) {
    THALWEG_ASSIGN_OR_RETURN(RelationPtr values, ParseValues());
    return ParseTableAlias(std::move(values), first);
  }
  if (PeekWord("FROM")) return ParseFromFirst();
  if (AcceptWord("TABLE")) return ParseTableOrFunction(false);
  if (!AcceptSymbol("(")) return Unexpected("SELECT, VALUES, WITH, FROM, TABLE or '('");
  THALWEG_ASSIGN_OR_RETURN(RelationPtr query, ParseQuery());
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  return query;
}

Result<RelationPtr> SqlParser::ParseQueryOrganization(RelationPtr input) {
  const size_t first = at_;
  if (AcceptWords({"ORDER", "BY"}) || PeekWord("SORT")) {
    auto sort = std::make_shared<Sort>();
    sort->is_global = !AcceptWords({"SORT", "BY"});
    THALWEG_ASSIGN_OR_RETURN(sort->order, ParseSortItems());
    sort->input = std::move(input);
    sort->place = PlaceFrom(first);
    input = std::move(sort);
  } else if (AcceptWords({"DISTRIBUTE", "BY"}) || AcceptWords({"CLUSTER", "BY"})) {
    const bool cluster = tokens_[at_ - 2].IsWord("CLUSTER");
    auto repartition = std::make_shared<Repartition>();
    THALWEG_ASSIGN_OR_RETURN(repartition->expressions, ParseExpressionList());
    repartition->input = std::move(input);
    repartition->place = PlaceFrom(first);
    input = std::move(repartition);
    if (cluster || PeekWord("SORT")) {
      auto sort = std::make_shared<Sort>();
      sort->is_global = false;
      if (!cluster) {
        AcceptWords({"SORT", "BY"});
        THALWEG_ASSIGN_OR_RETURN(sort->order, ParseSortItems());
      } else {
        for (const ExprPtr& expr : static_cast<const Repartition&>(*input).expressions) {
          auto order = NewNode<SortOrder>(expr->place);
          order->child = expr;
          sort->order.push_back(std::move(order));
        }
      }
      sort->input = std::move(input);
      sort->place = PlaceFrom(first);
      input = std::move(sort);
    }
  }
  return ParseLimitAndOffset(std::move(input));
}

Result<RelationPtr> SqlParser::ParseLimitAndOffset(RelationPtr input) {
  const size_t first = at_;
  if (PeekWord("WINDOW") && AtIdentifier(1) && PeekWord("AS", 2)) {
    Next();
    THALWEG_RETURN_NOT_OK(ParseNamedWindows());
  }
  ExprPtr limit;
  if (AcceptWord("LIMIT") && !AcceptWord("ALL")) {
    THALWEG_ASSIGN_OR_RETURN(limit, ParseExpression());
  }
  if (AcceptWord("OFFSET")) {
    auto offset = std::make_shared<OffsetRelation>();
    THALWEG_ASSIGN_OR_RETURN(offset->offset, ParseExpression());
    offset->input = std::move(input);
    offset->place = PlaceFrom(first);
    input = std::move(offset);
  }
  if (limit) {
    auto node = Over<Limit>(std::move(input), PlaceFrom(first));
    node->limit = std::move(limit);
    input = std::move(node);
  }
  return input;
}

Result<std::vector<ExprPtr>> SqlParser::ParseSortItems() {
  std::vector<ExprPtr> items;
  do {
    const size_t first = at_;
    auto order = std::make_shared<SortOrder>();
    THALWEG_ASSIGN_OR_RETURN(order->child, ParseExpression());
    order->ascending = !AcceptWord("DESC");
    if (order->ascending) AcceptWord("ASC");
    order->nulls_first = order->ascending;
    if (AcceptWords({"NULLS", "FIRST"})) order->nulls_first = true;
    if (AcceptWords({"NULLS", "LAST"})) order->nulls_first = false;
    order->place = PlaceFrom(first);
    items.push_back(std::move(order));
  } while (AcceptSymbol(","));
  return items;
}

// VALUES (1, 'a'), (2, 'b') or VALUES 1, 2; struct(1, 'a') is a row too, as in Spark.
Result<RelationPtr> SqlParser::ParseValues() {
  const size_t first = at_;
  THALWEG_RETURN_NOT_OK(ExpectWord("VALUES"));
  auto table = std::make_shared<UnresolvedInlineTable>();
  do {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr row, ParseExpression());
    const auto* tuple = As<UnresolvedFunction>(row);
    const bool is_row = tuple != nullptr && tuple->function == std::vector<std::string>{"struct"};
    if (is_row) {
      table->row_widths.push_back(static_cast<int64_t>(tuple->arguments.size()));
      for (const ExprPtr& value : tuple->arguments) table->values.push_back(value);
    } else {
      table->row_widths.push_back(1);
      table->values.push_back(std::move(row));
    }
  } while (AcceptSymbol(","));
  table->place = PlaceFrom(first);
  return RelationPtr(table);
}

// FROM t SELECT …: the same clauses in another order.
Result<RelationPtr> SqlParser::ParseFromFirst() {
  THALWEG_ASSIGN_OR_RETURN(RelationPtr input, ParseFrom());
  if (!PeekWord("SELECT"))
    return PeekSymbol("|>") ? NotYet("pipe syntax (|>)") : Unexpected("SELECT");
  return ParseSelectAfter(std::move(input));
}

}  // namespace thalweg
