// Tokens: looking, accepting, expecting, and saying what was found instead.
#include "sql/sql_parser.h"

namespace thalweg {

bool SqlParser::AcceptWord(std::string_view upper) {
  if (!PeekWord(upper)) return false;
  Next();
  return true;
}

bool SqlParser::AcceptWords(std::initializer_list<std::string_view> uppers) {
  int ahead = 0;
  for (const std::string_view upper : uppers) {
    if (!PeekWord(upper, ahead++)) return false;
  }
  at_ += uppers.size();
  return true;
}

bool SqlParser::AcceptSymbol(std::string_view symbol) {
  if (!PeekSymbol(symbol)) return false;
  Next();
  return true;
}

Status SqlParser::ExpectWord(std::string_view upper) {
  return AcceptWord(upper) ? Status::OK() : Unexpected(upper);
}

Status SqlParser::ExpectSymbol(std::string_view symbol) {
  return AcceptSymbol(symbol) ? Status::OK() : Unexpected("'" + std::string(symbol) + "'");
}

Status SqlParser::ExpectEnd() {
  AcceptSymbol(";");
  return Peek().kind == TokenKind::kEnd ? Status::OK() : Unexpected("end of the statement");
}

Status SqlParser::Unexpected(std::string_view expected) const {
  const Token& token = Peek();
  const bool end = token.kind == TokenKind::kEnd;
  const std::string found =
      end ? "end of input"
          : "'" +
                std::string(text_.substr(token.place.begin, token.place.end - token.place.begin)) +
                "'";
  const std::string hint = expected.empty() ? "" : ": here could stand " + std::string(expected);
  return Status::User("PARSE_SYNTAX_ERROR", {{"error", found}, {"hint", hint}}, token.place);
}

Status SqlParser::GoDeeper() {
  constexpr int kDepthMax = 200;
  if (++depth_ <= kDepthMax) return Status::OK();
  return NotYet("expressions, queries and types nested more than 200 deep");
}

Status SqlParser::NotYet(std::string_view feature) const {
  return NotSupportedYet(std::string(feature), Peek().place);
}

SqlPlace SqlParser::PlaceFrom(size_t first) const {
  SqlPlace place = tokens_[first].place;
  if (at_ > first) place.end = tokens_[at_ - 1].place.end;
  return place;
}

std::string SqlParser::TextFrom(size_t first) const {
  const SqlPlace place = PlaceFrom(first);
  return std::string(text_.substr(place.begin, place.end - place.begin));
}

namespace {

Result<std::vector<Token>> Tokens(std::string_view text, const ParserSettings& settings) {
  return Tokenize(text, {settings.double_quoted_identifiers, settings.escaped_string_literals});
}

/// Runs one rule over the whole text.
template <class T>
Result<T> ParseWhole(std::string_view text, const ParserSettings& settings,
                     Result<T> (SqlParser::*rule)()) {
  THALWEG_ASSIGN_OR_RETURN(auto tokens, Tokens(text, settings));
  SqlParser parser(text, std::move(tokens), settings);
  THALWEG_ASSIGN_OR_RETURN(T parsed, (parser.*rule)());
  THALWEG_RETURN_NOT_OK(parser.ExpectEnd());
  return parsed;
}

}  // namespace

Result<StatementPtr> ParseStatement(std::string_view text, const ParserSettings& settings) {
  return ParseWhole(text, settings, &SqlParser::ParseStatement);
}

Result<std::vector<StatementPtr>> ParseScript(std::string_view text,
                                              const ParserSettings& settings) {
  return ParseWhole(text, settings, &SqlParser::ParseScript);
}

Result<RelationPtr> ParseQuery(std::string_view text, const ParserSettings& settings) {
  return ParseWhole(text, settings, &SqlParser::ParseQuery);
}

Result<ExprPtr> ParseExpression(std::string_view text, const ParserSettings& settings) {
  return ParseWhole(text, settings, &SqlParser::ParseNamedExpression);
}

Result<TypePtr> ParseDataType(std::string_view text, const ParserSettings& settings) {
  return ParseWhole(text, settings, &SqlParser::ParseType);
}

std::string CaretText(std::string_view text, const SqlPlace& place) {
  if (place.line == 0) return "";
  size_t begin = static_cast<size_t>(place.begin);
  while (begin > 0 && text[begin - 1] != '\n') --begin;
  const size_t end = std::min(text.find('\n', begin), text.size());
  const size_t carets_end =
      std::min(static_cast<size_t>(std::max(place.end, place.begin + 1)), end);
  std::string out = "== SQL (line " + std::to_string(place.line) + ", column " +
                    std::to_string(place.column) + ") ==\n";
  out += text.substr(begin, end - begin);
  out += "\n" + std::string(place.begin - begin, ' ');
  out +=
      std::string(std::max<size_t>(1, carets_end - std::min<size_t>(carets_end, place.begin)), '^');
  return out + "\n";
}

}  // namespace thalweg
