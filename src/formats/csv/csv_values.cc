#include "formats/csv/csv_values.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "data/calendar.h"
#include "data/parse_text.h"
#include "data/type_text.h"

namespace thalweg {
namespace {

using Outcome = CsvValues::Outcome;

Outcome Whether(bool fine) {
  return fine ? Outcome::kOk : Outcome::kMalformed;
}

Outcome OutcomeOf(TimePattern::Outcome outcome) {
  return outcome == TimePattern::Outcome::kOk         ? Outcome::kOk
         : outcome == TimePattern::Outcome::kNotBuilt ? Outcome::kNotBuilt
                                                      : Outcome::kMalformed;
}

/// [+-]digits, nothing else, as Integer.parseInt.
template <class T>
Outcome StoreInteger(std::string_view text, Vector* vector, int row) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  T value = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return Outcome::kMalformed;
  vector->mutable_values<T>()[row] = value;
  return Outcome::kOk;
}

template <class T>
Outcome Stored(Outcome outcome, T value, Vector* vector, int row) {
  if (outcome == Outcome::kOk) vector->mutable_values<T>()[row] = value;
  return outcome;
}

/// Commas separate nothing and blanks are none.
Outcome StoreDecimal(std::string_view text, Vector* vector, int row) {
  const DataType& type = *vector->type();
  std::string digits(text);
  std::erase(digits, ',');
  if (digits.empty() || TrimText(digits).size() != digits.size()) return Outcome::kMalformed;
  int128_t unscaled = 0;
  if (ParseDecimal(digits, type.precision(), type.scale(), &unscaled) != DecimalText::kOk) {
    return Outcome::kMalformed;
  }
  if (type.physical() == PhysicalKind::kInt128) {
    vector->mutable_values<int128_t>()[row] = unscaled;
  } else {
    vector->mutable_values<int64_t>()[row] = static_cast<int64_t>(unscaled);
  }
  return Outcome::kOk;
}

/// What Double.parseDouble knows by name is "NaN" and "Infinity", written so.
bool IsJavaNumber(std::string_view text) {
  text = TrimText(text);
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  const char first = text.empty() ? '\0' : text[0];
  if (first != 'i' && first != 'I' && first != 'n' && first != 'N') return true;
  return text == "NaN" || text == "Infinity";
}

/// Without "GMT" wherever it stands, as Spark 1 wrote it
/// ("2015-01-01T00:00:00GMT+01:00").
std::string WithoutGmt(std::string_view text) {
  std::string out(text);
  for (size_t at = out.find("GMT"); at != out.npos; at = out.find("GMT", at)) out.erase(at, 3);
  return out;
}

Result<std::optional<TimePattern>> PatternOf(const std::string& pattern, bool local) {
  if (pattern.empty()) return std::optional<TimePattern>();
  THALWEG_ASSIGN_OR_RETURN(TimePattern compiled,
                           TimePattern::Compile(pattern, TimePattern::Use::kParsing, local));
  return std::optional<TimePattern>(std::move(compiled));
}

}  // namespace

Result<std::unique_ptr<CsvValues>> CsvValues::Make(const CsvOptions& options,
                                                   const std::string& session_zone) {
  const std::string& name = options.zone.empty() ? session_zone : options.zone;
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* zone, TimeZone::Find(name));
  std::unique_ptr<CsvValues> values(new CsvValues(options, *zone));
  THALWEG_ASSIGN_OR_RETURN(values->date_, PatternOf(options.date_format, false));
  THALWEG_ASSIGN_OR_RETURN(values->timestamp_, PatternOf(options.timestamp_format, false));
  THALWEG_ASSIGN_OR_RETURN(values->timestamp_ntz_, PatternOf(options.timestamp_ntz_format, true));
  return values;
}

Outcome CsvValues::Store(std::string_view text, Vector* vector, int row) {
  const DataType& type = *vector->type();
  int32_t days = 0;
  int64_t number = 0;
  switch (type.kind()) {
    case TypeKind::kBoolean: {
      const bool truth = EqualsIgnoringCase(text, "true");
      if (!truth && !EqualsIgnoringCase(text, "false")) return Outcome::kMalformed;
      return Stored<uint8_t>(Outcome::kOk, truth, vector, row);
    }
    case TypeKind::kTinyint:
      return StoreInteger<int8_t>(text, vector, row);
    case TypeKind::kSmallint:
      return StoreInteger<int16_t>(text, vector, row);
    case TypeKind::kInt:
      return StoreInteger<int32_t>(text, vector, row);
    case TypeKind::kBigint:
      return StoreInteger<int64_t>(text, vector, row);
    case TypeKind::kFloat:
      return Whether(ReadFloat(text, &vector->mutable_values<float>()[row]));
    case TypeKind::kDouble:
      return Whether(ReadDouble(text, &vector->mutable_values<double>()[row]));
    case TypeKind::kDecimal:
      return StoreDecimal(text, vector, row);
    case TypeKind::kDate: {
      const Outcome outcome = ReadDate(text, &days);
      return Stored(outcome, days, vector, row);
    }
    case TypeKind::kTimestamp: {
      const Outcome outcome = ReadTimestamp(text, &number);
      return Stored(outcome, number, vector, row);
    }
    case TypeKind::kTimestampNtz: {
      const Outcome outcome = ReadTimestampNtz(text, &number);
      return Stored(outcome, number, vector, row);
    }
    case TypeKind::kTime:
      return Whether(ParseTime(text, &vector->mutable_values<int64_t>()[row]));
    case TypeKind::kYearMonthInterval:
      return Whether(ParseYearMonthInterval(text, type, &vector->mutable_values<int32_t>()[row]));
    case TypeKind::kDayTimeInterval:
      return Whether(ParseDayTimeInterval(text, type, &vector->mutable_values<int64_t>()[row]));
    default:
      vector->SetString(row, text);
      return Outcome::kOk;
  }
}

bool CsvValues::ReadDouble(std::string_view text, double* out) const {
  if (text == options_.nan) {
    *out = std::numeric_limits<double>::quiet_NaN();
  } else if (text == options_.positive_infinity) {
    *out = std::numeric_limits<double>::infinity();
  } else if (text == options_.negative_infinity) {
    *out = -std::numeric_limits<double>::infinity();
  } else {
    return IsJavaNumber(text) && ParseDouble(text, out);
  }
  return true;
}

bool CsvValues::ReadFloat(std::string_view text, float* out) const {
  if (text == options_.nan) {
    *out = std::numeric_limits<float>::quiet_NaN();
  } else if (text == options_.positive_infinity) {
    *out = std::numeric_limits<float>::infinity();
  } else if (text == options_.negative_infinity) {
    *out = -std::numeric_limits<float>::infinity();
  } else {
    return IsJavaNumber(text) && ParseFloat(text, out);
  }
  return true;
}

Outcome CsvValues::ReadDate(std::string_view text, int32_t* days) const {
  if (date_.has_value()) {
    ParsedTime parsed;
    const Outcome outcome = OutcomeOf(date_->Parse(text, &parsed));
    if (outcome == Outcome::kOk) *days = static_cast<int32_t>(DayOfMicros(parsed.local_us));
    return outcome;
  }
  if (ParseDate(text, days)) return Outcome::kOk;
  return Whether(text.find("GMT") != text.npos && ParseDate(WithoutGmt(text), days));
}

Outcome CsvValues::ReadTimestamp(std::string_view text, int64_t* us) {
  if (timestamp_.has_value()) {
    ParsedTime parsed;
    const Outcome outcome = OutcomeOf(timestamp_->Parse(text, &parsed));
    if (outcome == Outcome::kOk) *us = parsed.Instant(zone_);
    return outcome;
  }
  if (ParseTimestamp(text, zone_, us)) return Outcome::kOk;
  if (text.find("GMT") != text.npos && ParseTimestamp(WithoutGmt(text), zone_, us)) {
    return Outcome::kOk;
  }
  TimestampText parts;
  const bool today = ParseTimestampText(text, &parts) && parts.just_time;
  return today ? Outcome::kNotBuilt : Outcome::kMalformed;
}

Outcome CsvValues::ReadTimestampNtz(std::string_view text, int64_t* us) const {
  if (!timestamp_ntz_.has_value()) return Whether(ParseTimestampNtz(text, false, us));
  ParsedTime parsed;
  const Outcome outcome = OutcomeOf(timestamp_ntz_->Parse(text, &parsed));
  if (outcome == Outcome::kOk) *us = parsed.local_us;
  return outcome;
}

// Strictly [-]yyyy-MM-dd: what else CAST reads as a date becomes a TIMESTAMP.
bool CsvValues::IsDate(std::string_view text) const {
  int32_t days = 0;
  if (date_.has_value()) return ReadDate(text, &days) == Outcome::kOk;
  const std::string_view plain = text.starts_with('-') ? text.substr(1) : text;
  constexpr std::string_view kForm = "0000-00-00";
  if (plain.size() != kForm.size()) return false;
  for (size_t i = 0; i < kForm.size(); ++i) {
    const bool digit = plain[i] >= '0' && plain[i] <= '9';
    if (kForm[i] == '0' ? !digit : plain[i] != kForm[i]) return false;
  }
  return ParseDate(text, &days);
}

Outcome CsvValues::IsTimestamp(std::string_view text) {
  int64_t us = 0;
  return ReadTimestamp(text, &us);
}

bool CsvValues::IsDouble(std::string_view text) const {
  double value = 0;
  return ReadDouble(text, &value);
}

}  // namespace thalweg
