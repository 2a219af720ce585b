#include "data/ddl.h"

#include <algorithm>
#include <charconv>

#include "data/type_text.h"

namespace thalweg {
namespace {

struct Token {
  enum class Kind { kWord, kQuoted, kNumber, kText, kSymbol, kEnd } kind = Kind::kEnd;
  std::string text;  // without quotes
  size_t begin = 0;
  size_t end = 0;
};

/// Reads a type or a list of columns, token by token.
class DdlParser {
 public:
  explicit DdlParser(std::string_view text) : text_(text) { Advance(); }
  Result<TypePtr> WholeType();
  Result<SchemaPtr> WholeSchema();

 private:
  static constexpr int kDepthMax = 200;

  void Advance();
  void SkipBlanks();
  void ReadQuoted(char quote);
  bool Accept(char symbol);
  bool AcceptWord(std::string_view word);
  bool IsWord(std::string_view word) const;
  Status Expect(char symbol);
  SqlPlace Place(const Token& token) const;
  Status SyntaxError() const;
  Status Incomplete(std::string_view what, const Token& at) const;

  Result<TypePtr> ParseType();
  Result<TypePtr> ParseArray(const Token& at);
  Result<TypePtr> ParseMap(const Token& at);
  Result<TypePtr> ParseStruct(const Token& at);
  Result<TypePtr> ParseInterval();
  Result<TypePtr> ParseString(const TypePtr& type);
  Result<TypePtr> ParseNamed(const Token& name);
  Result<std::vector<StructField>> ParseFields();
  Status ParseField(StructField* field);

  std::string_view text_;
  size_t at_ = 0;
  Token token_;
  int depth_ = 0;
};

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void DdlParser::SkipBlanks() {
  for (;;) {
    while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
    if (text_.substr(at_, 2) == "--") {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (text_.substr(at_, 2) == "/*" && text_.find("*/", at_ + 2) != text_.npos) {
      at_ = text_.find("*/", at_ + 2) + 2;
    } else {
      return;
    }
  }
}

void DdlParser::Advance() {
  SkipBlanks();
  token_ = Token();
  token_.begin = at_;
  if (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '`' || c == '\'' || c == '"') {
      ReadQuoted(c);
    } else if (IsLetter(c) || IsDigit(c)) {
      while (at_ < text_.size() && (IsLetter(text_[at_]) || IsDigit(text_[at_]))) ++at_;
      token_.text = text_.substr(token_.begin, at_ - token_.begin);
      const bool digits = token_.text.find_first_not_of("0123456789") == std::string::npos;
      token_.kind = digits ? Token::Kind::kNumber : Token::Kind::kWord;
    } else {
      token_.kind = Token::Kind::kSymbol;
      token_.text = std::string(1, c);
      ++at_;
    }
  }
  token_.end = at_;
}

// `a``b`, 'it\'s', "text"; one that is not closed is a symbol, which no rule accepts.
void DdlParser::ReadQuoted(char quote) {
  token_.kind = quote == '`' ? Token::Kind::kQuoted : Token::Kind::kText;
  for (++at_; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (c == '\\' && quote != '`' && next != '\0') {
      token_.text += next == 'n' ? '\n' : next == 't' ? '\t' : next;
      ++at_;
    } else if (c != quote) {
      token_.text += c;
    } else if (next == quote) {
      token_.text += c;
      ++at_;
    } else {
      ++at_;
      return;
    }
  }
  token_.kind = Token::Kind::kSymbol;
}

bool DdlParser::Accept(char symbol) {
  if (token_.kind != Token::Kind::kSymbol || token_.text[0] != symbol) return false;
  Advance();
  return true;
}

bool DdlParser::IsWord(std::string_view word) const {
  return token_.kind == Token::Kind::kWord && EqualsIgnoringCase(token_.text, word);
}

bool DdlParser::AcceptWord(std::string_view word) {
  if (!IsWord(word)) return false;
  Advance();
  return true;
}

Status DdlParser::Expect(char symbol) {
  return Accept(symbol) ? Status::OK() : SyntaxError();
}

SqlPlace DdlParser::Place(const Token& token) const {
  SqlPlace place{1, 1, static_cast<int>(token.begin), static_cast<int>(token.end)};
  for (size_t i = 0; i < token.begin; ++i) {
    ++place.column;
    if (text_[i] == '\n') {
      ++place.line;
      place.column = 1;
    }
  }
  return place;
}

Status DdlParser::SyntaxError() const {
  std::string near = "end of input";
  if (token_.kind != Token::Kind::kEnd) {
    near = "'" + std::string(text_.substr(token_.begin, token_.end - token_.begin)) + "'";
  }
  return Status::User("PARSE_SYNTAX_ERROR", {{"error", near}, {"hint", ""}}, Place(token_));
}

Status DdlParser::Incomplete(std::string_view what, const Token& at) const {
  return Status::User("INCOMPLETE_TYPE_DEFINITION." + std::string(what), {{"elementType", "<INT>"}},
                      Place(at));
}

Result<TypePtr> DdlParser::WholeType() {
  THALWEG_ASSIGN_OR_RETURN(TypePtr type, ParseType());
  if (token_.kind != Token::Kind::kEnd) return SyntaxError();
  return type;
}

Result<SchemaPtr> DdlParser::WholeSchema() {
  if (token_.kind == Token::Kind::kEnd) return Schema::Make({});
  THALWEG_ASSIGN_OR_RETURN(std::vector<StructField> fields, ParseFields());
  if (token_.kind != Token::Kind::kEnd) return SyntaxError();
  return Schema::Make(std::move(fields));
}

Result<TypePtr> DdlParser::ParseType() {
  if (token_.kind != Token::Kind::kWord) return SyntaxError();
  if (depth_ >= kDepthMax) {
    return NotSupportedYet("types nested more than " + std::to_string(kDepthMax) + " deep");
  }
  ++depth_;
  const Token name = token_;
  Advance();
  const auto parse = [&]() -> Result<TypePtr> {
    if (EqualsIgnoringCase(name.text, "ARRAY")) return ParseArray(name);
    if (EqualsIgnoringCase(name.text, "MAP")) return ParseMap(name);
    if (EqualsIgnoringCase(name.text, "STRUCT")) return ParseStruct(name);
    if (EqualsIgnoringCase(name.text, "INTERVAL")) return ParseInterval();
    return ParseNamed(name);
  };
  Result<TypePtr> type = parse();
  --depth_;
  return type;
}

Result<TypePtr> DdlParser::ParseArray(const Token& at) {
  if (!Accept('<')) return Incomplete("ARRAY", at);
  THALWEG_ASSIGN_OR_RETURN(TypePtr element, ParseType());
  THALWEG_RETURN_NOT_OK(Expect('>'));
  return ArrayType(std::move(element));
}

Result<TypePtr> DdlParser::ParseMap(const Token& at) {
  if (!Accept('<')) return Incomplete("MAP", at);
  THALWEG_ASSIGN_OR_RETURN(TypePtr key, ParseType());
  THALWEG_RETURN_NOT_OK(Expect(','));
  THALWEG_ASSIGN_OR_RETURN(TypePtr value, ParseType());
  THALWEG_RETURN_NOT_OK(Expect('>'));
  return MapType(std::move(key), std::move(value));
}

Result<TypePtr> DdlParser::ParseStruct(const Token& at) {
  if (!Accept('<')) return Incomplete("STRUCT", at);
  if (Accept('>')) return StructType({});
  THALWEG_ASSIGN_OR_RETURN(std::vector<StructField> fields, ParseFields());
  THALWEG_RETURN_NOT_OK(Expect('>'));
  return StructType(std::move(fields));
}

// "INTERVAL", "INTERVAL MONTH", "INTERVAL DAY TO SECOND".
Result<TypePtr> DdlParser::ParseInterval() {
  static constexpr std::string_view kUnits[] = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};
  const auto accept_unit = [&](IntervalUnit* unit) {
    for (int i = 0; i < 6; ++i) {
      *unit = static_cast<IntervalUnit>(i);
      if (AcceptWord(kUnits[i])) return true;
    }
    return false;
  };
  IntervalUnit first = IntervalUnit::kYear;
  if (!accept_unit(&first)) return CalendarIntervalType();
  const bool year_month = first <= IntervalUnit::kMonth;
  IntervalUnit last = first;
  if (AcceptWord("TO")) {
    const Token at = token_;
    if (!accept_unit(&last) || last <= first || year_month != (last <= IntervalUnit::kMonth)) {
      token_ = at;
      return SyntaxError();
    }
  }
  return year_month ? YearMonthIntervalType(first, last) : DayTimeIntervalType(first, last);
}

Result<TypePtr> DdlParser::ParseNamed(const Token& name) {
  std::vector<int> parameters;
  if (Accept('(')) {
    do {
      int value = 0;
      const char* end = token_.text.data() + token_.text.size();
      if (token_.kind != Token::Kind::kNumber ||
          std::from_chars(token_.text.data(), end, value).ec != std::errc()) {
        return SyntaxError();
      }
      parameters.push_back(value);
      Advance();
    } while (Accept(','));
    THALWEG_RETURN_NOT_OK(Expect(')'));
  }
  Result<TypePtr> type = TypeByName(name.text, parameters);
  if (!type.ok()) return type.status().WithPlace(Place(name));
  if ((*type)->Is(TypeKind::kString)) return ParseString(*type);
  return type;
}

Result<TypePtr> DdlParser::ParseString(const TypePtr& type) {
  if (!AcceptWord("COLLATE")) return type;
  const Token name = token_;
  if (name.kind != Token::Kind::kWord && name.kind != Token::Kind::kQuoted) return SyntaxError();
  Advance();
  Result<std::string> collation = NormalizeCollation(name.text);
  if (!collation.ok()) return collation.status().WithPlace(Place(name));
  if (type->length() >= 0) {
    if (*collation == "UTF8_BINARY") return type;
    return NotSupportedYet("CHAR and VARCHAR with a collation", Place(name));
  }
  return CollatedStringType(*std::move(collation));
}

Result<std::vector<StructField>> DdlParser::ParseFields() {
  std::vector<StructField> fields;
  do {
    StructField field;
    THALWEG_RETURN_NOT_OK(ParseField(&field));
    fields.push_back(std::move(field));
  } while (Accept(','));
  return fields;
}

Status DdlParser::ParseField(StructField* field) {
  const Token::Kind kind = token_.kind;
  if ((kind != Token::Kind::kWord && kind != Token::Kind::kQuoted) || token_.text.empty()) {
    return SyntaxError();
  }
  field->name = token_.text;
  Advance();
  (void)Accept(':');
  THALWEG_ASSIGN_OR_RETURN(field->type, ParseType());
  if (AcceptWord("NOT")) {
    if (!AcceptWord("NULL")) return SyntaxError();
    field->nullable = false;
  }
  if (AcceptWord("COMMENT")) {
    if (token_.kind != Token::Kind::kText) return SyntaxError();
    field->comment = token_.text;
    Advance();
  }
  return Status::OK();
}

}  // namespace

Result<TypePtr> ParseType(std::string_view text) {
  return DdlParser(text).WholeType();
}

Result<SchemaPtr> ParseDdl(std::string_view text) {
  return DdlParser(text).WholeSchema();
}

Result<TypePtr> ParseTypeOrDdl(std::string_view text) {
  Result<TypePtr> type = ParseType(text);
  if (type.ok()) return type;
  Result<SchemaPtr> schema = ParseDdl(text);
  if (!schema.ok()) return type;
  return (*schema)->AsStruct();
}

}  // namespace thalweg
