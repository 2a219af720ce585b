#include "data/parse_text.h"

namespace thalweg {
namespace {

// The end of one element of "a, [b, c], 'd, e'": the next separator outside brackets and quotes.
size_t ElementEnd(std::string_view text, size_t begin, std::string_view separator) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = begin; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\'') quoted = !quoted;
    if (quoted) continue;
    if (depth == 0 && text.substr(i, separator.size()) == separator) return i;
    depth += c == '[' || c == '{';
    depth -= c == ']' || c == '}';
  }
  return text.size();
}

// 'it''s' -> it's; what is not in quotes stays.
std::string Unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '\'' || text.back() != '\'') return std::string(text);
  std::string out;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    out += text[i];
    if (text[i] == '\'' && text[i + 1] == '\'') ++i;
  }
  return out;
}

std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool IsNullText(std::string_view text) {
  return text == "null" || text == "NULL";
}

bool ParseElement(std::string_view text, const TypePtr& type, ZoneCursor& cursor, Value* out) {
  text = TrimBlanks(text);
  if (!IsNullText(text)) return ParseValueText(text, type, cursor, out);
  *out = Value(type);
  return true;
}

// "[1, 2]", "{1, a}", "{a -> 1, b -> 2}".
bool ParseNested(std::string_view text, const TypePtr& type, ZoneCursor& cursor, Value* out) {
  const bool array = type->Is(TypeKind::kArray);
  text = TrimBlanks(text);
  if (text.size() < 2 || text.front() != (array ? '[' : '{') ||
      text.back() != (array ? ']' : '}')) {
    return false;
  }
  text = text.substr(1, text.size() - 2);
  Value::List list;
  const size_t fields = type->fields().size();
  for (size_t at = 0; at < text.size() && !TrimBlanks(text).empty();) {
    const size_t field = list.size() % (fields == 0 ? 1 : fields);
    const bool key = type->Is(TypeKind::kMap) && field == 0;
    const std::string_view separator = key ? "->" : ",";
    const size_t end = ElementEnd(text, at, separator);
    if (fields == 0 || (key && end == text.size())) return false;
    Value element;
    if (!ParseElement(text.substr(at, end - at), type->fields()[field].type, cursor, &element)) {
      return false;
    }
    list.push_back(std::move(element));
    at = end + separator.size();
  }
  if (type->Is(TypeKind::kStruct) && list.size() != fields) return false;
  *out = Value(type, std::move(list));
  return true;
}

bool ParseIntegral(std::string_view text, const TypePtr& type, Value* out) {
  const int bits = 8 * PhysicalWidth(type->physical());
  int64_t value = 0;
  if (!ParseInt64(text, false, &value)) return false;
  const int64_t narrow =
      static_cast<int64_t>(static_cast<uint64_t>(value) << (64 - bits)) >> (64 - bits);
  *out = Value(type, value);
  return narrow == value;
}

bool ParseDecimalValue(std::string_view text, const TypePtr& type, Value* out) {
  int128_t unscaled = 0;
  if (ParseDecimal(text, type->precision(), type->scale(), &unscaled) != DecimalText::kOk) {
    return false;
  }
  *out = type->physical() == PhysicalKind::kInt128 ? Value(type, unscaled)
                                                   : Value(type, static_cast<int64_t>(unscaled));
  return true;
}

// `parse` fills a T, which becomes the value if it was well-formed.
template <class T, class Parse>
bool Into(const TypePtr& type, Value* out, Parse parse) {
  T value{};
  if (!parse(&value)) return false;
  if constexpr (std::is_same_v<T, int32_t>) {
    *out = Value(type, int64_t{value});
  } else if constexpr (std::is_same_v<T, float>) {
    *out = Value(type, double{value});
  } else {
    *out = Value(type, value);
  }
  return true;
}

}  // namespace

bool ParseValueText(std::string_view text, const TypePtr& type, ZoneCursor& cursor, Value* out) {
  switch (type->kind()) {
    case TypeKind::kNull:
    case TypeKind::kVariant:
      return false;
    case TypeKind::kBoolean:
      return Into<bool>(type, out, [&](bool* v) { return ParseBoolean(text, v); });
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
      return ParseIntegral(text, type, out);
    case TypeKind::kFloat:
      return Into<float>(type, out, [&](float* v) { return ParseFloat(text, v); });
    case TypeKind::kDouble:
      return Into<double>(type, out, [&](double* v) { return ParseDouble(text, v); });
    case TypeKind::kDecimal:
      return ParseDecimalValue(text, type, out);
    case TypeKind::kString:
    case TypeKind::kBinary:
      *out = Value(type, Unquoted(text));
      return true;
    case TypeKind::kDate:
      return Into<int32_t>(type, out, [&](int32_t* v) { return ParseDate(text, v); });
    case TypeKind::kTimestamp:
      return Into<int64_t>(type, out, [&](int64_t* v) { return ParseTimestamp(text, cursor, v); });
    case TypeKind::kTimestampNtz:
      return Into<int64_t>(type, out, [&](int64_t* v) { return ParseTimestampNtz(text, true, v); });
    case TypeKind::kTime:
      return Into<int64_t>(type, out, [&](int64_t* v) { return ParseTime(text, v); });
    case TypeKind::kYearMonthInterval:
      return Into<int32_t>(type, out,
                           [&](int32_t* v) { return ParseYearMonthInterval(text, *type, v); });
    case TypeKind::kDayTimeInterval:
      return Into<int64_t>(type, out,
                           [&](int64_t* v) { return ParseDayTimeInterval(text, *type, v); });
    case TypeKind::kCalendarInterval:
      return Into<CalendarInterval>(
          type, out, [&](CalendarInterval* v) { return ParseCalendarInterval(text, v); });
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kStruct:
      return ParseNested(text, type, cursor, out);
  }
  return false;
}

}  // namespace thalweg
