// TimePattern: a pattern of dates and times in java.time.format.DateTimeFormatter's letters, within
// what Spark allows of them ("Datetime Patterns for Formatting and Parsing"), in US English. Made
// for printing or for parsing. Immutable, any thread.
//
//   y year   M L month   d day   D day of the year   E weekday   F weekday's number in the month
//   Q q quarter   G era   a half of the day   H 0-23   k 1-24   K 0-11   h 1-12   m s   S fraction
//   V id of the zone   z its name   O X x Z offset   '…' text   […] optional
//
// Parsing reads fields, resolves them strictly and completes what is missing with 1970-01-01 00:00.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "data/time_zone.h"

namespace thalweg {

struct TimePatternPart;  // data/time_pattern_parts.h

/// A wall clock time and, if the text had one, where it holds.
struct ParsedTime {
  int64_t local_us = 0;
  const TimeZone* zone = nullptr;  // goes before the offset
  bool has_offset = false;
  int32_t offset_s = 0;

  /// The instant; a text without zone and offset is wall clock time in `cursor`'s.
  int64_t Instant(ZoneCursor& cursor) const {
    if (zone != nullptr) return zone->ToInstant(local_us);
    if (has_offset) return AddMicros(local_us, -offset_s * kMicrosPerSecond);
    return cursor.ToInstant(local_us);
  }
};

class TimePattern {
 public:
  enum class Use : uint8_t { kPrinting, kParsing };
  /// `local`: of TIMESTAMP_NTZ, for which Spark asks its former formatter nothing. Errors:
  /// INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION (which Spark 2 understood)
  /// and .DATETIME_WEEK_BASED_PATTERN, INVALID_DATETIME_PATTERN.*.
  static Result<TimePattern> Compile(std::string_view pattern, Use use, bool local);

  TimePattern(TimePattern&&) noexcept;
  TimePattern& operator=(TimePattern&&) noexcept;
  ~TimePattern();

  /// Appends the time of `cursor`'s wall clock. Errors: not supported yet (names of rare zones).
  Status Print(int64_t instant_us, ZoneCursor& cursor, std::string* out) const;

  // What the pattern speaks of.
  bool NamesTimeOfDay() const;
  bool NamesZoneOrOffset() const;
  /// It may name zones, or days by the Julian calendar's number: Print and Parse may refuse.
  bool MayBeBeyondUs() const;

  /// kNotBuilt: Java may understand the text and we do not (names of zones, years past 290000).
  enum class Outcome : uint8_t { kOk, kMalformed, kNotBuilt };
  Outcome Parse(std::string_view text, ParsedTime* out) const;

 private:
  explicit TimePattern(std::vector<TimePatternPart> parts);
  std::vector<TimePatternPart> parts_;
};

/// CANNOT_PARSE_TIMESTAMP; `function`: the try_ function that gives NULL instead.
Status CannotParseTime(std::string_view text, std::string_view function);

}  // namespace thalweg
