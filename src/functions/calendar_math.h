// Adding months, days and microseconds to dates and timestamps, as java.time does: a day that the
// month has not becomes its last one; in a zone, months and days move the wall clock, and in an
// overlap the offset stays what it was. False: the result does not fit its type. Pure.
#pragma once

#include <cstdint>

#include "data/string_view.h"
#include "data/time_zone.h"

namespace thalweg {

bool AddMonthsToDate(int32_t days, int64_t months, int32_t* out);
bool AddIntervalToDate(int32_t days, const CalendarInterval& interval, int32_t* out);

/// A wall clock that timestamps are moved on: of the cursor's zone.
bool AddMonths(int64_t us, int64_t months, ZoneCursor& cursor, int64_t* out);
bool AddDays(int64_t us, int64_t days, ZoneCursor& cursor, int64_t* out);
/// Whole days on the wall clock, the rest on the time line.
bool AddDayTime(int64_t us, int64_t day_time_us, ZoneCursor& cursor, int64_t* out);
bool AddInterval(int64_t us, const CalendarInterval& interval, ZoneCursor& cursor, int64_t* out);

}  // namespace thalweg
