// What a TimePattern is compiled to: one list of parts, an optional section as a part that says
// where it ends. Inner to data/time_pattern*.cc.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "data/time_pattern.h"

namespace thalweg {

/// Fields of java.time.temporal.ChronoField that patterns name.
enum class TimeField : uint8_t {
  kEra,
  kYearOfEra,
  kYear,
  kQuarter,
  kMonth,
  kDayOfYear,
  kDayOfMonth,
  kDayInWeekOfMonth,
  kWeekday,
  kHalfDay,
  kHour,         // 0-23
  kClockHour,    // 1-24
  kHalfHour,     // 0-11
  kClockOfHalf,  // 1-12
  kMinute,
  kSecond,
  kNano,
  kModifiedJulianDay,
  kCount,
};
inline constexpr int kTimeFields = static_cast<int>(TimeField::kCount);

struct TimePatternPart {
  enum class Kind : uint8_t {
    kLiteral,
    kNumber,
    kTwoDigitYear,
    kFraction,
    kText,
    kOffset,           // style: number of the form below; literal: what stands for zero
    kLocalizedOffset,  // GMT+1
    kZoneId,
    kZoneName,
    kGenericZoneName,
    kOptional,  // the parts up to `end`
  };
  enum class Sign : uint8_t { kNormal, kNotNegative, kExceedsPad };

  Kind kind = Kind::kLiteral;
  TimeField field = TimeField::kYear;
  Sign sign = Sign::kNormal;
  bool full = false;  // texts in full
  int style = 0;
  int width_min = 1;
  int width_max = 19;
  int following_width = 0;  // digits that belong to the numbers right behind
  size_t end = 0;
  std::string literal = {};
};

/// Forms of an offset: 0 +HH, 1 +HHmm, 2 +HH:mm, 3 +HHMM, 4 +HH:MM, 5 +HHMMss, 6 +HH:MM:ss (small
/// letters: only if not zero).
inline bool OffsetHasColon(int style) {
  return style > 0 && style % 2 == 0;
}

/// Names of a field's values, in order; nullptr at the end.
const char* const* TimeFieldNames(TimeField field, bool full);
/// The value of the first of them.
int64_t TimeFieldFirst(TimeField field);

/// What a text said, field by field.
struct TimeFields {
  uint32_t present = 0;
  std::array<int64_t, kTimeFields> values{};
  const TimeZone* zone = nullptr;
  bool has_offset = false;
  int32_t offset_s = 0;

  bool Has(TimeField field) const { return present >> static_cast<int>(field) & 1; }
  int64_t Get(TimeField field) const { return values[static_cast<int>(field)]; }
  int64_t GetOr(TimeField field, int64_t missing) const {
    return Has(field) ? Get(field) : missing;
  }
  void Remove(TimeField field) { present &= ~(1u << static_cast<int>(field)); }
  /// False if another value is there already.
  bool Set(TimeField field, int64_t value) {
    if (Has(field)) return Get(field) == value;
    present |= 1u << static_cast<int>(field);
    values[static_cast<int>(field)] = value;
    return true;
  }
};

/// The day and time that the fields name, as java.time resolves them strictly.
TimePattern::Outcome ResolveTimeFields(TimeFields fields, ParsedTime* out);

}  // namespace thalweg
