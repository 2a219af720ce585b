// Fields into a day and a time: java.time.format.Parsed with ResolverStyle.STRICT, then Spark's
// completion with 1970-01-01 00:00.
#include "data/calendar.h"
#include "data/time_pattern_parts.h"

namespace thalweg {
namespace {

using F = TimeField;

constexpr int64_t kYearsMax = 999'999'999;
constexpr int64_t kYearsBuilt = 290'000;  // microseconds of farther years may not fit

bool InRange(const TimeFields& fields, F field, int64_t from, int64_t to) {
  return !fields.Has(field) || (fields.Get(field) >= from && fields.Get(field) <= to);
}

// Fields that stand beside a known date say the same.
bool AgreesWithDate(const TimeFields& fields, int64_t days) {
  const CivilDate date = CivilFromDays(days);
  const int64_t day_of_year = days - DaysFromCivil(date.year, 1, 1) + 1;
  return fields.GetOr(F::kMonth, date.month) == date.month &&
         fields.GetOr(F::kDayOfMonth, date.day) == date.day &&
         fields.GetOr(F::kDayOfYear, day_of_year) == day_of_year;
}

bool ResolveEra(TimeFields* fields) {
  if (!fields->Has(F::kYearOfEra)) return true;
  if (!InRange(*fields, F::kYearOfEra, 1, kYearsMax)) return false;
  if (!fields->Has(F::kEra)) return true;  // says nothing about the year
  const int64_t year = fields->Get(F::kYearOfEra);
  return fields->Set(F::kYear, fields->Get(F::kEra) == 1 ? year : 1 - year);
}

// The date, with 1970-01-01 for what is not said.
bool ResolveDate(const TimeFields& fields, int64_t* days) {
  const int64_t year = fields.GetOr(F::kYear, 1970);
  const int64_t month = fields.GetOr(F::kMonth, 1);
  const int64_t day = fields.GetOr(F::kDayOfMonth, 1);
  const bool by_day_of_year =
      fields.Has(F::kDayOfYear) &&
      !(fields.Has(F::kYear) && fields.Has(F::kMonth) && fields.Has(F::kDayOfMonth));
  if (year < -kYearsMax || year > kYearsMax) return false;
  if (by_day_of_year) {
    const int64_t of_year = fields.Get(F::kDayOfYear);
    if (of_year < 1 || of_year > (IsLeapYear(year) ? 366 : 365)) return false;
    *days = DaysFromCivil(year, 1, 1) + of_year - 1;
  } else {
    if (month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, static_cast<int>(month))) {
      return false;
    }
    *days = DaysFromCivil(year, static_cast<int>(month), static_cast<int>(day));
  }
  return AgreesWithDate(fields, *days);
}

// Hours of a clock become hours of the day.
bool ResolveHours(TimeFields* fields) {
  if (!InRange(*fields, F::kClockHour, 1, 24) || !InRange(*fields, F::kClockOfHalf, 1, 12)) {
    return false;
  }
  if (fields->Has(F::kClockHour) && !fields->Set(F::kHour, fields->Get(F::kClockHour) % 24)) {
    return false;
  }
  if (fields->Has(F::kClockOfHalf) &&
      !fields->Set(F::kHalfHour, fields->Get(F::kClockOfHalf) % 12)) {
    return false;
  }
  if (!InRange(*fields, F::kHalfHour, 0, 11)) return false;
  if (!fields->Has(F::kHalfDay) || !fields->Has(F::kHalfHour)) return true;
  return fields->Set(F::kHour, fields->Get(F::kHalfDay) * 12 + fields->Get(F::kHalfHour));
}

bool ResolveTime(const TimeFields& fields, int64_t* of_day_us) {
  if (!InRange(fields, F::kHour, 0, 23) || !InRange(fields, F::kMinute, 0, 59) ||
      !InRange(fields, F::kSecond, 0, 59)) {
    return false;
  }
  int64_t hour = 0;
  if (fields.Has(F::kHour)) {
    hour = fields.Get(F::kHour);
    // Java makes no time of an hour and a second without minute, and compares nothing then.
    const bool has_second = fields.Has(F::kSecond), has_nano = fields.Has(F::kNano);
    const bool complete =
        fields.Has(F::kMinute) ? has_second || !has_nano : !has_second && !has_nano;
    if (complete && fields.GetOr(F::kHalfHour, hour % 12) != hour % 12) return false;
    if (complete && fields.GetOr(F::kHalfDay, hour / 12) != hour / 12) return false;
  } else if (fields.Has(F::kHalfHour)) {
    hour = fields.Get(F::kHalfHour);
  } else if (fields.GetOr(F::kHalfDay, 0) == 1) {
    hour = 12;
  }
  *of_day_us = hour * kMicrosPerHour + fields.GetOr(F::kMinute, 0) * kMicrosPerMinute +
               fields.GetOr(F::kSecond, 0) * kMicrosPerSecond + fields.GetOr(F::kNano, 0) / 1000;
  return true;
}

}  // namespace

TimePattern::Outcome ResolveTimeFields(TimeFields fields, ParsedTime* out) {
  constexpr int64_t kOffsetSecondsMax = 18 * 3600;
  int64_t days = 0, of_day_us = 0;
  if (!ResolveEra(&fields) || !ResolveHours(&fields) || !ResolveTime(fields, &of_day_us)) {
    return TimePattern::Outcome::kMalformed;
  }
  if (fields.Has(F::kModifiedJulianDay)) return TimePattern::Outcome::kNotBuilt;
  if (!ResolveDate(fields, &days)) return TimePattern::Outcome::kMalformed;
  if (fields.has_offset && std::abs(fields.offset_s) > kOffsetSecondsMax) {
    return TimePattern::Outcome::kMalformed;
  }
  if (std::abs(fields.GetOr(F::kYear, 1970)) > kYearsBuilt) return TimePattern::Outcome::kNotBuilt;
  out->local_us = days * kMicrosPerDay + of_day_us;
  out->zone = fields.zone;
  out->has_offset = fields.has_offset;
  out->offset_s = fields.offset_s;
  return TimePattern::Outcome::kOk;
}

}  // namespace thalweg
