// Number, string and typed literals. Ranges and types as Spark's AstBuilder gives them.
#include <charconv>
#include <cmath>

#include "data/parse_text.h"
#include "data/time_zone.h"
#include "sql/sql_parser.h"

namespace thalweg {
namespace {

ExprPtr At(Value value, const SqlPlace& place) {
  auto literal = std::make_shared<Literal>(std::move(value));
  literal->place = place;
  return literal;
}

struct IntegralRange {
  const char* suffix;
  const char* type_name;
  int64_t min;
  int64_t max;
};
constexpr IntegralRange kIntegralRanges[] = {
    {"Y", "tinyint", INT8_MIN, INT8_MAX},
    {"S", "smallint", INT16_MIN, INT16_MAX},
    {"L", "bigint", INT64_MIN, INT64_MAX},
};

Status OutOfRange(const std::string& number, const std::string& min, const std::string& max,
                  const char* type_name, const SqlPlace& place) {
  return Status::User("INVALID_NUMERIC_LITERAL_RANGE",
                      {{"rawStrippedQualifier", number},
                       {"minValue", min},
                       {"maxValue", max},
                       {"typeName", type_name}},
                      place);
}

bool ToInt64(const std::string& number, int64_t* out) {
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), *out);
  return error == std::errc() && end == number.data() + number.size();
}

Result<ExprPtr> IntegralLiteral(const std::string& number, const std::string& suffix,
                                const SqlPlace& place) {
  for (const IntegralRange& range : kIntegralRanges) {
    if (suffix != range.suffix) continue;
    int64_t value = 0;
    if (!ToInt64(number, &value) || value < range.min || value > range.max) {
      return OutOfRange(number, std::to_string(range.min), std::to_string(range.max),
                        range.type_name, place);
    }
    const TypePtr type = suffix == "Y"   ? TinyintType()
                         : suffix == "S" ? SmallintType()
                                         : BigintType();
    return At({type, value}, place);
  }
  return Status::Bug("no integral suffix: " + suffix);
}

Result<ExprPtr> RealLiteral(const std::string& number, bool is_float, const SqlPlace& place) {
  double value = 0;
  if (!ParseDouble(number, &value)) return Status::Bug("no number: " + number);
  if (!is_float) {
    if (std::isinf(value)) {
      return OutOfRange(number, "-1.7976931348623157E308", "1.7976931348623157E308", "double",
                        place);
    }
    return At({DoubleType(), value}, place);
  }
  // The text is compared with the decimal expansion of the largest float, not with its short form.
  if (std::abs(value) > 3.4028234663852886E38) {
    return OutOfRange(number, "-3.4028234663852886E+38", "3.4028234663852886E+38", "float", place);
  }
  float narrow = 0;
  if (!ParseFloat(number, &narrow)) return Status::Bug("no number: " + number);
  return At({FloatType(), static_cast<double>(narrow)}, place);
}

/// Digits and scale of a decimal text with an optional exponent, as new BigDecimal(text).
struct DecimalShape {
  int precision = 0;
  int scale = 0;
};
DecimalShape ShapeOf(const std::string& number) {
  DecimalShape shape;
  bool point = false;
  size_t i = 0;
  for (; i < number.size() && number[i] != 'e' && number[i] != 'E'; ++i) {
    const char c = number[i];
    if (c == '.') {
      point = true;
    } else if (c >= '0' && c <= '9') {
      shape.precision += shape.precision > 0 || c != '0';
      shape.scale += point;
    }
  }
  int exponent = 0;
  if (i < number.size()) {
    const size_t begin = number[i + 1] == '+' ? i + 2 : i + 1;
    std::from_chars(number.data() + begin, number.data() + number.size(), exponent);
  }
  shape.precision = std::max(shape.precision, 1);
  shape.scale -= exponent;
  if (shape.scale < 0) {
    shape.precision -= shape.scale;
    shape.scale = 0;
  }
  shape.precision = std::max(shape.precision, shape.scale);
  return shape;
}

Result<ExprPtr> DecimalLiteral(const std::string& number, const SqlPlace& place) {
  const auto [precision, scale] = ShapeOf(number);
  int128_t unscaled = 0;
  if (precision > 38 || ParseDecimal(number, precision, scale, &unscaled) != DecimalText::kOk) {
    return Status::User("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                        {{"precision", std::to_string(precision)}, {"maxPrecision", "38"}}, place);
  }
  TypePtr type = DecimalType(precision, scale);
  if (precision <= 18) return At({std::move(type), static_cast<int64_t>(unscaled)}, place);
  return At({std::move(type), unscaled}, place);
}

Status InvalidTyped(const std::string& type, const Token& text, const SqlPlace& place) {
  return Status::User("INVALID_TYPED_LITERAL",
                      {{"valueType", "\"" + type + "\""}, {"value", "'" + text.text + "'"}}, place);
}

Result<ExprPtr> HexLiteral(const Token& text, const SqlPlace& place) {
  std::string digits = text.text.size() % 2 == 0 ? text.text : "0" + text.text;
  std::string bytes;
  for (size_t i = 0; i < digits.size(); i += 2) {
    unsigned byte = 0;
    const char* at = digits.data() + i;
    const auto [end, error] = std::from_chars(at, at + 2, byte, 16);
    if (error != std::errc() || end != at + 2) return InvalidTyped("X", text, place);
    bytes.push_back(static_cast<char>(byte));
  }
  return At({BinaryType(), std::move(bytes)}, place);
}

bool IsSpecialDay(std::string_view text) {
  const std::string_view word = TrimText(text);
  return !word.empty() && word.find_first_of("0123456789") == std::string_view::npos;
}

Result<ExprPtr> TimestampLiteral(const Token& text, bool ntz_wanted, bool ltz_wanted,
                                 const ParserSettings& settings, const SqlPlace& place) {
  const std::string name = ntz_wanted ? "TIMESTAMP_NTZ" : "TIMESTAMP";
  TimestampText parts;
  const bool valid = ParseTimestampText(text.text, &parts) && !parts.just_time;
  const bool ntz = ntz_wanted || (!ltz_wanted && settings.timestamp_ntz && parts.zone == nullptr);
  int64_t us = 0;
  if (valid && ntz) {
    if (!ParseTimestampNtz(text.text, true, &us)) return InvalidTyped(name, text, place);
    return At({TimestampNtzType(), us}, place);
  }
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* const zone, TimeZone::Find(settings.session_zone));
  ZoneCursor cursor(*zone);
  if (!valid || !ParseTimestamp(text.text, cursor, &us)) return InvalidTyped(name, text, place);
  return At({TimestampType(), us}, place);
}

}  // namespace

Result<ExprPtr> SqlParser::ParseNumber(bool negative, size_t first) {
  const Token& token = Next();
  const SqlPlace place = PlaceFrom(first);
  const std::string number = (negative ? "-" : "") + token.text;
  switch (token.kind) {
    case TokenKind::kInteger: {
      int64_t value = 0;
      if (!ToInt64(number, &value)) return DecimalLiteral(number, place);
      if (value < INT32_MIN || value > INT32_MAX) return At(Value::Bigint(value), place);
      return At(Value::Int(static_cast<int32_t>(value)), place);
    }
    case TokenKind::kDecimal:
      return DecimalLiteral(number, place);
    case TokenKind::kExponent:
      return RealLiteral(number, false, place);
    default:
      if (token.suffix == "BD") return DecimalLiteral(number, place);
      if (token.suffix == "D" || token.suffix == "F") {
        return RealLiteral(number, token.suffix == "F", place);
      }
      return IntegralLiteral(number, token.suffix, place);
  }
}

// Adjacent strings are one string.
Result<ExprPtr> SqlParser::ParseStringLiteral() {
  const size_t first = at_;
  std::string text = Next().text;
  while (Peek().kind == TokenKind::kString) text += Next().text;
  return At(Value::String(std::move(text)), PlaceFrom(first));
}

Result<std::optional<ExprPtr>> SqlParser::ParseTypedLiteral() {
  const size_t first = at_;
  if (PeekWord("TRUE") || PeekWord("FALSE") || PeekWord("NULL")) {
    if (PeekSymbol("(", 1) || PeekSymbol(".", 1)) return std::optional<ExprPtr>();
    Value value = PeekWord("NULL") ? Value() : Value::Boolean(PeekWord("TRUE"));
    Next();
    return std::optional(At(std::move(value), PlaceFrom(first)));
  }
  if (PeekWord("INTERVAL") && AtInterval()) {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr interval, ParseInterval());
    return std::optional(std::move(interval));
  }
  if (Peek(1).kind != TokenKind::kString) return std::optional<ExprPtr>();
  std::string type = Next().text;
  for (char& c : type) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const Token& text = Next();
  THALWEG_ASSIGN_OR_RETURN(ExprPtr literal, MakeTypedLiteral(type, text, PlaceFrom(first)));
  return std::optional(std::move(literal));
}

Result<ExprPtr> SqlParser::MakeTypedLiteral(const std::string& type, const Token& text,
                                            const SqlPlace& place) const {
  const bool timestamp = type == "TIMESTAMP" || type == "TIMESTAMP_NTZ" || type == "TIMESTAMP_LTZ";
  if ((type == "DATE" || timestamp) && IsSpecialDay(text.text)) {
    const std::string_view word = TrimText(text.text);
    for (const std::string_view special : {"epoch", "now", "today", "tomorrow", "yesterday"}) {
      if (word.substr(0, special.size()) == special) {
        return NotSupportedYet("the special " + type + " '" + text.text + "'", place);
      }
    }
  }
  if (type == "X") return HexLiteral(text, place);
  if (timestamp) {
    return TimestampLiteral(text, type == "TIMESTAMP_NTZ", type == "TIMESTAMP_LTZ", settings_,
                            place);
  }
  if (type == "DATE") {
    int32_t days = 0;
    if (!ParseDate(text.text, &days)) return InvalidTyped(type, text, place);
    return At({DateType(), int64_t{days}}, place);
  }
  if (type == "TIME") {
    int64_t ns = 0;
    if (!ParseTime(text.text, &ns)) return InvalidTyped(type, text, place);
    return At({TimeType(6), ns}, place);
  }
  return Status::User("UNSUPPORTED_TYPED_LITERAL",
                      {{"unsupportedType", "\"" + type + "\""},
                       {"supportedTypes",
                        "\"DATE\", \"TIMESTAMP_NTZ\", \"TIMESTAMP_LTZ\", \"TIMESTAMP\", "
                        "\"INTERVAL\", \"X\", \"TIME\""}},
                      place);
}

}  // namespace thalweg
