// A time by the parts of its pattern, as java.time prints it.
#include <cstdlib>

#include "data/calendar.h"
#include "data/time_pattern_parts.h"
#include "data/zone_names.h"

namespace thalweg {
namespace {

using Kind = TimePatternPart::Kind;
using Sign = TimePatternPart::Sign;

/// The instant, taken apart.
struct PrintedTime {
  int64_t instant_us;
  int32_t offset_s;
  int64_t days;
  int64_t of_day_us;
  CivilDate date;
  const TimeZone* zone;

  int64_t Get(TimeField field) const;
};

int64_t PrintedTime::Get(TimeField field) const {
  const int64_t hour = of_day_us / kMicrosPerHour;
  switch (field) {
    case TimeField::kEra:
      return date.year > 0 ? 1 : 0;
    case TimeField::kYearOfEra:
      return date.year > 0 ? date.year : int64_t{1} - date.year;
    case TimeField::kYear:
      return date.year;
    case TimeField::kQuarter:
      return (date.month - 1) / 3 + 1;
    case TimeField::kMonth:
      return date.month;
    case TimeField::kDayOfYear:
      return days - DaysFromCivil(date.year, 1, 1) + 1;
    case TimeField::kDayOfMonth:
      return date.day;
    case TimeField::kDayInWeekOfMonth:
      return (date.day - 1) % 7 + 1;
    case TimeField::kWeekday:
      return DayOfWeek(days);
    case TimeField::kHalfDay:
      return hour / 12;
    case TimeField::kHour:
      return hour;
    case TimeField::kClockHour:
      return hour == 0 ? 24 : hour;
    case TimeField::kHalfHour:
      return hour % 12;
    case TimeField::kClockOfHalf:
      return hour % 12 == 0 ? 12 : hour % 12;
    case TimeField::kMinute:
      return of_day_us / kMicrosPerMinute % 60;
    case TimeField::kSecond:
      return of_day_us / kMicrosPerSecond % 60;
    case TimeField::kModifiedJulianDay:
      return days + 40587;
    default:
      return of_day_us % kMicrosPerSecond * 1000;
  }
}

void AppendPadded(int64_t value, int width, std::string* out) {
  const std::string digits = std::to_string(value);
  if (digits.size() < static_cast<size_t>(width)) out->append(width - digits.size(), '0');
  *out += digits;
}

void PrintNumber(const TimePatternPart& part, int64_t value, std::string* out) {
  if (value < 0) *out += '-';
  const int64_t absolute = std::abs(value);
  if (part.sign == Sign::kExceedsPad && value > 0 && part.width_min < 19) {
    int64_t bound = 1;
    for (int i = 0; i < part.width_min; ++i) bound *= 10;
    if (value >= bound) *out += '+';
  }
  AppendPadded(absolute, part.width_min, out);
}

void PrintFraction(int width, int64_t nanos, std::string* out) {
  std::string digits;
  AppendPadded(nanos, 9, &digits);
  out->append(digits, 0, width);
}

void PrintOffset(const TimePatternPart& part, int32_t offset_s, std::string* out) {
  const int32_t absolute = std::abs(offset_s);
  const int32_t hours = absolute / 3600, minutes = absolute / 60 % 60, seconds = absolute % 60;
  const char* colon = OffsetHasColon(part.style) ? ":" : "";
  std::string text(1, offset_s < 0 ? '-' : '+');
  AppendPadded(hours, 2, &text);
  int32_t shown = hours;
  if (part.style >= 3 || (part.style >= 1 && minutes > 0)) {
    text += colon;
    AppendPadded(minutes, 2, &text);
    shown += minutes;
    if (part.style >= 5 && seconds > 0) {
      text += colon;
      AppendPadded(seconds, 2, &text);
      shown += seconds;
    }
  }
  *out += shown == 0 ? part.literal : text;
}

void PrintLocalizedOffset(bool full, int32_t offset_s, std::string* out) {
  *out += "GMT";
  if (offset_s == 0) return;
  const int32_t absolute = std::abs(offset_s);
  const int32_t minutes = absolute / 60 % 60, seconds = absolute % 60;
  *out += offset_s < 0 ? '-' : '+';
  AppendPadded(absolute / 3600, full ? 2 : 1, out);
  if (!full && minutes == 0 && seconds == 0) return;
  *out += ':';
  AppendPadded(minutes, 2, out);
  if (seconds == 0) return;
  *out += ':';
  AppendPadded(seconds, 2, out);
}

Status PrintZoneName(const TimePatternPart& part, const PrintedTime& time, std::string* out) {
  const std::string_view name = ZoneName(*time.zone, time.instant_us, time.offset_s, part.full);
  const bool generic = part.kind == Kind::kGenericZoneName;
  if (name.empty() || (generic && (part.full || !time.zone->is_fixed()))) {
    return NotSupportedYet("the name of the time zone " + time.zone->id() +
                           " in a date pattern (the letter V prints its id, X its offset)");
  }
  *out += name;
  return Status::OK();
}

Status PrintPart(const TimePatternPart& part, const PrintedTime& time, std::string* out) {
  switch (part.kind) {
    case Kind::kLiteral:
      *out += part.literal;
      return Status::OK();
    case Kind::kNumber:
      PrintNumber(part, time.Get(part.field), out);
      return Status::OK();
    case Kind::kTwoDigitYear:
      AppendPadded(std::abs(time.Get(part.field)) % 100, 2, out);
      return Status::OK();
    case Kind::kFraction:
      PrintFraction(part.width_max, time.Get(part.field), out);
      return Status::OK();
    case Kind::kText: {
      const int64_t first = TimeFieldFirst(part.field);
      *out += TimeFieldNames(part.field, part.full)[time.Get(part.field) - first];
      return Status::OK();
    }
    case Kind::kOffset:
      PrintOffset(part, time.offset_s, out);
      return Status::OK();
    case Kind::kLocalizedOffset:
      PrintLocalizedOffset(part.full, time.offset_s, out);
      return Status::OK();
    case Kind::kZoneId:
      *out += time.zone->id();
      return Status::OK();
    case Kind::kZoneName:
    case Kind::kGenericZoneName:
      return PrintZoneName(part, time, out);
    default:
      return Status::OK();  // an optional section: a time has all fields
  }
}

}  // namespace

Status TimePattern::Print(int64_t instant_us, ZoneCursor& cursor, std::string* out) const {
  const int64_t local_us = cursor.ToLocal(instant_us);
  PrintedTime time;
  time.instant_us = instant_us;
  time.offset_s = cursor.OffsetSeconds(instant_us);
  time.days = DayOfMicros(local_us);
  time.of_day_us = FloorMod(local_us, kMicrosPerDay);
  time.date = CivilFromDays(time.days);
  time.zone = &cursor.zone();
  for (const TimePatternPart& part : parts_) {
    THALWEG_RETURN_NOT_OK(PrintPart(part, time, out));
  }
  return Status::OK();
}

const char* const* TimeFieldNames(TimeField field, bool full) {
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",  "Jul",
                                            "Aug", "Sep", "Oct", "Nov", "Dec", nullptr};
  static constexpr const char* kFullMonths[] = {
      "January", "February",  "March",   "April",    "May",      "June", "July",
      "August",  "September", "October", "November", "December", nullptr};
  static constexpr const char* kDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", nullptr};
  static constexpr const char* kFullDays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                              "Friday", "Saturday", "Sunday",    nullptr};
  static constexpr const char* kQuarters[] = {"Q1", "Q2", "Q3", "Q4", nullptr};
  static constexpr const char* kFullQuarters[] = {"1st quarter", "2nd quarter", "3rd quarter",
                                                  "4th quarter", nullptr};
  static constexpr const char* kEras[] = {"BC", "AD", nullptr};
  static constexpr const char* kFullEras[] = {"Before Christ", "Anno Domini", nullptr};
  static constexpr const char* kHalves[] = {"AM", "PM", nullptr};
  switch (field) {
    case TimeField::kMonth:
      return full ? kFullMonths : kMonths;
    case TimeField::kWeekday:
      return full ? kFullDays : kDays;
    case TimeField::kQuarter:
      return full ? kFullQuarters : kQuarters;
    case TimeField::kEra:
      return full ? kFullEras : kEras;
    default:
      return kHalves;
  }
}

int64_t TimeFieldFirst(TimeField field) {
  return field == TimeField::kEra || field == TimeField::kHalfDay ? 0 : 1;
}

}  // namespace thalweg
