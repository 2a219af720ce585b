#include "formats/json/json_scalars.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "data/calendar.h"
#include "data/parse_text.h"
#include "formats/base64.h"

namespace thalweg {
namespace {

bool ParseIntegral(std::string_view text, int64_t* out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return error == std::errc() && end == text.data() + text.size();
}

template <class T>
bool StoreInRange(int64_t value, int64_t max, Vector* vector, int row) {
  if (value < std::numeric_limits<T>::min() || value > max) return false;
  StoreJson(vector, row, static_cast<T>(value));
  return true;
}

bool StoreIntegral(const JsonNumber& number, Vector* vector, int row) {
  int64_t value = 0;
  if (!number.is_integer || !ParseIntegral(number.text, &value)) return false;
  switch (vector->type()->kind()) {
    case TypeKind::kTinyint:  // Jackson takes bytes with and without sign
      return StoreInRange<int8_t>(value, std::numeric_limits<uint8_t>::max(), vector, row);
    case TypeKind::kSmallint:
      return StoreInRange<int16_t>(value, std::numeric_limits<int16_t>::max(), vector, row);
    case TypeKind::kInt:
      return StoreInRange<int32_t>(value, std::numeric_limits<int32_t>::max(), vector, row);
    case TypeKind::kBigint:
      StoreJson(vector, row, value);
      return true;
    default:  // TIMESTAMP: seconds, which wrap around
      StoreJson(vector, row,
                static_cast<int64_t>(static_cast<uint64_t>(value) *
                                     static_cast<uint64_t>(kMicrosPerSecond)));
      return true;
  }
}

// What Spark knows beside numbers.
template <class T>
bool ParseNonNumeric(std::string_view text, T* out) {
  if (text == "NaN") {
    *out = std::numeric_limits<T>::quiet_NaN();
  } else if (text == "+INF" || text == "+Infinity" || text == "Infinity") {
    *out = std::numeric_limits<T>::infinity();
  } else if (text == "-INF" || text == "-Infinity") {
    *out = -std::numeric_limits<T>::infinity();
  } else {
    return false;
  }
  return true;
}

template <class T>
bool StoreFloating(const JsonNumber& number, Vector* vector, int row) {
  T value = 0;
  if (!number.is_numeric) {
    if (!ParseNonNumeric(number.text, &value)) return false;
  } else {
    const char* const end = number.text.data() + number.text.size();
    if (std::from_chars(number.text.data(), end, value).ec != std::errc()) {  // out of range
      if constexpr (sizeof(T) == sizeof(double)) {
        if (!ParseDouble(number.text, &value)) return false;
      } else if (!ParseFloat(number.text, &value)) {
        return false;
      }
    }
    if (number.is_integer && value == 0) value = 0;  // an integer has no -0
  }
  StoreJson(vector, row, value);
  return true;
}

bool StoreDecimal(std::string_view text, Vector* vector, int row) {
  const DataType& type = *vector->type();
  int128_t unscaled = 0;
  if (ParseDecimal(text, type.precision(), type.scale(), &unscaled) != DecimalText::kOk) {
    return false;
  }
  if (type.physical() == PhysicalKind::kInt128) {
    StoreJson(vector, row, unscaled);
  } else {
    StoreJson(vector, row, static_cast<int64_t>(unscaled));
  }
  return true;
}

template <class T, class Parse>
bool StoreParsed(Vector* vector, int row, Parse parse) {
  T value{};
  if (!parse(&value)) return false;
  StoreJson(vector, row, value);
  return true;
}

// Without "GMT" wherever it stands, as Spark 1 wrote it ("2015-01-01T00:00:00GMT+01:00").
std::string WithoutGmt(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    if (text.substr(at, 3) == "GMT") {
      at += 3;
    } else {
      out += text[at++];
    }
  }
  return out;
}

// A date, also the number of its day in at most nine digits (Spark 1.5 wrote it so).
bool ParseJsonDate(std::string_view text, int32_t* days) {
  if (ParseDate(text, days)) return true;
  if (text.find("GMT") != text.npos) return ParseDate(WithoutGmt(text), days);
  constexpr size_t kDayDigitsMax = 9;
  const size_t sign = text[0] == '-' || text[0] == '+' ? 1 : 0;
  const bool before_gregory = text[0] == '-' && text.size() > 6;
  int64_t value = 0;
  if (text.size() > kDayDigitsMax + sign || before_gregory) return false;
  if (!ParseIntegral(text[0] == '+' ? text.substr(1) : text, &value)) return false;
  *days = static_cast<int32_t>(value);
  return true;
}

bool ParseJsonTimestamp(std::string_view text, ZoneCursor& zone, int64_t* us) {
  if (ParseTimestamp(text, zone, us)) return true;
  return text.find("GMT") != text.npos && ParseTimestamp(WithoutGmt(text), zone, us);
}

bool HasBlankEnd(std::string_view text) {
  return static_cast<uint8_t>(text.front()) <= ' ' || static_cast<uint8_t>(text.back()) <= ' ';
}

}  // namespace

bool StoreJsonNumber(const JsonNumber& number, Vector* vector, int row) {
  switch (vector->type()->kind()) {
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
    case TypeKind::kTimestamp:
      return StoreIntegral(number, vector, row);
    case TypeKind::kFloat:
      return StoreFloating<float>(number, vector, row);
    case TypeKind::kDouble:
      return StoreFloating<double>(number, vector, row);
    case TypeKind::kDecimal:
      return number.is_numeric && StoreDecimal(number.text, vector, row);
    default:
      return false;
  }
}

bool StoreJsonText(std::string_view text, ZoneCursor& zone, Vector* vector, int row) {
  const DataType& type = *vector->type();
  switch (type.kind()) {
    case TypeKind::kFloat:
      return StoreParsed<float>(vector, row, [&](float* v) { return ParseNonNumeric(text, v); });
    case TypeKind::kDouble:
      return StoreParsed<double>(vector, row, [&](double* v) { return ParseNonNumeric(text, v); });
    case TypeKind::kDecimal:
      return !HasBlankEnd(text) && StoreDecimal(text, vector, row);
    case TypeKind::kDate:
      return StoreParsed<int32_t>(vector, row, [&](int32_t* v) { return ParseJsonDate(text, v); });
    case TypeKind::kTimestamp:
      return StoreParsed<int64_t>(vector, row,
                                  [&](int64_t* v) { return ParseJsonTimestamp(text, zone, v); });
    case TypeKind::kTimestampNtz:
      return StoreParsed<int64_t>(vector, row,
                                  [&](int64_t* v) { return ParseTimestampNtz(text, false, v); });
    case TypeKind::kTime:
      return StoreParsed<int64_t>(vector, row, [&](int64_t* v) { return ParseTime(text, v); });
    case TypeKind::kYearMonthInterval:
      return StoreParsed<int32_t>(
          vector, row, [&](int32_t* v) { return ParseYearMonthInterval(text, type, v); });
    case TypeKind::kDayTimeInterval:
      return StoreParsed<int64_t>(vector, row,
                                  [&](int64_t* v) { return ParseDayTimeInterval(text, type, v); });
    case TypeKind::kBinary: {
      std::string bytes;
      if (!DecodeBase64(text, &bytes)) return false;
      RoomFor(vector, row);
      SetValid(vector, row);
      vector->SetString(row, bytes);
      return true;
    }
    default:
      return false;
  }
}

}  // namespace thalweg
