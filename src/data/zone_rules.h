// ZoneRules: the offsets of one time zone, read from a compiled zone file (TZif, RFC 8536): a table
// of transitions and, behind it, the yearly rule of the file's last line. Immutable, thread-safe.
//
//   offsets     o0      o1      o2   …  on     then the yearly rule, if there is one
//   transitions     t0      t1   …  tn-1       (seconds since 1970, UTC)
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace thalweg {

/// Where one offset holds: [from_s, until_s).
struct OffsetRange {
  int64_t from_s = INT64_MIN;
  int64_t until_s = INT64_MAX;
  int32_t offset_s = 0;
};

/// A day of a POSIX rule: "M10.5.0/3" (month, week, weekday), "J60" or "59".
struct ZoneRuleDay {
  enum class Form { kMonthWeekDay, kJulianNoLeap, kDayOfYear } form = Form::kMonthWeekDay;
  int month = 1;
  int week = 1;
  int day = 0;  // weekday, Sunday = 0; or the day of the year
  int32_t time_s = 7200;
  /// Seconds since 1970, by the wall clock before the change.
  int64_t LocalSeconds(int64_t year) const;
};

class ZoneRules {
 public:
  static ZoneRules Fixed(int32_t offset_s);
  /// False if `bytes` is not a well-formed zone file.
  static bool Parse(std::string_view bytes, ZoneRules* out);

  /// The offset at an instant and how far around it holds.
  OffsetRange AtInstant(int64_t instant_s) const;
  /// The offset that turns a wall clock time into an instant, and the range of wall clock times
  /// for which it does, as java.time resolves them: in a gap and in an overlap the offset before
  /// the transition.
  OffsetRange AtLocal(int64_t local_s) const;

 private:
  struct Transition {
    int64_t at_s;
    int32_t before_s;
    int32_t after_s;
    int64_t LocalThreshold() const { return at_s + (before_s > after_s ? before_s : after_s); }
  };

  bool ParseBody(std::string_view bytes, int time_bytes, size_t* end);
  bool ParseRule(std::string_view text);
  void TransitionsOfYear(int64_t year, Transition out[2]) const;
  template <class Position>
  OffsetRange Find(int64_t at, Position position) const;
  template <class Position>
  OffsetRange FindByRule(int64_t at, int64_t from, Position position) const;

  std::vector<Transition> transitions_;
  int32_t first_offset_s_ = 0;
  bool has_rule_ = false;
  int32_t standard_s_ = 0;
  int32_t summer_s_ = 0;
  ZoneRuleDay summer_begins_;
  ZoneRuleDay summer_ends_;
};

}  // namespace thalweg
