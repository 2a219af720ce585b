// Tokens of SQL text: what the lexer makes and the parser reads. A token knows its byte range and
// its line and column; words keep their spelling, strings and quoted names are decoded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace thalweg {

enum class TokenKind : uint8_t {
  kEnd,
  kWord,        // keyword or plain identifier; `text` as written
  kQuotedName,  // `name` (or "name" with double quoted identifiers), decoded
  kString,      // decoded
  kInteger,     // 12
  kDecimal,     // 1.5, .5, 1.
  kExponent,    // 1e3, 1.5E-3
  kSuffixed,    // 12L 12S 12Y 1.5F 1.5D 1.5BD; `suffix` upper case, `text` without it
  kSymbol,      // operators and punctuation, `text` as written
  kHintBegin,   // /*+
  kHintEnd,     // */
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  SqlPlace place;
  std::string text;
  std::string suffix;

  bool IsSymbol(std::string_view symbol) const {
    return kind == TokenKind::kSymbol && text == symbol;
  }
  /// A word spelled `upper` in any case.
  bool IsWord(std::string_view upper) const;
};

struct LexerSettings {
  bool double_quoted_identifiers = false;
  bool escaped_string_literals = false;  // backslashes are kept as they are
};

/// All tokens of `text`, the last one kEnd. Errors: PARSE_SYNTAX_ERROR, UNCLOSED_BRACKETED_COMMENT,
/// with their place.
Result<std::vector<Token>> Tokenize(std::string_view text, const LexerSettings& settings);

/// The value of a quoted string: the escapes \n \t \0 \b \r \Z \' \" \\ \% \_ \ooo \uXXXX
/// \UXXXXXXXX, any other \c is c, and a doubled quote is one. `body` is without its quotes.
std::string UnescapeString(std::string_view body, char quote);

}  // namespace thalweg
