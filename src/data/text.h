// Text <-> value: how values of every type print and parse, as Spark's CAST does it. Formatting
// appends to a std::string; parsing returns false for text that is not a value of the type (the
// caller decides between NULL and CAST_INVALID_INPUT). The zone is a parameter, never process state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "data/value.h"

namespace thalweg {

class TimeZone;  // data/time_zone.h

/// CAST(value AS STRING): "2024-01-01 00:00:05", "1.0E10" (as Java), "[1, 2]", "{a -> 1}", …
void AppendValueText(const Value& value, const TimeZone& zone, std::string* out);

void AppendInt64(int64_t value, std::string* out);
void AppendDouble(double value, std::string* out);  // Double.toString
void AppendFloat(float value, std::string* out);    // Float.toString
void AppendDecimal(int128_t unscaled, int scale, std::string* out);
void AppendDate(int32_t days, std::string* out);                        // 2024-01-01
void AppendTimestampNtz(int64_t us, std::string* out);                  // 2024-01-01 00:00:05.123
void AppendTimestamp(int64_t us, const TimeZone& zone, std::string* out);
/// 2024-01-01T00:00:05.123Z: watermarks and progress.
void AppendIsoMillisUtc(int64_t us, std::string* out);

}  // namespace thalweg
