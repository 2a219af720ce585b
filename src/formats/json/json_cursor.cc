#include "formats/json/json_cursor.h"

#include "formats/json/json_scan.h"
#include "formats/utf8.h"

namespace thalweg {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '_' || c == '$' ||
         c == '-' || c == '*' || c == '@' || c == '#' || c == '+' ||
         static_cast<uint8_t>(c) >= 0x80;
}

}  // namespace

void JsonCursor::Begin(std::string_view text) {
  BeginInside(text, 0);
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) at_ += kByteOrderMark.size();
}

void JsonCursor::BeginInside(std::string_view text, int depth) {
  at_ = text.data();
  end_ = text.data() + text.size();
  depth_ = depth;
  problem_ = "";
  skipped_.clear();
}

JsonKind JsonCursor::Peek() {
  if (!SkipBlanks()) return JsonKind::kBad;
  if (at_ == end_) return JsonKind::kEnd;
  switch (*at_) {
    case '{':
      return JsonKind::kObject;
    case '[':
      return JsonKind::kArray;
    case '"':
      return JsonKind::kString;
    case 't':
      return JsonKind::kTrue;
    case 'f':
      return JsonKind::kFalse;
    case 'n':
      return JsonKind::kNull;
    case '-':
      return JsonKind::kNumber;
    case '\'':
      if (syntax_.single_quotes) return JsonKind::kString;
      break;
    case 'N':
    case 'I':
    case '+':
      if (syntax_.non_numeric_numbers) return JsonKind::kNumber;
      break;
    default:
      if (IsDigit(*at_)) return JsonKind::kNumber;
  }
  Fail("no value begins with this character");
  return JsonKind::kBad;
}

bool JsonCursor::Enter() {
  ++at_;
  if (++depth_ > syntax_.depth_max) return Fail("objects and arrays are nested too deeply");
  return true;
}

JsonStep JsonCursor::NextMember(bool* first, JsonText* name) {
  if (!SkipBlanks()) return JsonStep::kBad;
  if (at_ != end_ && *at_ == '}') {
    ++at_;
    --depth_;
    return JsonStep::kEnd;
  }
  if (!*first) {
    if (at_ == end_ || *at_ != ',') {
      Fail("a ',' or '}' should stand here");
      return JsonStep::kBad;
    }
    ++at_;
    if (!SkipBlanks()) return JsonStep::kBad;
  }
  *first = false;
  bool read = false;
  if (at_ != end_ && (*at_ == '"' || (*at_ == '\'' && syntax_.single_quotes))) {
    read = ReadQuoted(*at_, name);
  } else {
    read = ReadUnquotedName(name);
  }
  if (!read || !SkipBlanks()) return JsonStep::kBad;
  if (at_ == end_ || *at_ != ':') {
    Fail("a ':' should stand here");
    return JsonStep::kBad;
  }
  ++at_;
  return JsonStep::kItem;
}

JsonStep JsonCursor::NextElement(bool* first) {
  if (!SkipBlanks()) return JsonStep::kBad;
  if (at_ != end_ && *at_ == ']') {
    ++at_;
    --depth_;
    return JsonStep::kEnd;
  }
  if (!*first) {
    if (at_ == end_ || *at_ != ',') {
      Fail("a ',' or ']' should stand here");
      return JsonStep::kBad;
    }
    ++at_;
  }
  *first = false;
  return JsonStep::kItem;
}

bool JsonCursor::ReadString(JsonText* text) {
  if (!ReadQuoted(*at_, text)) return false;
  if (static_cast<int64_t>(text->bytes.size()) > syntax_.string_bytes_max) {
    return Fail("the string is longer than maxStringLen");
  }
  return true;
}

bool JsonCursor::ReadQuoted(char quote, JsonText* text) {
  const char* const begin = ++at_;
  uint8_t all_bytes = 0;
  text->escaped = false;
  while (true) {
    at_ = FindInString(at_, end_, &all_bytes);
    if (at_ == end_) return Fail("the string does not end");
    const char c = *at_;
    if (c == quote) break;
    all_bytes |= static_cast<uint8_t>(c);
    ++at_;
    if (c == '\\') {
      text->escaped = true;
      if (!ReadEscape()) return false;
    } else if (static_cast<uint8_t>(c) < 0x20 && !syntax_.unquoted_control_characters) {
      --at_;
      return Fail("a control character must be escaped");
    }
  }
  text->bytes = std::string_view(begin, static_cast<size_t>(at_ - begin));
  ++at_;
  if (all_bytes >= 0x80 && !IsValidUtf8(text->bytes)) return Fail("the string is not UTF-8");
  return true;
}

// Behind a backslash.
bool JsonCursor::ReadEscape() {
  if (at_ == end_) return Fail("the string does not end");
  const char c = *at_++;
  if (c == 'u') {
    for (int i = 0; i < 4; ++i, ++at_) {
      if (at_ == end_ || HexDigit(*at_) < 0) return Fail("four hexadecimal digits follow \\u");
    }
    return true;
  }
  const bool known =
      c == '"' || c == '\\' || c == '/' || c == 'b' || c == 'f' || c == 'n' || c == 'r' || c == 't';
  if (known) return true;
  if (!syntax_.backslash_any_character) return Fail("nothing is escaped like this");
  if (static_cast<uint8_t>(c) >= 0x80) --at_;  // read again as a part of the string
  return true;
}

bool JsonCursor::ReadUnquotedName(JsonText* name) {
  if (!syntax_.unquoted_names) return Fail("a name in quotes should stand here");
  const char* const begin = at_;
  while (at_ != end_ && IsNameByte(*at_)) ++at_;
  name->bytes = std::string_view(begin, static_cast<size_t>(at_ - begin));
  name->escaped = false;
  if (at_ == begin || IsDigit(*begin)) return Fail("a name should stand here");
  return IsValidUtf8(name->bytes) || Fail("the name is not UTF-8");
}

bool JsonCursor::ReadNumber(JsonNumber* number) {
  const char* const begin = at_;
  if (*at_ == 'N' || *at_ == 'I' || *at_ == '+') return ReadNonNumeric(number);
  if (*at_ == '-') {
    ++at_;
    if (at_ != end_ && *at_ == 'I' && syntax_.non_numeric_numbers) {
      --at_;
      return ReadNonNumeric(number);
    }
  }
  int64_t digits = 0;
  const char* const whole = at_;
  if (!ReadDigits(&digits)) return false;
  if (digits > 1 && *whole == '0' && !syntax_.leading_zeros) {
    at_ = whole;
    return Fail("a number does not begin with 0");
  }
  number->is_integer = true;
  number->is_numeric = true;
  if (at_ != end_ && *at_ == '.') {
    number->is_integer = false;
    ++at_;
    if (!ReadDigits(&digits)) return false;
  }
  if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
    number->is_integer = false;
    ++at_;
    if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    if (!ReadDigits(&digits)) return false;
  }
  if (digits > syntax_.number_digits_max) return Fail("the number is longer than maxNumLen");
  number->text = std::string_view(begin, static_cast<size_t>(at_ - begin));
  return true;
}

bool JsonCursor::ReadDigits(int64_t* count) {
  const char* const begin = at_;
  while (at_ != end_ && IsDigit(*at_)) ++at_;
  *count += at_ - begin;
  return at_ != begin || Fail("a digit should stand here");
}

bool JsonCursor::ReadNonNumeric(JsonNumber* number) {
  const char* const begin = at_;
  const bool sign = *at_ == '+' || *at_ == '-';
  if (sign) ++at_;
  const bool known = Word("Infinity") || (sign ? Word("INF") : Word("NaN"));
  if (!known) return Fail("no value looks like this");
  *number = {std::string_view(begin, static_cast<size_t>(at_ - begin)), false, false};
  return true;
}

bool JsonCursor::Word(std::string_view word) {
  if (std::string_view(at_, static_cast<size_t>(end_ - at_)).substr(0, word.size()) != word) {
    return false;
  }
  at_ += word.size();
  return true;
}

bool JsonCursor::ReadWord(JsonKind kind) {
  const char* const word = kind == JsonKind::kTrue    ? "true"
                           : kind == JsonKind::kFalse ? "false"
                                                      : "null";
  return Word(word) || Fail("no value looks like this");
}

bool JsonCursor::Skip() {
  const size_t outer = skipped_.size();
  bool first = false;
  do {
    const JsonKind kind = Peek();
    if (kind == JsonKind::kObject || kind == JsonKind::kArray) {
      if (!Enter()) return false;
      skipped_.push_back(kind == JsonKind::kObject);
      first = true;
    } else if (!SkipScalar(kind)) {
      return false;
    }
    while (skipped_.size() > outer) {
      JsonText name;
      const JsonStep step = skipped_.back() ? NextMember(&first, &name) : NextElement(&first);
      if (step == JsonStep::kBad) return false;
      if (step == JsonStep::kItem) break;
      skipped_.pop_back();
      first = false;
    }
  } while (skipped_.size() > outer);
  return true;
}

bool JsonCursor::SkipScalar(JsonKind kind) {
  JsonText text;
  JsonNumber number;
  switch (kind) {
    case JsonKind::kString:
      return ReadQuoted(*at_, &text);
    case JsonKind::kNumber:
      return ReadNumber(&number);
    case JsonKind::kTrue:
    case JsonKind::kFalse:
    case JsonKind::kNull:
      return ReadWord(kind);
    case JsonKind::kEnd:
      return Fail("a value should stand here");
    default:
      return false;
  }
}

bool JsonCursor::SkipBlanks() {
  while (at_ != end_) {
    const char c = *at_;
    if (c == '/' && syntax_.comments) {
      if (!SkipComment()) return false;
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++at_;
    } else {
      break;
    }
  }
  return true;
}

bool JsonCursor::SkipComment() {
  const std::string_view rest(at_, static_cast<size_t>(end_ - at_));
  if (rest.substr(0, 2) == "//") {
    const size_t line_end = rest.find('\n');
    at_ = line_end == rest.npos ? end_ : at_ + line_end;
    return true;
  }
  if (rest.substr(0, 2) != "/*") return Fail("a comment begins with // or /*");
  const size_t close = rest.find("*/", 2);
  if (close == rest.npos) return Fail("the comment does not end");
  at_ += close + 2;
  return true;
}

void AppendUnescaped(const JsonText& text, std::string* out) {
  constexpr uint32_t kHighSurrogate = 0xD800, kLowSurrogate = 0xDC00, kSurrogatesEnd = 0xE000;
  const std::string_view bytes = text.bytes;
  const auto unit_at = [&](size_t at) {
    uint32_t unit = 0;
    for (size_t i = 0; i < 4; ++i)
      unit = unit << 4 | static_cast<uint32_t>(HexDigit(bytes[at + i]));
    return unit;
  };
  for (size_t i = 0; i < bytes.size();) {
    const char c = bytes[i++];
    if (c != '\\') {
      *out += c;
      continue;
    }
    const char escaped = bytes[i++];
    if (escaped != 'u') {
      constexpr std::string_view kLetters = "bfnrt", kMeanings = "\b\f\n\r\t";
      const size_t letter = kLetters.find(escaped);
      *out += letter == kLetters.npos ? escaped : kMeanings[letter];
      continue;
    }
    uint32_t unit = unit_at(i);
    i += 4;
    if (unit >= kHighSurrogate && unit < kLowSurrogate && bytes.substr(i, 2) == "\\u") {
      const uint32_t low = unit_at(i + 2);
      if (low >= kLowSurrogate && low < kSurrogatesEnd) {
        unit = 0x10000 + ((unit - kHighSurrogate) << 10) + (low - kLowSurrogate);
        i += 6;
      }
    }
    if (unit >= kHighSurrogate && unit < kSurrogatesEnd) {
      *out += '?';
    } else {
      AppendUtf8(unit, out);
    }
  }
}

}  // namespace thalweg
