#include "plan/literal_text.h"

#include "data/text.h"

namespace thalweg {
namespace {

void AppendQuoted(std::string_view text, std::string* out) {
  *out += '\'';
  for (const char c : text) {
    if (c == '\'' || c == '\\') *out += '\\';
    *out += c;
  }
  *out += '\'';
}

void AppendHex(std::string_view bytes, std::string* out) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  *out += "X'";
  for (const unsigned char c : bytes) {
    *out += kDigits[c >> 4];
    *out += kDigits[c & 15];
  }
  *out += '\'';
}

void AppendNested(const Value& value, std::string* out) {
  *out += value.type()->Simple();
  *out += '(';
  bool first = true;
  for (const Value& element : value.list()) {
    if (!first) *out += ", ";
    first = false;
    AppendLiteralText(element, out);
  }
  *out += ')';
}

void AppendIntervalParts(const CalendarInterval& interval, std::string* out) {
  *out += "INTERVAL '";
  AppendInt64(interval.months, out);
  *out += " months ";
  AppendInt64(interval.days, out);
  *out += " days ";
  AppendInt64(interval.us, out);
  *out += " us'";
}

}  // namespace

void AppendLiteralText(const Value& value, std::string* out) {
  if (value.is_null()) {
    *out += "null";
    return;
  }
  switch (value.type()->kind()) {
    case TypeKind::kBoolean:
      *out += value.boolean() ? "true" : "false";
      break;
    case TypeKind::kFloat:
      AppendFloat(static_cast<float>(value.float64()), out);
      break;
    case TypeKind::kDouble:
      AppendDouble(value.float64(), out);
      break;
    case TypeKind::kDecimal:
      AppendDecimal(value.int128(), value.type()->scale(), out);
      break;
    case TypeKind::kString:
      AppendQuoted(value.text(), out);
      break;
    case TypeKind::kBinary:
      AppendHex(value.text(), out);
      break;
    case TypeKind::kDate:
      *out += "DATE '";
      AppendDate(static_cast<int32_t>(value.int64()), out);
      *out += '\'';
      break;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      *out += value.type()->Is(TypeKind::kTimestamp) ? "TIMESTAMP '" : "TIMESTAMP_NTZ '";
      AppendTimestampNtz(value.int64(), out);
      *out += value.type()->Is(TypeKind::kTimestamp) ? "Z'" : "'";
      break;
    case TypeKind::kCalendarInterval:
      AppendIntervalParts(value.interval(), out);
      break;
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kStruct:
    case TypeKind::kVariant:
      AppendNested(value, out);
      break;
    default:  // integral kinds, and what is counted in units: TIME, intervals of one unit
      AppendInt64(value.int64(), out);
      break;
  }
}

}  // namespace thalweg
