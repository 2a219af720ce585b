// Text -> value, as Spark's CAST reads it: blanks and control characters around the text do not
// count; false means "not a value of the type" (the caller decides between NULL and
// CAST_INVALID_INPUT). The zone is a parameter, never process state. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "data/string_view.h"
#include "data/time_zone.h"
#include "data/value.h"

namespace thalweg {

/// Without the ASCII blanks and control characters at both ends (UTF8String.trimAll).
std::string_view TrimText(std::string_view text);

/// t, true, y, yes, 1 and f, false, n, no, 0, in any case.
bool ParseBoolean(std::string_view text, bool* out);
/// [+-]digits; with `allow_fraction` (casts without ANSI) also ".digits", which is cut off. False
/// for what does not fit 64 bits; the caller narrows.
bool ParseInt64(std::string_view text, bool allow_fraction, int64_t* out);
/// Double.parseDouble and "inf", "infinity", "nan" in any case. Too large becomes infinite.
bool ParseDouble(std::string_view text, double* out);
bool ParseFloat(std::string_view text, float* out);

enum class DecimalText : uint8_t { kOk, kMalformed, kOverflow };
/// new BigDecimal(text), rounded half up to `scale`; kOverflow beyond `precision` digits.
DecimalText ParseDecimal(std::string_view text, int precision, int scale, int128_t* out);

/// [+-]y…y[-[m]m[-[d]d[( |T)anything]]], 4 to 7 digits of year.
bool ParseDate(std::string_view text, int32_t* days);

/// What stands in a text of a timestamp: fields and, if it has one, its zone.
struct TimestampText {
  bool just_time = false;  // no date: "10:15" or "T10:15"
  int64_t date_days = 0;   // 1970-01-01 if just_time
  int64_t time_us = 0;     // of the day
  const TimeZone* zone = nullptr;
};
/// y…y[-m[-d[( |T)[h:m[:s[.fraction]][zone]]]]] and [T]h:m[:s[.fraction]][zone].
bool ParseTimestampText(std::string_view text, TimestampText* out);
/// An instant; a text without zone is wall clock time in `cursor`'s. False for a time without date,
/// which CAST completes with the current day: see ParseTimestampText.
bool ParseTimestamp(std::string_view text, ZoneCursor& cursor, int64_t* us);
/// Wall clock time; a zone in the text is ignored if `allow_zone`, else refused.
bool ParseTimestampNtz(std::string_view text, bool allow_zone, int64_t* us);
/// [h]h:[m]m[:[s]s[.fraction]] [AM|PM]: nanoseconds of the day.
bool ParseTime(std::string_view text, int64_t* ns);

/// "1 day 2 hours", "interval -1.5 seconds": IntervalUtils.stringToInterval.
bool ParseCalendarInterval(std::string_view text, CalendarInterval* out);
/// "1-2", "INTERVAL '1-2' YEAR TO MONTH": by the units of `type`.
bool ParseYearMonthInterval(std::string_view text, const DataType& type, int32_t* months);
/// "1 02:03:04.5", "INTERVAL '1 02:03:04.5' DAY TO SECOND".
bool ParseDayTimeInterval(std::string_view text, const DataType& type, int64_t* us);

/// Any type, also what AppendValueText prints of nested ones ("[1, null]", "{a -> 1}"), where a
/// text may stand in single quotes. For tests, partition columns and cold paths.
bool ParseValueText(std::string_view text, const TypePtr& type, ZoneCursor& cursor, Value* out);

}  // namespace thalweg
