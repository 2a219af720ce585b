// The lexer: one pass over the bytes, longest match.
#include <array>

#include "sql/token.h"

namespace thalweg {
namespace {

// Not ">>": it also closes two angle brackets of a type, so the parser puts it together.
constexpr std::array<std::string_view, 11> kLongSymbols = {
    "<=>", "!=", "<>", "<=", ">=", "==", "||", "->", "=>", "::", "|>"};

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsWordByte(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         (c & 0x80) != 0;
}
char Upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

class Lexer {
 public:
  Lexer(std::string_view text, const LexerSettings& settings) : text_(text), settings_(settings) {}
  Result<std::vector<Token>> Run();

 private:
  char At(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool Starts(std::string_view with) const { return text_.substr(at_, with.size()) == with; }
  void Advance(size_t bytes);
  void Begin();
  void Finish(TokenKind kind, std::string text, std::string suffix = "");
  Status Fail(const char* condition, const std::string& what);

  Result<bool> SkipComment();  // true if there was one
  Status LexBracketedComment();
  Status LexToken();
  Status LexQuoted(char quote, bool raw);
  void LexNumberOrWord();
  size_t DigitsFrom(size_t ahead) const;
  size_t ExponentFrom(size_t ahead) const;
  bool LexNumber();
  void LexSymbol();

  const std::string_view text_;
  const LexerSettings settings_;
  size_t at_ = 0;
  int line_ = 1;
  size_t line_begin_ = 0;
  SqlPlace place_;
  bool in_hint_ = false;
  std::vector<Token> tokens_;
};

Result<std::vector<Token>> Lexer::Run() {
  while (true) {
    while (at_ < text_.size() && static_cast<unsigned char>(text_[at_]) <= ' ') Advance(1);
    Begin();
    if (at_ >= text_.size()) break;
    THALWEG_ASSIGN_OR_RETURN(const bool comment, SkipComment());
    if (!comment) THALWEG_RETURN_NOT_OK(LexToken());
  }
  Finish(TokenKind::kEnd, "");
  return std::move(tokens_);
}

void Lexer::Advance(size_t bytes) {
  for (; bytes > 0 && at_ < text_.size(); --bytes, ++at_) {
    if (text_[at_] != '\n') continue;
    ++line_;
    line_begin_ = at_ + 1;
  }
}

void Lexer::Begin() {
  place_ = {line_, static_cast<int>(at_ - line_begin_) + 1, static_cast<int>(at_),
            static_cast<int>(at_)};
}

void Lexer::Finish(TokenKind kind, std::string text, std::string suffix) {
  place_.end = static_cast<int>(at_);
  tokens_.push_back({kind, place_, std::move(text), std::move(suffix)});
}

Status Lexer::Fail(const char* condition, const std::string& what) {
  place_.end = static_cast<int>(std::min(at_ + 1, text_.size()));
  return Status::User(condition, {{"error", what}, {"hint", ""}}, place_);
}

Result<bool> Lexer::SkipComment() {
  if (Starts("--")) {
    while (at_ < text_.size() && text_[at_] != '\n') {
      Advance(Starts("\\\n") ? 2 : 1);  // a backslash carries the comment to the next line
    }
    return true;
  }
  if (!Starts("/*") || Starts("/*+")) return false;
  THALWEG_RETURN_NOT_OK(LexBracketedComment());
  return true;
}

Status Lexer::LexBracketedComment() {
  int depth = 0;
  do {
    if (at_ >= text_.size()) return Fail("UNCLOSED_BRACKETED_COMMENT", "/*");
    if (Starts("/*")) {
      ++depth;
      Advance(2);
    } else if (Starts("*/")) {
      --depth;
      Advance(2);
    } else {
      Advance(1);
    }
  } while (depth > 0);
  return Status::OK();
}

Status Lexer::LexToken() {
  const char c = At();
  if (c == '\'' || c == '"') return LexQuoted(c, false);
  if ((c == 'r' || c == 'R') && (At(1) == '\'' || At(1) == '"')) {
    Advance(1);
    return LexQuoted(At(), true);
  }
  if (c == '`') return LexQuoted(c, true);
  if (Starts("/*+")) {
    Advance(3);
    in_hint_ = true;
    Finish(TokenKind::kHintBegin, "/*+");
  } else if (in_hint_ && Starts("*/")) {
    Advance(2);
    in_hint_ = false;
    Finish(TokenKind::kHintEnd, "*/");
  } else if (IsWordByte(c) || (c == '.' && IsDigit(At(1)))) {
    LexNumberOrWord();
  } else {
    LexSymbol();
  }
  return Status::OK();
}

// Raw: r'…' and `…`, where only a doubled quote (of names) means itself.
Status Lexer::LexQuoted(char quote, bool raw) {
  const size_t begin = at_ + 1;
  const bool name = quote == '`' || (quote == '"' && settings_.double_quoted_identifiers && !raw);
  Advance(1);
  while (true) {
    if (at_ >= text_.size()) return Fail("PARSE_SYNTAX_ERROR", std::string("'") + quote + "'");
    if (At() == '\\' && !raw && !name) {
      Advance(2);
    } else if (At() != quote) {
      Advance(1);
    } else if (At(1) == quote && (!raw || name)) {
      Advance(2);
    } else {
      break;
    }
  }
  const std::string_view body = text_.substr(begin, at_ - begin);
  Advance(1);
  if (name) {
    std::string decoded;
    for (size_t i = 0; i < body.size(); ++i) {
      decoded.push_back(body[i]);
      if (body[i] == quote) ++i;
    }
    Finish(TokenKind::kQuotedName, std::move(decoded));
  } else {
    const bool keep = raw || settings_.escaped_string_literals;
    Finish(TokenKind::kString, keep ? std::string(body) : UnescapeString(body, quote));
  }
  return Status::OK();
}

size_t Lexer::DigitsFrom(size_t ahead) const {
  size_t end = ahead;
  while (IsDigit(At(end))) ++end;
  return end;
}

size_t Lexer::ExponentFrom(size_t ahead) const {
  if (Upper(At(ahead)) != 'E') return ahead;
  size_t digits = ahead + 1;
  if (At(digits) == '+' || At(digits) == '-') ++digits;
  const size_t end = DigitsFrom(digits);
  return end == digits ? ahead : end;
}

void Lexer::LexNumberOrWord() {
  if ((IsDigit(At()) || At() == '.') && LexNumber()) return;
  size_t end = 0;
  while (IsWordByte(At(end))) ++end;
  const std::string word(text_.substr(at_, end));
  Advance(end);
  Finish(TokenKind::kWord, word);
}

// A number ends where no letter follows; otherwise the whole run is a word, as in `1a`.
bool Lexer::LexNumber() {
  size_t end = DigitsFrom(0);
  bool decimal = false;
  if (At(end) == '.' && !(At(end + 1) == '.')) {
    const size_t fraction = DigitsFrom(end + 1);
    if (!IsWordByte(At(fraction)) || Upper(At(fraction)) == 'E' || fraction > end + 1 || end == 0) {
      decimal = true;
      end = fraction;
    }
  }
  const size_t exponent_end = ExponentFrom(end);
  const bool exponent = exponent_end != end;
  end = exponent_end;
  const std::string number(text_.substr(at_, end));
  std::string suffix;
  for (size_t i = end; IsWordByte(At(i)); ++i) suffix.push_back(Upper(At(i)));
  const bool integral_suffix = suffix == "L" || suffix == "S" || suffix == "Y";
  const bool real_suffix = suffix == "D" || suffix == "F" || suffix == "BD";
  if (!suffix.empty() && !real_suffix && !(integral_suffix && !decimal && !exponent)) return false;
  Advance(end + suffix.size());
  if (!suffix.empty()) {
    Finish(TokenKind::kSuffixed, number, suffix);
  } else {
    Finish(exponent  ? TokenKind::kExponent
           : decimal ? TokenKind::kDecimal
                     : TokenKind::kInteger,
           number);
  }
  return true;
}

void Lexer::LexSymbol() {
  std::string_view symbol = text_.substr(at_, 1);
  for (const std::string_view known : kLongSymbols) {
    if (Starts(known) && known.size() > symbol.size()) symbol = known;
  }
  const std::string text(symbol);
  Advance(symbol.size());
  Finish(TokenKind::kSymbol, text);
}

}  // namespace

bool Token::IsWord(std::string_view upper) const {
  if (kind != TokenKind::kWord || text.size() != upper.size()) return false;
  for (size_t i = 0; i < upper.size(); ++i) {
    if (Upper(text[i]) != upper[i]) return false;
  }
  return true;
}

Result<std::vector<Token>> Tokenize(std::string_view text, const LexerSettings& settings) {
  return Lexer(text, settings).Run();
}

}  // namespace thalweg
