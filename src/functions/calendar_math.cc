#include "functions/calendar_math.h"

#include <algorithm>
#include <limits>

#include "data/calendar.h"

namespace thalweg {
namespace {

/// The same day `months` later, or the last one of that month.
int64_t ShiftMonths(int64_t days, int64_t months) {
  const CivilDate date = CivilFromDays(days);
  const int64_t count = int64_t{date.year} * 12 + date.month - 1 + months;
  const int64_t year = FloorDiv(count, 12);
  const int month = static_cast<int>(FloorMod(count, 12)) + 1;
  return DaysFromCivil(year, month, std::min(date.day, DaysInMonth(year, month)));
}

bool Narrow(int64_t days, int32_t* out) {
  *out = static_cast<int32_t>(days);
  return *out == days;
}

/// The instant of a wall clock time; of two, the one whose offset `before` has.
int64_t Resolve(int64_t local_us, int64_t before_us, ZoneCursor& cursor) {
  const int64_t offset_us = AddMicros(cursor.ToLocal(before_us), -before_us);
  const int64_t same_offset = AddMicros(local_us, -offset_us);
  return cursor.ToLocal(same_offset) == local_us ? same_offset : cursor.ToInstant(local_us);
}

/// A wall clock time of day `days`.
bool OnDay(int64_t days, int64_t time_us, int64_t* local_us) {
  return !__builtin_mul_overflow(days, kMicrosPerDay, local_us) &&
         !__builtin_add_overflow(*local_us, time_us, local_us);
}

}  // namespace

bool AddMonthsToDate(int32_t days, int64_t months, int32_t* out) {
  return Narrow(ShiftMonths(days, months), out);
}

bool AddIntervalToDate(int32_t days, const CalendarInterval& interval, int32_t* out) {
  return Narrow(ShiftMonths(days, interval.months) + interval.days, out);
}

bool AddMonths(int64_t us, int64_t months, ZoneCursor& cursor, int64_t* out) {
  *out = us;
  if (months == 0) return true;
  const int64_t local = cursor.ToLocal(us);
  const int64_t day = DayOfMicros(local);
  int64_t moved = 0;
  if (!OnDay(ShiftMonths(day, months), local - day * kMicrosPerDay, &moved)) return false;
  *out = Resolve(moved, us, cursor);
  return true;
}

bool AddDays(int64_t us, int64_t days, ZoneCursor& cursor, int64_t* out) {
  *out = us;
  if (days == 0) return true;
  const int64_t local = cursor.ToLocal(us);
  const int64_t day = DayOfMicros(local);
  int64_t moved = 0;
  if (!OnDay(day + days, local - day * kMicrosPerDay, &moved)) return false;
  *out = Resolve(moved, us, cursor);
  return true;
}

bool AddDayTime(int64_t us, int64_t day_time_us, ZoneCursor& cursor, int64_t* out) {
  const int64_t days = day_time_us / kMicrosPerDay;
  return AddDays(us, days, cursor, out) &&
         !__builtin_add_overflow(*out, day_time_us - days * kMicrosPerDay, out);
}

bool AddInterval(int64_t us, const CalendarInterval& interval, ZoneCursor& cursor, int64_t* out) {
  return AddMonths(us, interval.months, cursor, out) && AddDays(*out, interval.days, cursor, out) &&
         !__builtin_add_overflow(*out, interval.us, out);
}

}  // namespace thalweg
