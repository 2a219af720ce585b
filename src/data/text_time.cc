// Dates, times and timestamps as Spark's formatters print them: years beyond 9999 carry a sign.
#include "data/calendar.h"
#include "data/text.h"
#include "data/time_zone.h"

namespace thalweg {
namespace {

void AppendPadded(int64_t value, int width, std::string* out) {
  char buffer[20];
  char* const end = buffer + sizeof(buffer);
  char* begin = end;
  for (; value != 0 || end - begin < width; value /= 10) {
    *--begin = static_cast<char>('0' + value % 10);
  }
  out->append(begin, end);
}

void AppendClock(int64_t seconds, std::string* out) {
  AppendPadded(seconds / 3600, 2, out);
  *out += ':';
  AppendPadded(seconds / 60 % 60, 2, out);
  *out += ':';
  AppendPadded(seconds % 60, 2, out);
}

}  // namespace

void AppendFraction(int64_t value, int digits, std::string* out) {
  if (value == 0) return;
  *out += '.';
  AppendPadded(value, digits, out);
  while (out->back() == '0') out->pop_back();
}

void AppendDate(int32_t days, std::string* out) {
  const CivilDate date = CivilFromDays(days);
  if (date.year < 0) *out += '-';
  if (date.year > 9999) *out += '+';
  AppendPadded(date.year < 0 ? -int64_t{date.year} : date.year, 4, out);
  *out += '-';
  AppendPadded(date.month, 2, out);
  *out += '-';
  AppendPadded(date.day, 2, out);
}

void AppendTimestampNtz(int64_t us, std::string* out) {
  const int64_t day = DayOfMicros(us);
  const int64_t in_day = FloorMod(us, kMicrosPerDay);
  AppendDate(static_cast<int32_t>(day), out);
  *out += ' ';
  AppendClock(in_day / kMicrosPerSecond, out);
  AppendFraction(in_day % kMicrosPerSecond, 6, out);
}

void AppendTimestamp(int64_t us, const TimeZone& zone, std::string* out) {
  AppendTimestampNtz(zone.ToLocal(us), out);
}

void AppendTime(int64_t ns, std::string* out) {
  AppendClock(ns / 1'000'000'000, out);
  AppendFraction(ns % 1'000'000'000, 9, out);
}

void AppendIsoMillisUtc(int64_t us, std::string* out) {
  const int64_t day = DayOfMicros(us);
  const int64_t in_day = FloorMod(us, kMicrosPerDay);
  AppendDate(static_cast<int32_t>(day), out);
  *out += 'T';
  AppendClock(in_day / kMicrosPerSecond, out);
  *out += '.';
  AppendPadded(in_day % kMicrosPerSecond / kMicrosPerMilli, 3, out);
  *out += 'Z';
}

}  // namespace thalweg
