// Identifiers and aliases. With ANSI keywords off, as in Spark by default, every word is a name;
// only the place decides. An alias without AS may not be a word that continues the clause.
#include <algorithm>
#include <array>

#include "sql/sql_parser.h"

namespace thalweg {
namespace {

// Spark's strict non-reserved words: they cannot be a table alias without quotes.
constexpr std::array<std::string_view, 17> kJoinWords = {
    "ANTI",  "CROSS",   "EXCEPT", "FULL",  "INNER", "INTERSECT", "JOIN",  "LATERAL", "LEFT",
    "MINUS", "NATURAL", "ON",     "RIGHT", "SEMI",  "SETMINUS",  "UNION", "USING"};

// Words after which a clause begins where the grammar prefers the clause to an alias.
constexpr std::array<std::string_view, 23> kClauseWords = {
    "SELECT",     "FROM",     "WHERE",  "GROUP",   "HAVING",      "ORDER",     "SORT",   "CLUSTER",
    "DISTRIBUTE", "LIMIT",    "OFFSET", "WINDOW",  "LATERAL",     "UNION",     "EXCEPT", "MINUS",
    "INTERSECT",  "SETMINUS", "PIVOT",  "UNPIVOT", "TABLESAMPLE", "WATERMARK", "QUALIFY"};

template <size_t kCount>
bool IsOneOf(const Token& token, const std::array<std::string_view, kCount>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return token.IsWord(word); });
}

}  // namespace

bool SqlParser::AtIdentifier(int ahead) const {
  const TokenKind kind = Peek(ahead).kind;
  return kind == TokenKind::kWord || kind == TokenKind::kQuotedName;
}

bool SqlParser::AtAlias() const {
  if (Peek().kind == TokenKind::kQuotedName) return true;
  return Peek().kind == TokenKind::kWord && !ContinuesClause();
}

bool SqlParser::AtTableAlias() const {
  if (Peek().kind == TokenKind::kQuotedName) return true;
  return Peek().kind == TokenKind::kWord && !IsOneOf(Peek(), kJoinWords) && !ContinuesClause();
}

// A clause word is an alias after all where its clause cannot follow: `FROM ev WHERE` at the end.
bool SqlParser::ContinuesClause() const {
  if (!IsOneOf(Peek(), kClauseWords)) return false;
  const Token& next = Peek(1);
  if (next.kind == TokenKind::kEnd || next.IsSymbol(")") || next.IsSymbol(";")) return false;
  for (const std::string_view by : {"GROUP", "ORDER", "SORT", "CLUSTER", "DISTRIBUTE"}) {
    if (PeekWord(by)) return next.IsWord("BY");
  }
  if (PeekWord("LATERAL")) return true;
  if (next.IsSymbol(",")) return false;
  return true;
}

Result<std::string> SqlParser::ParseIdentifier() {
  if (!AtIdentifier()) return Unexpected("a name");
  return Next().text;
}

Result<std::vector<std::string>> SqlParser::ParseDottedName() {
  std::vector<std::string> parts;
  do {
    THALWEG_ASSIGN_OR_RETURN(std::string part, ParseIdentifier());
    parts.push_back(std::move(part));
  } while (PeekSymbol(".") && AtIdentifier(1) && AcceptSymbol("."));
  return parts;
}

Result<std::vector<std::string>> SqlParser::ParseIdentifierList() {
  THALWEG_RETURN_NOT_OK(ExpectSymbol("("));
  std::vector<std::string> names;
  do {
    THALWEG_ASSIGN_OR_RETURN(std::string name, ParseIdentifier());
    names.push_back(std::move(name));
  } while (AcceptSymbol(","));
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  return names;
}

}  // namespace thalweg
