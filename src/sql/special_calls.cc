// Calls with a grammar of their own: CAST(x AS t), EXTRACT(f FROM x), TRIM(BOTH a FROM b), …
#include "sql/sql_parser.h"

namespace thalweg {
namespace {

bool IsDateUnit(const Token& token) {
  static constexpr std::string_view kUnits[] = {"YEAR",   "QUARTER",     "MONTH",      "WEEK",
                                                "DAY",    "DAYOFYEAR",   "HOUR",       "MINUTE",
                                                "SECOND", "MILLISECOND", "MICROSECOND"};
  for (const std::string_view unit : kUnits) {
    if (token.IsWord(unit)) return true;
  }
  return false;
}

}  // namespace

Result<std::optional<ExprPtr>> SqlParser::ParseSpecialCall() {
  const size_t first = at_;
  if (!PeekSymbol("(", 1)) return std::optional<ExprPtr>();
  Result<ExprPtr> call = ExprPtr();
  if (PeekWord("CAST")) {
    call = ParseCast(settings_.ansi ? CastMode::kAnsi : CastMode::kLegacy, first);
  } else if (PeekWord("TRY_CAST")) {
    call = ParseCast(CastMode::kTry, first);
  } else if (PeekWord("EXTRACT")) {
    call = ParseExtract(first);
  } else if (PeekWord("TRIM")) {
    call = ParseTrim(first);
  } else if (PeekWord("SUBSTRING") || PeekWord("SUBSTR")) {
    call = ParseSubstring(first);
  } else if (PeekWord("POSITION")) {
    call = ParsePosition(first);
  } else if (PeekWord("OVERLAY")) {
    call = ParseOverlay(first);
  } else if (PeekWord("STRUCT")) {
    call = ParseStructCall(first);
  } else if (IsDateUnit(Peek(2)) && PeekSymbol(",", 3)) {
    call = ParseTimestampArithmetic(first);
  } else if (PeekWord("IDENTIFIER")) {
    return NotYet("IDENTIFIER(…)");
  }
  if (!call.ok()) return std::move(call).status();
  if (*call == nullptr) {
    at_ = first;  // an ordinary call after all
    return std::optional<ExprPtr>();
  }
  return std::optional(*std::move(call));
}

Result<ExprPtr> SqlParser::ParseCast(CastMode mode, size_t first) {
  at_ += 2;
  auto cast = std::make_shared<Cast>();
  THALWEG_ASSIGN_OR_RETURN(cast->child, ParseExpression());
  THALWEG_RETURN_NOT_OK(ExpectWord("AS"));
  THALWEG_ASSIGN_OR_RETURN(cast->to, ParseType());
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  cast->mode = mode;
  cast->place = PlaceFrom(first);
  return ExprPtr(cast);
}

Result<ExprPtr> SqlParser::ParseExtract(size_t first) {
  at_ += 2;
  const bool text = Peek().kind == TokenKind::kString;
  if (!text && !AtIdentifier()) return Unexpected("a field of time");
  if (text && !PeekWord("FROM", 1)) return ExprPtr();  // extract('YEAR', x)
  ExprPtr field = MakeLiteral(Value::String(Next().text));
  THALWEG_RETURN_NOT_OK(ExpectWord("FROM"));
  THALWEG_ASSIGN_OR_RETURN(ExprPtr source, ParseExpression());
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  auto call = NewNode<UnresolvedFunction>(PlaceFrom(first));
  call->function = {"extract"};
  call->arguments = {std::move(field), std::move(source)};
  return ExprPtr(call);
}

// TRIM([BOTH | LEADING | TRAILING] [characters] FROM text); TRIM(text) is an ordinary call.
Result<ExprPtr> SqlParser::ParseTrim(size_t first) {
  at_ += 2;
  std::string function = "trim";
  bool special = true;
  if (AcceptWord("LEADING")) {
    function = "ltrim";
  } else if (AcceptWord("TRAILING")) {
    function = "rtrim";
  } else if (!AcceptWord("BOTH")) {
    special = false;
  }
  ExprPtr characters;
  if (!PeekWord("FROM")) {
    THALWEG_ASSIGN_OR_RETURN(characters, ParseExpression());
  }
  if (!PeekWord("FROM")) return special ? Result<ExprPtr>(Unexpected("FROM")) : ExprPtr();
  Next();
  THALWEG_ASSIGN_OR_RETURN(ExprPtr text, ParseExpression());
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  auto call = NewNode<UnresolvedFunction>(PlaceFrom(first));
  call->function = {function == "trim" ? "btrim" : function};
  if (function != "trim" && characters) {
    call->arguments = {std::move(characters), std::move(text)};  // ltrim(characters, text)
  } else if (characters) {
    call->arguments = {std::move(text), std::move(characters)};  // btrim(text, characters)
  } else {
    call->arguments = {std::move(text)};
  }
  return ExprPtr(call);
}

Result<ExprPtr> SqlParser::ParseSubstring(size_t first) {
  at_ += 2;
  THALWEG_ASSIGN_OR_RETURN(ExprPtr text, ParseExpression());
  if (!AcceptWord("FROM")) return ExprPtr();
  std::vector<ExprPtr> arguments = {std::move(text)};
  THALWEG_ASSIGN_OR_RETURN(ExprPtr position, ParseExpression());
  arguments.push_back(std::move(position));
  if (AcceptWord("FOR")) {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr length, ParseExpression());
    arguments.push_back(std::move(length));
  }
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  auto call = NewNode<UnresolvedFunction>(PlaceFrom(first));
  call->function = {"substring"};
  call->arguments = std::move(arguments);
  return ExprPtr(call);
}

Result<ExprPtr> SqlParser::ParsePosition(size_t first) {
  at_ += 2;
  THALWEG_ASSIGN_OR_RETURN(ExprPtr needle, ParseBinary(1));
  if (!AcceptWord("IN")) return ExprPtr();
  THALWEG_ASSIGN_OR_RETURN(ExprPtr text, ParseBinary(1));
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  auto call = NewNode<UnresolvedFunction>(PlaceFrom(first));
  call->function = {"position"};
  call->arguments = {std::move(needle), std::move(text)};
  return ExprPtr(call);
}

Result<ExprPtr> SqlParser::ParseOverlay(size_t first) {
  at_ += 2;
  THALWEG_ASSIGN_OR_RETURN(ExprPtr text, ParseBinary(1));
  if (!AcceptWord("PLACING")) return ExprPtr();
  std::vector<ExprPtr> arguments = {std::move(text)};
  for (const std::string_view word : {"", "FROM", "FOR"}) {
    if (word == "FROM") THALWEG_RETURN_NOT_OK(ExpectWord(word));
    if (word == "FOR" && !AcceptWord(word)) break;
    THALWEG_ASSIGN_OR_RETURN(ExprPtr argument, ParseBinary(1));
    arguments.push_back(std::move(argument));
  }
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  auto call = NewNode<UnresolvedFunction>(PlaceFrom(first));
  call->function = {"overlay"};
  call->arguments = std::move(arguments);
  return ExprPtr(call);
}

// STRUCT(a AS x, b): aliases name the fields.
Result<ExprPtr> SqlParser::ParseStructCall(size_t first) {
  at_ += 2;
  auto call = std::make_shared<UnresolvedFunction>();
  call->function = {"struct"};
  if (!PeekSymbol(")")) {
    do {
      THALWEG_ASSIGN_OR_RETURN(ExprPtr argument,
                               PeekSymbol("*") ? ParseStar({}, at_) : ParseNamedExpression());
      call->arguments.push_back(std::move(argument));
    } while (AcceptSymbol(","));
  }
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  call->place = PlaceFrom(first);
  return ExprPtr(call);
}

// DATEADD(MONTH, 1, t), TIMESTAMPDIFF(HOUR, a, b), DATEDIFF(DAY, a, b): the unit is a word.
Result<ExprPtr> SqlParser::ParseTimestampArithmetic(size_t first) {
  std::string function;
  if (PeekWord("TIMESTAMPADD") || PeekWord("DATEADD") || PeekWord("DATE_ADD")) {
    function = "timestampadd";
  } else if (PeekWord("TIMESTAMPDIFF") || PeekWord("DATEDIFF") || PeekWord("DATE_DIFF") ||
             PeekWord("TIMEDIFF")) {
    function = "timestampdiff";
  } else {
    return ExprPtr();
  }
  at_ += 2;
  auto call = std::make_shared<UnresolvedFunction>();
  call->function = {function};
  call->arguments = {MakeLiteral(Value::String(Next().text))};
  THALWEG_RETURN_NOT_OK(ExpectSymbol(","));
  THALWEG_ASSIGN_OR_RETURN(std::vector<ExprPtr> rest, ParseExpressionList());
  for (ExprPtr& expr : rest) call->arguments.push_back(std::move(expr));
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  call->place = PlaceFrom(first);
  return ExprPtr(call);
}

}  // namespace thalweg
