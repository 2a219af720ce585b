// Intervals as Spark prints them: the ANSI form "INTERVAL '1-2' YEAR TO MONTH" and the words of the
// calendar interval, "1 years 2 days 3.5 seconds" (IntervalUtils).
#include "data/calendar.h"
#include "data/text.h"

namespace thalweg {
namespace {

constexpr const char* kUnitNames[] = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};

void AppendUnits(const DataType& type, std::string* out) {
  *out += kUnitNames[static_cast<int>(type.first_unit())];
  if (type.first_unit() == type.last_unit()) return;
  *out += " TO ";
  *out += kUnitNames[static_cast<int>(type.last_unit())];
}

void AppendTwoDigits(uint64_t value, std::string* out) {
  if (value < 10) *out += '0';
  AppendInt64(static_cast<int64_t>(value), out);
}

// "3 days " where there is something to say.
void AppendCount(int64_t count, const char* unit, std::string* out) {
  if (count == 0) return;
  AppendInt64(count, out);
  *out += ' ';
  *out += unit;
  *out += ' ';
}

}  // namespace

void AppendYearMonthInterval(int32_t months, const DataType& type, std::string* out) {
  *out += "INTERVAL '";
  if (type.first_unit() == IntervalUnit::kMonth) {
    AppendInt64(months, out);
  } else {
    const int64_t absolute = months < 0 ? -int64_t{months} : months;
    if (months < 0) *out += '-';
    AppendInt64(absolute / 12, out);
    if (type.last_unit() == IntervalUnit::kMonth) {
      *out += '-';
      AppendInt64(absolute % 12, out);
    }
  }
  *out += "' ";
  AppendUnits(type, out);
}

void AppendDayTimeInterval(int64_t us, const DataType& type, std::string* out) {
  constexpr uint64_t kUnitMicros[] = {kMicrosPerDay, kMicrosPerHour, kMicrosPerMinute,
                                      kMicrosPerSecond};
  constexpr char kBefore[] = {0, ' ', ':', ':'};
  const int first = static_cast<int>(type.first_unit()) - static_cast<int>(IntervalUnit::kDay);
  const int last = static_cast<int>(type.last_unit()) - static_cast<int>(IntervalUnit::kDay);
  uint64_t rest = us < 0 ? -static_cast<uint64_t>(us) : static_cast<uint64_t>(us);
  *out += "INTERVAL '";
  if (us < 0) *out += '-';
  for (int unit = first; unit <= last; ++unit) {
    if (unit > first) *out += kBefore[unit];
    if (unit == 0) {
      AppendInt64(static_cast<int64_t>(rest / kUnitMicros[0]), out);
    } else {
      AppendTwoDigits(rest / kUnitMicros[unit], out);
    }
    rest %= kUnitMicros[unit];
    if (unit == 3) AppendFraction(static_cast<int64_t>(rest), 6, out);
  }
  *out += "' ";
  AppendUnits(type, out);
}

void AppendCalendarInterval(const CalendarInterval& interval, std::string* out) {
  const size_t begin = out->size();
  AppendCount(interval.months / 12, "years", out);
  AppendCount(interval.months % 12, "months", out);
  AppendCount(interval.days, "days", out);
  AppendCount(interval.us / kMicrosPerHour, "hours", out);
  AppendCount(interval.us % kMicrosPerHour / kMicrosPerMinute, "minutes", out);
  const int64_t rest = interval.us % kMicrosPerMinute;
  if (rest != 0) {
    if (rest < 0) *out += '-';
    const int64_t absolute = rest < 0 ? -rest : rest;
    AppendInt64(absolute / kMicrosPerSecond, out);
    AppendFraction(absolute % kMicrosPerSecond, 6, out);
    *out += " seconds ";
  }
  if (out->size() == begin) *out += "0 seconds ";
  out->pop_back();
}

}  // namespace thalweg
