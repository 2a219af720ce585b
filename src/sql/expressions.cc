// Expressions, loosest first: OR, AND, NOT, predicates, then binary operators by precedence:
//
//   7  *  /  %  DIV        6  +  -  ||        5  <<  >>  >>>
//   4  &                   3  ^               2  |              1  =  <=>  <>  <  <=  >  >=
#include "sql/sql_parser.h"

namespace thalweg {

ExprPtr SqlParser::Operator(std::string function, std::vector<ExprPtr> arguments,
                            size_t first) const {
  auto call = NewNode<UnresolvedFunction>(PlaceFrom(first));
  call->function = {std::move(function)};
  call->arguments = std::move(arguments);
  call->is_operator = true;
  return call;
}

Result<ExprPtr> SqlParser::ParseExpression() {
  THALWEG_RETURN_NOT_OK(GoDeeper());
  Result<ExprPtr> expr = ParseOr();
  --depth_;
  return expr;
}

Result<ExprPtr> SqlParser::ParseNamedExpression() {
  const size_t first = at_;
  THALWEG_ASSIGN_OR_RETURN(ExprPtr child, ParseExpression());
  auto alias = std::make_shared<Alias>();
  if (AcceptWord("AS")) {
    if (PeekSymbol("(")) {
      THALWEG_ASSIGN_OR_RETURN(alias->names, ParseIdentifierList());
    } else {
      THALWEG_ASSIGN_OR_RETURN(std::string name, ParseIdentifier());
      alias->names = {std::move(name)};
    }
  } else if (AtAlias()) {
    alias->names = {Next().text};
  } else {
    return child;
  }
  alias->child = std::move(child);
  alias->place = PlaceFrom(first);
  return ExprPtr(alias);
}

Result<std::vector<ExprPtr>> SqlParser::ParseExpressionList() {
  std::vector<ExprPtr> list;
  do {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr expr, ParseExpression());
    list.push_back(std::move(expr));
  } while (AcceptSymbol(","));
  return list;
}

Result<ExprPtr> SqlParser::ParseOr() {
  const size_t first = at_;
  THALWEG_ASSIGN_OR_RETURN(ExprPtr left, ParseAnd());
  while (AcceptWord("OR")) {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr right, ParseAnd());
    left = Operator("or", {std::move(left), std::move(right)}, first);
  }
  return left;
}

Result<ExprPtr> SqlParser::ParseAnd() {
  const size_t first = at_;
  THALWEG_ASSIGN_OR_RETURN(ExprPtr left, ParseNot());
  while (AcceptWord("AND")) {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr right, ParseNot());
    left = Operator("and", {std::move(left), std::move(right)}, first);
  }
  return left;
}

Result<ExprPtr> SqlParser::ParseNot() {
  const size_t first = at_;
  if (PeekSymbol("!") || PeekWord("NOT")) {
    Next();
    THALWEG_RETURN_NOT_OK(GoDeeper());
    THALWEG_ASSIGN_OR_RETURN(ExprPtr child, ParseNot());
    --depth_;
    return Operator("not", {std::move(child)}, first);
  }
  if (PeekWord("EXISTS") && PeekSymbol("(", 1) && AtQuery(2)) {
    Next();
    Next();
    auto exists = std::make_shared<UnresolvedSubquery>();
    exists->subquery = SubqueryKind::kExists;
    THALWEG_ASSIGN_OR_RETURN(exists->plan, ParseQuery());
    THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
    exists->place = PlaceFrom(first);
    return ExprPtr(exists);
  }
  THALWEG_ASSIGN_OR_RETURN(ExprPtr value, ParseBinary(1));
  return ParsePredicate(std::move(value), first);
}

Result<ExprPtr> SqlParser::ParsePredicate(ExprPtr value, size_t first) {
  if (AcceptWord("IS")) return ParseIsPredicate(std::move(value), first);
  const bool negated = PeekWord("NOT");
  const int ahead = negated ? 1 : 0;
  Result<ExprPtr> predicate = ExprPtr();
  if (PeekWord("BETWEEN", ahead)) {
    at_ += ahead + 1;
    THALWEG_ASSIGN_OR_RETURN(ExprPtr low, ParseBinary(1));
    THALWEG_RETURN_NOT_OK(ExpectWord("AND"));
    THALWEG_ASSIGN_OR_RETURN(ExprPtr high, ParseBinary(1));
    predicate = Operator("between", {std::move(value), std::move(low), std::move(high)}, first);
  } else if (PeekWord("IN", ahead)) {
    at_ += ahead + 1;
    predicate = ParseIn(std::move(value), first);
  } else if (PeekWord("LIKE", ahead) || PeekWord("ILIKE", ahead)) {
    const std::string function = PeekWord("LIKE", ahead) ? "like" : "ilike";
    at_ += ahead + 1;
    return ParseLike(std::move(value), function, negated, first);
  } else if (PeekWord("RLIKE", ahead) || PeekWord("REGEXP", ahead)) {
    at_ += ahead + 1;
    THALWEG_ASSIGN_OR_RETURN(ExprPtr pattern, ParseBinary(1));
    predicate = Operator("rlike", {std::move(value), std::move(pattern)}, first);
  } else {
    return value;
  }
  if (!predicate.ok()) return predicate;
  if (!negated) return predicate;
  return Operator("not", {*std::move(predicate)}, first);
}

Result<ExprPtr> SqlParser::ParseIsPredicate(ExprPtr value, size_t first) {
  const bool negated = AcceptWord("NOT");
  ExprPtr predicate;
  if (AcceptWord("NULL")) {
    return Operator(negated ? "isnotnull" : "isnull", {std::move(value)}, first);
  }
  if (AcceptWords({"DISTINCT", "FROM"})) {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr other, ParseBinary(1));
    predicate = Operator("<=>", {std::move(value), std::move(other)}, first);
    return negated ? predicate : Operator("not", {std::move(predicate)}, first);
  } else if (PeekWord("TRUE") || PeekWord("FALSE")) {
    const bool wanted = PeekWord("TRUE");
    Next();
    predicate = Operator("<=>", {std::move(value), MakeLiteral(Value::Boolean(wanted))}, first);
  } else if (AcceptWord("UNKNOWN")) {
    predicate = Operator("isunknown", {std::move(value)}, first);
  } else {
    return Unexpected("NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM");
  }
  return negated ? Operator("not", {std::move(predicate)}, first) : predicate;
}

Result<ExprPtr> SqlParser::ParseIn(ExprPtr value, size_t first) {
  THALWEG_RETURN_NOT_OK(ExpectSymbol("("));
  if (AtQuery()) {
    auto in = std::make_shared<UnresolvedSubquery>();
    in->subquery = SubqueryKind::kIn;
    in->values = {std::move(value)};
    THALWEG_ASSIGN_OR_RETURN(in->plan, ParseQuery());
    THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
    in->place = PlaceFrom(first);
    return ExprPtr(in);
  }
  THALWEG_ASSIGN_OR_RETURN(std::vector<ExprPtr> arguments, ParseExpressionList());
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  arguments.insert(arguments.begin(), std::move(value));
  return Operator("in", std::move(arguments), first);
}

// [NOT] LIKE pattern [ESCAPE c] and [NOT] LIKE {ANY | SOME | ALL} (patterns).
Result<ExprPtr> SqlParser::ParseLike(ExprPtr value, std::string_view function, bool negated,
                                     size_t first) {
  const auto like = [&](std::vector<ExprPtr> arguments) {
    ExprPtr one = Operator(std::string(function), std::move(arguments), first);
    return negated ? Operator("not", {std::move(one)}, first) : one;
  };
  if ((PeekWord("ANY") || PeekWord("SOME") || PeekWord("ALL")) && PeekSymbol("(", 1)) {
    const std::string joined = PeekWord("ALL") ? "and" : "or";
    at_ += 2;
    if (PeekSymbol(")")) return Status::Legacy(64, "LIKE needs a pattern here", Peek().place);
    THALWEG_ASSIGN_OR_RETURN(std::vector<ExprPtr> patterns, ParseExpressionList());
    THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
    ExprPtr all;
    for (ExprPtr& pattern : patterns) {
      ExprPtr one = like({value, std::move(pattern)});
      all = all ? Operator(joined, {all, std::move(one)}, first) : one;
    }
    return all;
  }
  THALWEG_ASSIGN_OR_RETURN(ExprPtr pattern, ParseBinary(1));
  std::vector<ExprPtr> arguments = {std::move(value), std::move(pattern)};
  if (AcceptWord("ESCAPE")) {
    if (Peek().kind != TokenKind::kString) return Unexpected("an escape character in quotes");
    const Token& escape = Next();
    if (escape.text.size() != 1) {
      return Status::User("INVALID_ESC", {{"invalidEscape", "'" + escape.text + "'"}},
                          escape.place);
    }
    arguments.push_back(MakeLiteral(Value::String(escape.text)));
  }
  return like(std::move(arguments));
}

std::optional<std::pair<std::string, int>> SqlParser::PeekBinaryOperator(int* tokens) const {
  static constexpr struct {
    std::string_view symbol;
    std::string_view function;
    int precedence;
  } kOperators[] = {{"*", "*", 7},   {"/", "/", 7},   {"%", "%", 7},   {"+", "+", 6},
                    {"-", "-", 6},   {"||", "||", 6}, {"&", "&", 4},   {"^", "^", 3},
                    {"|", "|", 2},   {"=", "==", 1},  {"==", "==", 1}, {"<=>", "<=>", 1},
                    {"<>", "!=", 1}, {"!=", "!=", 1}, {"<=", "<=", 1}, {">=", ">=", 1},
                    {"<", "<", 1},   {">", ">", 1}};
  *tokens = 1;
  if (PeekWord("DIV")) return std::pair<std::string, int>("div", 7);
  const auto adjacent = [&](int ahead, std::string_view symbol) {
    return PeekSymbol(symbol, ahead) && Peek(ahead).place.begin == Peek(ahead - 1).place.end;
  };
  if (PeekSymbol("<") && adjacent(1, "<")) {
    *tokens = 2;
    return std::pair<std::string, int>("<<", 5);
  }
  if (PeekSymbol(">") && adjacent(1, ">")) {
    *tokens = adjacent(2, ">") ? 3 : 2;
    return std::pair<std::string, int>(*tokens == 3 ? ">>>" : ">>", 5);
  }
  if (Peek().kind != TokenKind::kSymbol) return std::nullopt;
  for (const auto& known : kOperators) {
    if (Peek().text == known.symbol)
      return std::pair(std::string(known.function), known.precedence);
  }
  return std::nullopt;
}

Result<ExprPtr> SqlParser::ParseBinary(int min_precedence) {
  const size_t first = at_;
  THALWEG_ASSIGN_OR_RETURN(ExprPtr left, ParseUnary());
  int tokens = 0;
  for (auto op = PeekBinaryOperator(&tokens); op && op->second >= min_precedence;
       op = PeekBinaryOperator(&tokens)) {
    at_ += tokens;
    THALWEG_ASSIGN_OR_RETURN(ExprPtr right, ParseBinary(op->second + 1));
    left = Operator(op->first, {std::move(left), std::move(right)}, first);
  }
  return left;
}

Result<ExprPtr> SqlParser::ParseUnary() {
  const size_t first = at_;
  const TokenKind next = Peek(1).kind;
  const bool number = next == TokenKind::kInteger || next == TokenKind::kDecimal ||
                      next == TokenKind::kExponent || next == TokenKind::kSuffixed;
  if (PeekSymbol("-") && number) {
    Next();
    THALWEG_ASSIGN_OR_RETURN(ExprPtr literal, ParseNumber(true, first));
    return ParsePostfix(std::move(literal), first);
  }
  for (const auto& [symbol, function] :
       {std::pair("-", "negative"), std::pair("+", "positive"), std::pair("~", "~")}) {
    if (!AcceptSymbol(symbol)) continue;
    THALWEG_RETURN_NOT_OK(GoDeeper());
    THALWEG_ASSIGN_OR_RETURN(ExprPtr child, ParseUnary());
    --depth_;
    return Operator(function, {std::move(child)}, first);
  }
  return ParsePrimary();
}

}  // namespace thalweg
