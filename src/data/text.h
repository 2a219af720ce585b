// Text <-> value: how values of every type print and parse, as Spark's CAST does it. Formatting
// appends to a std::string; parsing returns false for text that is not a value of the type (the
// caller decides between NULL and CAST_INVALID_INPUT). The zone is a parameter, never process
// state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "data/value.h"

namespace thalweg {

class TimeZone;  // data/time_zone.h

/// CAST(value AS STRING): "2024-01-01 00:00:05", "1.0E10" (as Java), "[1, 2]", "{a -> 1}", …;
/// "NULL".
void AppendValueText(const Value& value, const TimeZone& zone, std::string* out);

void AppendInt64(int64_t value, std::string* out);
void AppendInt128(int128_t value, std::string* out);
void AppendDouble(double value, std::string* out);  // Double.toString
void AppendFloat(float value, std::string* out);    // Float.toString
/// Without exponent: BigDecimal.toPlainString, what CAST prints under ANSI.
void AppendDecimal(int128_t unscaled, int scale, std::string* out);
/// BigDecimal.toString: "1E-7" below 1E-6; what CAST prints without ANSI.
void AppendDecimalScientific(int128_t unscaled, int scale, std::string* out);

void AppendDate(int32_t days, std::string* out);        // 2024-01-01
void AppendTimestampNtz(int64_t us, std::string* out);  // 2024-01-01 00:00:05.123
void AppendTimestamp(int64_t us, const TimeZone& zone, std::string* out);
void AppendTime(int64_t ns, std::string* out);  // 00:00:05.123
/// 2024-01-01T00:00:05.123Z: watermarks and progress.
void AppendIsoMillisUtc(int64_t us, std::string* out);
/// ".123" of 123000 and 6 digits; nothing for 0.
void AppendFraction(int64_t value, int digits, std::string* out);

/// INTERVAL '1-2' YEAR TO MONTH and the like, by the units of `type`.
void AppendYearMonthInterval(int32_t months, const DataType& type, std::string* out);
void AppendDayTimeInterval(int64_t us, const DataType& type, std::string* out);
/// 1 years 2 months 3 days 4 hours 5 minutes 6.7 seconds
void AppendCalendarInterval(const CalendarInterval& interval, std::string* out);

}  // namespace thalweg
