// Primary expressions: literals, names, parentheses, CASE, lambdas, and what may follow them
// (subscripts, fields, `::`, COLLATE).
#include <algorithm>

#include "sql/sql_parser.h"

namespace thalweg {

Result<ExprPtr> SqlParser::ParsePrimary() {
  const size_t first = at_;
  THALWEG_ASSIGN_OR_RETURN(ExprPtr base, ParsePrimaryBase());
  return ParsePostfix(std::move(base), first);
}

Result<ExprPtr> SqlParser::ParsePostfix(ExprPtr base, size_t first) {
  while (true) {
    if (AcceptSymbol("[")) {
      auto extract = std::make_shared<UnresolvedExtractValue>();
      extract->child = std::move(base);
      THALWEG_ASSIGN_OR_RETURN(extract->extraction, ParseExpression());
      THALWEG_RETURN_NOT_OK(ExpectSymbol("]"));
      extract->place = PlaceFrom(first);
      base = std::move(extract);
    } else if (PeekSymbol(".") && AtIdentifier(1)) {
      Next();
      auto extract = std::make_shared<UnresolvedExtractValue>();
      extract->child = std::move(base);
      extract->extraction = MakeLiteral(Value::String(Next().text));
      extract->place = PlaceFrom(first);
      base = std::move(extract);
    } else if (AcceptSymbol("::")) {
      auto cast = std::make_shared<Cast>();
      cast->child = std::move(base);
      THALWEG_ASSIGN_OR_RETURN(cast->to, ParseType());
      cast->mode = settings_.ansi ? CastMode::kAnsi : CastMode::kLegacy;
      cast->place = PlaceFrom(first);
      base = std::move(cast);
    } else if (PeekWord("COLLATE") && AtIdentifier(1)) {
      Next();
      THALWEG_ASSIGN_OR_RETURN(std::vector<std::string> name, ParseDottedName());
      base = Operator("collate", {std::move(base), MakeLiteral(Value::String(name.back()))}, first);
    } else if (PeekSymbol(":")) {
      return NotYet("paths into semi-structured values (column:path)");
    } else {
      return base;
    }
  }
}

Result<ExprPtr> SqlParser::ParsePrimaryBase() {
  const size_t first = at_;
  switch (Peek().kind) {
    case TokenKind::kInteger:
    case TokenKind::kDecimal:
    case TokenKind::kExponent:
    case TokenKind::kSuffixed:
      return ParseNumber(false, first);
    case TokenKind::kString:
      return ParseStringLiteral();
    case TokenKind::kSymbol:
      if (PeekSymbol("(")) return ParseParenthesized();
      if (PeekSymbol("*")) return ParseStar({}, first);
      if (PeekSymbol("?") || PeekSymbol(":")) return ParseParameter();
      return Unexpected("an expression");
    case TokenKind::kWord:
    case TokenKind::kQuotedName:
      return ParseNameOrCall();
    default:
      return Unexpected("an expression");
  }
}

Result<ExprPtr> SqlParser::ParseParenthesized() {
  const size_t first = at_;
  if (AtLambda()) return ParseLambda();
  THALWEG_RETURN_NOT_OK(ExpectSymbol("("));
  if (AtQuery()) {
    auto scalar = std::make_shared<UnresolvedSubquery>();
    THALWEG_ASSIGN_OR_RETURN(scalar->plan, ParseQuery());
    THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
    scalar->place = PlaceFrom(first);
    return ExprPtr(scalar);
  }
  std::vector<ExprPtr> items;
  bool named = false;
  do {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr item, ParseNamedExpression());
    named = named || item->kind() == ExprKind::kAlias;
    items.push_back(std::move(item));
  } while (AcceptSymbol(","));
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  if (items.size() == 1 && !named) return items[0];
  auto row = NewNode<UnresolvedFunction>(PlaceFrom(first));
  row->function = {"struct"};
  row->arguments = std::move(items);
  return ExprPtr(row);
}

// A column may be called CASE: then what follows cannot begin an expression.
bool SqlParser::CaseIsName() const {
  const Token& next = Peek(1);
  if (next.kind == TokenKind::kEnd) return true;
  if (next.kind == TokenKind::kSymbol) {
    static constexpr std::string_view kBegins[] = {"(", "-", "+", "~", "?", ":", "!"};
    return std::find(std::begin(kBegins), std::end(kBegins), next.text) == std::end(kBegins);
  }
  static constexpr std::string_view kContinues[] = {"FROM", "AS", "IS", "IN", "AND", "OR", "THEN"};
  return std::any_of(std::begin(kContinues), std::end(kContinues),
                     [&](std::string_view word) { return next.IsWord(word); });
}

// CASE [value] WHEN … THEN … [ELSE …] END; with a value each condition compares it.
Result<ExprPtr> SqlParser::ParseCase() {
  const size_t first = at_;
  THALWEG_RETURN_NOT_OK(ExpectWord("CASE"));
  ExprPtr value;
  if (!PeekWord("WHEN")) {
    THALWEG_ASSIGN_OR_RETURN(value, ParseExpression());
  }
  std::vector<ExprPtr> branches;
  while (AcceptWord("WHEN")) {
    const size_t condition_first = at_;
    THALWEG_ASSIGN_OR_RETURN(ExprPtr condition, ParseExpression());
    if (value) condition = Operator("==", {value, std::move(condition)}, condition_first);
    THALWEG_RETURN_NOT_OK(ExpectWord("THEN"));
    THALWEG_ASSIGN_OR_RETURN(ExprPtr result, ParseExpression());
    branches.push_back(std::move(condition));
    branches.push_back(std::move(result));
  }
  if (branches.empty()) return Unexpected("WHEN");
  if (AcceptWord("ELSE")) {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr otherwise, ParseExpression());
    branches.push_back(std::move(otherwise));
  }
  THALWEG_RETURN_NOT_OK(ExpectWord("END"));
  return Operator("when", std::move(branches), first);
}

Result<ExprPtr> SqlParser::ParseStar(std::vector<std::string> target, size_t first) {
  THALWEG_RETURN_NOT_OK(ExpectSymbol("*"));
  auto star = std::make_shared<UnresolvedStar>();
  star->target = std::move(target);
  if (PeekWord("EXCEPT") && PeekSymbol("(", 1) && !AtQuery(2)) {
    Next();
    Next();
    do {
      THALWEG_ASSIGN_OR_RETURN(const std::vector<std::string> name, ParseDottedName());
      std::string joined;
      for (const std::string& part : name) joined += (joined.empty() ? "" : ".") + part;
      star->except.push_back(std::move(joined));
    } while (AcceptSymbol(","));
    THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  }
  star->place = PlaceFrom(first);
  return ExprPtr(star);
}

Result<ExprPtr> SqlParser::ParseNameOrCall() {
  const size_t first = at_;
  if (AtLambda()) return ParseLambda();
  if (Peek().kind == TokenKind::kWord) {
    if (PeekWord("CASE") && !CaseIsName()) return ParseCase();
    THALWEG_ASSIGN_OR_RETURN(std::optional<ExprPtr> literal, ParseTypedLiteral());
    if (literal) return *std::move(literal);
    THALWEG_ASSIGN_OR_RETURN(std::optional<ExprPtr> special, ParseSpecialCall());
    if (special) return *std::move(special);
  }
  std::vector<std::string> parts = {Next().text};
  while (PeekSymbol(".")) {
    if (PeekSymbol("*", 1)) {
      Next();
      return ParseStar(std::move(parts), first);
    }
    if (!AtIdentifier(1)) break;
    Next();
    parts.push_back(Next().text);
  }
  if (PeekSymbol("(")) return ParseCall(std::move(parts), first);
  auto attribute = NewNode<UnresolvedAttribute>(PlaceFrom(first));
  attribute->parts = std::move(parts);
  return ExprPtr(attribute);
}

bool SqlParser::AtLambda() const {
  if (AtIdentifier() && PeekSymbol("->", 1)) return true;
  if (!PeekSymbol("(")) return false;
  int ahead = 1;
  while (AtIdentifier(ahead) && PeekSymbol(",", ahead + 1)) ahead += 2;
  return AtIdentifier(ahead) && PeekSymbol(")", ahead + 1) && PeekSymbol("->", ahead + 2);
}

Result<ExprPtr> SqlParser::ParseLambda() {
  const size_t first = at_;
  auto lambda = std::make_shared<UnresolvedLambda>();
  if (PeekSymbol("(")) {
    THALWEG_ASSIGN_OR_RETURN(lambda->variables, ParseIdentifierList());
  } else {
    lambda->variables = {Next().text};
  }
  THALWEG_RETURN_NOT_OK(ExpectSymbol("->"));
  THALWEG_ASSIGN_OR_RETURN(lambda->body, ParseExpression());
  lambda->place = PlaceFrom(first);
  return ExprPtr(lambda);
}

Result<ExprPtr> SqlParser::ParseParameter() {
  const size_t first = at_;
  auto parameter = std::make_shared<UnresolvedParameter>();
  if (AcceptSymbol("?")) {
    parameter->position = positional_parameters_++;
  } else {
    THALWEG_RETURN_NOT_OK(ExpectSymbol(":"));
    THALWEG_ASSIGN_OR_RETURN(parameter->parameter, ParseIdentifier());
  }
  parameter->place = PlaceFrom(first);
  return ExprPtr(parameter);
}

}  // namespace thalweg
