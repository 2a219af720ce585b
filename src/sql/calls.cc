// Function calls: arguments, DISTINCT, WITHIN GROUP, FILTER, IGNORE NULLS, OVER.
#include "sql/sql_parser.h"

namespace thalweg {

Result<ExprPtr> SqlParser::ParseCall(std::vector<std::string> name, size_t first) {
  auto call = std::make_shared<UnresolvedFunction>();
  call->function = std::move(name);
  THALWEG_RETURN_NOT_OK(ExpectSymbol("("));
  if (AcceptWord("DISTINCT")) {
    call->distinct = true;
  } else if (PeekWord("ALL") && !PeekSymbol(")", 1) && !PeekSymbol(",", 1)) {
    Next();
  }
  if (!PeekSymbol(")")) {
    do {
      THALWEG_ASSIGN_OR_RETURN(ExprPtr argument, ParseArgument());
      call->arguments.push_back(std::move(argument));
    } while (AcceptSymbol(","));
  }
  AcceptNullsOption(&call->ignore_nulls);  // first(x IGNORE NULLS)
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  return ParseCallSuffix(std::move(call), first);
}

void SqlParser::AcceptNullsOption(int64_t* option) {
  if (AcceptWords({"IGNORE", "NULLS"})) *option = 1;
  if (AcceptWords({"RESPECT", "NULLS"})) *option = 2;
}

// value, name => value; struct('…' AS x) takes aliases.
Result<ExprPtr> SqlParser::ParseArgument() {
  const size_t first = at_;
  if (PeekSymbol("*")) return ParseStar({}, first);
  if (AtIdentifier() && PeekSymbol("=>", 1)) {
    auto named = std::make_shared<UnresolvedNamedArgument>();
    named->argument = Next().text;
    Next();
    THALWEG_ASSIGN_OR_RETURN(named->value, ParseExpression());
    named->place = PlaceFrom(first);
    return ExprPtr(named);
  }
  if (PeekWord("TABLE") && (PeekSymbol("(", 1) || AtIdentifier(1))) {
    return NotYet("table arguments of functions");
  }
  return ParseExpression();
}

Result<ExprPtr> SqlParser::ParseCallSuffix(std::shared_ptr<UnresolvedFunction> call, size_t first) {
  if (AcceptWords({"WITHIN", "GROUP"})) {
    THALWEG_RETURN_NOT_OK(ExpectSymbol("("));
    THALWEG_RETURN_NOT_OK(ExpectWord("ORDER"));
    THALWEG_RETURN_NOT_OK(ExpectWord("BY"));
    THALWEG_ASSIGN_OR_RETURN(call->order_within_group, ParseSortItems());
    THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  }
  if (PeekWord("FILTER") && PeekSymbol("(", 1) && PeekWord("WHERE", 2)) {
    at_ += 3;
    THALWEG_ASSIGN_OR_RETURN(call->filter, ParseExpression());
    THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  }
  AcceptNullsOption(&call->ignore_nulls);
  call->place = PlaceFrom(first);
  if (PeekWord("OVER") && (PeekSymbol("(", 1) || AtIdentifier(1))) {
    Next();
    return ParseWindowSpec(std::move(call), first);
  }
  return ExprPtr(std::move(call));
}

// OVER name | OVER (name) | OVER ([PARTITION BY …] [ORDER BY …] [frame])
Result<ExprPtr> SqlParser::ParseWindowSpec(ExprPtr function, size_t first) {
  auto window = std::make_shared<UnresolvedWindow>();
  window->function = std::move(function);
  if (AtIdentifier()) {
    window->window_name = Next().text;
  } else {
    THALWEG_RETURN_NOT_OK(ExpectSymbol("("));
    if (AtIdentifier() && PeekSymbol(")", 1)) {
      window->window_name = Next().text;
    } else {
      THALWEG_RETURN_NOT_OK(ParseWindowBody(window.get()));
    }
    THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  }
  window->place = PlaceFrom(first);
  return ExprPtr(std::move(window));
}

Status SqlParser::ParseWindowBody(UnresolvedWindow* window) {
  if (AcceptWords({"PARTITION", "BY"}) || AcceptWords({"DISTRIBUTE", "BY"})) {
    THALWEG_ASSIGN_OR_RETURN(window->partition, ParseExpressionList());
  }
  if (AcceptWords({"ORDER", "BY"}) || AcceptWords({"SORT", "BY"})) {
    THALWEG_ASSIGN_OR_RETURN(window->order, ParseSortItems());
  }
  if (!PeekWord("ROWS") && !PeekWord("RANGE")) return Status::OK();
  window->frame = PeekWord("ROWS") ? "rows" : "range";
  Next();
  const bool between = AcceptWord("BETWEEN");
  THALWEG_ASSIGN_OR_RETURN(window->lower, ParseFrameBound());
  if (between) {
    THALWEG_RETURN_NOT_OK(ExpectWord("AND"));
    THALWEG_ASSIGN_OR_RETURN(window->upper, ParseFrameBound());
  } else {
    window->upper = MakeLiteral(Value::Int(0));
  }
  return Status::OK();
}

// UNBOUNDED … is null, CURRENT ROW is 0, n PRECEDING is -n.
Result<ExprPtr> SqlParser::ParseFrameBound() {
  const size_t first = at_;
  if (AcceptWords({"UNBOUNDED", "PRECEDING"}) || AcceptWords({"UNBOUNDED", "FOLLOWING"})) {
    return ExprPtr();
  }
  if (AcceptWords({"CURRENT", "ROW"})) return MakeLiteral(Value::Int(0));
  THALWEG_ASSIGN_OR_RETURN(ExprPtr distance, ParseExpression());
  if (AcceptWord("FOLLOWING")) return distance;
  THALWEG_RETURN_NOT_OK(ExpectWord("PRECEDING"));
  return Operator("negative", {std::move(distance)}, first);
}

}  // namespace thalweg
