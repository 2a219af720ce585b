// TimeZone: a named time zone or a fixed offset, as java.time.ZoneId resolves names and as
// java.time resolves gaps and overlaps. Zones are read from the operating system's database one by
// one on first use, are immutable and live as long as the process. Thread-safe. ZoneCursor
// remembers the last range of equal offset, so that a batch of timestamps needs about one lookup;
// one cursor per thread or call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"
#include "data/calendar.h"
#include "data/zone_rules.h"

namespace thalweg {

/// Wraps at the ends of time.
inline int64_t AddMicros(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

class TimeZone {
 public:
  static const TimeZone& Utc();
  /// "Europe/Berlin", "UTC", "Z", "+01:00", "-8", "GMT+1", "UTC+01:00", Java's short ids ("PST").
  /// Errors: INVALID_TIMEZONE.
  static Result<const TimeZone*> Find(std::string_view name);

  /// The id that java.time gives the zone: "Europe/Berlin", "+01:00", "GMT+01:00", "Z".
  const std::string& id() const { return id_; }
  bool is_fixed() const { return is_fixed_; }
  const ZoneRules& rules() const { return rules_; }

  int32_t OffsetSeconds(int64_t instant_us) const {
    return rules_.AtInstant(FloorDiv(instant_us, kMicrosPerSecond)).offset_s;
  }
  int64_t ToLocal(int64_t instant_us) const {
    return AddMicros(instant_us, OffsetSeconds(instant_us) * kMicrosPerSecond);
  }
  /// A wall clock time in a gap moves forward by the length of the gap; in an overlap the earlier
  /// instant is meant.
  int64_t ToInstant(int64_t local_us) const;

 private:
  TimeZone(std::string id, ZoneRules rules, bool is_fixed)
      : id_(std::move(id)), rules_(std::move(rules)), is_fixed_(is_fixed) {}
  friend class ZoneTable;

  const std::string id_;
  const ZoneRules rules_;
  const bool is_fixed_;
};

class ZoneCursor {
 public:
  explicit ZoneCursor(const TimeZone& zone) : zone_(&zone) {}

  int64_t ToLocal(int64_t instant_us) {
    if (instant_us < instants_.from_us || instant_us >= instants_.until_us) {
      SeekInstant(instant_us);
    }
    return AddMicros(instant_us, instants_.offset_us);
  }
  int64_t ToInstant(int64_t local_us) {
    if (local_us < locals_.from_us || local_us >= locals_.until_us) SeekLocal(local_us);
    return AddMicros(local_us, -locals_.offset_us);
  }
  int32_t OffsetSeconds(int64_t instant_us) {
    (void)ToLocal(instant_us);
    return static_cast<int32_t>(instants_.offset_us / kMicrosPerSecond);
  }
  const TimeZone& zone() const { return *zone_; }

 private:
  struct Range {
    int64_t from_us = 0;
    int64_t until_us = 0;  // empty: nothing looked up yet
    int64_t offset_us = 0;
  };
  static Range InMicros(const OffsetRange& range);
  void SeekInstant(int64_t instant_us);
  void SeekLocal(int64_t local_us);

  const TimeZone* zone_;
  Range instants_;
  Range locals_;
};

}  // namespace thalweg
