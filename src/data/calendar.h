// The proleptic Gregorian calendar: days since 1970-01-01 <-> year, month, day, and splitting of
// instants, exact for every int32 day. Pure, inline: kernels are written over it.
#pragma once

#include <cstdint>

namespace thalweg {

inline constexpr int64_t kMicrosPerMilli = 1000;
inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
inline constexpr int64_t kMicrosPerHour = 60 * kMicrosPerMinute;
inline constexpr int64_t kMicrosPerDay = 24 * kMicrosPerHour;
inline constexpr int64_t kSecondsPerDay = 86400;

struct CivilDate {
  int32_t year;
  int32_t month;  // 1 … 12
  int32_t day;    // 1 … 31
};

/// Division that rounds down; `b` > 0.
inline constexpr int64_t FloorDiv(int64_t a, int64_t b) {
  return a / b - (a % b < 0);
}
inline constexpr int64_t FloorMod(int64_t a, int64_t b) {
  return a % b + (a % b < 0 ? b : 0);
}

inline constexpr bool IsLeapYear(int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

inline constexpr int DaysInMonth(int64_t year, int month) {
  if (month == 2) return IsLeapYear(year) ? 29 : 28;
  return 30 + ((month + (month >> 3)) & 1);
}

/// Days since 1970-01-01 of a valid date (Hinnant, "chrono-compatible low-level date algorithms").
inline constexpr int64_t DaysFromCivil(int64_t year, int month, int day) {
  year -= month <= 2;
  const int64_t era = FloorDiv(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

inline constexpr CivilDate CivilFromDays(int64_t days) {
  days += 719468;
  const int64_t era = FloorDiv(days, 146097);
  const uint32_t day_of_era = static_cast<uint32_t>(days - era * 146097);
  const uint32_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const uint32_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const uint32_t shifted_month = (5 * day_of_year + 2) / 153;
  const int32_t month =
      static_cast<int32_t>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  return {static_cast<int32_t>(year_of_era + era * 400) + (month <= 2), month,
          static_cast<int32_t>(day_of_year - (153 * shifted_month + 2) / 5 + 1)};
}

/// Monday = 1 … Sunday = 7 (ISO).
inline constexpr int DayOfWeek(int64_t days) {
  return static_cast<int>(FloorMod(days + 3, 7)) + 1;
}

inline constexpr int64_t DayOfMicros(int64_t us) {
  return FloorDiv(us, kMicrosPerDay);
}

}  // namespace thalweg
