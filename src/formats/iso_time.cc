#include "formats/iso_time.h"

#include <cstdlib>

#include "data/calendar.h"
#include "data/text.h"

namespace thalweg {
namespace {

void AppendPadded(int64_t value, int digits, std::string* out) {
  const std::string text = std::to_string(value);
  out->append(static_cast<size_t>(digits) - text.size(), '0');
  *out += text;
}

}  // namespace

void AppendIsoTimestampNtz(int64_t us, std::string* out) {
  AppendDate(static_cast<int32_t>(DayOfMicros(us)), out);
  const int64_t of_day = FloorMod(us, kMicrosPerDay);
  *out += 'T';
  AppendPadded(of_day / kMicrosPerHour, 2, out);
  *out += ':';
  AppendPadded(of_day / kMicrosPerMinute % 60, 2, out);
  *out += ':';
  AppendPadded(of_day / kMicrosPerSecond % 60, 2, out);
  *out += '.';
  AppendPadded(of_day / kMicrosPerMilli % 1000, 3, out);
}

void AppendIsoTimestamp(int64_t us, ZoneCursor& zone, std::string* out) {
  AppendIsoTimestampNtz(zone.ToLocal(us), out);
  const int32_t offset_minutes = zone.OffsetSeconds(us) / 60;
  if (offset_minutes == 0) {
    *out += 'Z';
    return;
  }
  *out += offset_minutes < 0 ? '-' : '+';
  AppendPadded(std::abs(offset_minutes) / 60, 2, out);
  *out += ':';
  AppendPadded(std::abs(offset_minutes) % 60, 2, out);
}

}  // namespace thalweg
