#include "data/zone_rules.h"

#include <algorithm>
#include <cstring>

#include "data/calendar.h"

namespace thalweg {
namespace {

constexpr size_t kHeaderBytes = 44;

int64_t BigEndian(const char* p, int bytes) {
  uint64_t value = (static_cast<uint8_t>(*p) & 0x80) != 0 ? ~0ull : 0;
  for (int i = 0; i < bytes; ++i) value = value << 8 | static_cast<uint8_t>(p[i]);
  return static_cast<int64_t>(value);
}

/// The six counts of a TZif header.
struct Counts {
  int64_t utc_flags, standard_flags, leap_seconds, transitions, types, name_bytes;
  int64_t BodyBytes(int time_bytes) const {
    return transitions * (time_bytes + 1) + types * 6 + name_bytes +
           leap_seconds * (time_bytes + 4) + standard_flags + utc_flags;
  }
};

bool ReadHeader(std::string_view bytes, size_t at, Counts* counts) {
  if (bytes.size() < at + kHeaderBytes || bytes.substr(at, 4) != "TZif") return false;
  int64_t fields[6];
  for (int i = 0; i < 6; ++i) fields[i] = BigEndian(bytes.data() + at + 20 + 4 * i, 4);
  *counts = {fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]};
  return counts->types > 0 && *std::min_element(fields, fields + 6) >= 0;
}

/// Reads the text behind the tables: "CET-1CEST,M3.5.0,M10.5.0/3".
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(text) {}
  bool at_end() const { return at_ == text_.size(); }
  bool Accept(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool Name();
  bool Number(int* out);
  /// "[+-]h[h][h][:mm[:ss]]"
  bool Time(int32_t* out);
  bool Day(ZoneRuleDay* out);

 private:
  std::string_view text_;
  size_t at_ = 0;
};

bool RuleReader::Name() {
  const bool quoted = Accept('<');
  const size_t begin = at_;
  while (!at_end()) {
    const char c = text_[at_];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool sign_or_digit = (c >= '0' && c <= '9') || c == '+' || c == '-';
    if (!letter && !(quoted && sign_or_digit)) break;
    ++at_;
  }
  return at_ > begin && (!quoted || Accept('>'));
}

bool RuleReader::Number(int* out) {
  const size_t begin = at_;
  int value = 0;
  for (; !at_end() && text_[at_] >= '0' && text_[at_] <= '9' && at_ < begin + 4; ++at_) {
    value = 10 * value + (text_[at_] - '0');
  }
  *out = value;
  return at_ > begin;
}

bool RuleReader::Time(int32_t* out) {
  const bool negative = Accept('-');
  if (!negative) (void)Accept('+');
  int hours = 0, minutes = 0, seconds = 0;
  if (!Number(&hours)) return false;
  if (Accept(':') && !Number(&minutes)) return false;
  if (Accept(':') && !Number(&seconds)) return false;
  const int32_t value = hours * 3600 + minutes * 60 + seconds;
  *out = negative ? -value : value;
  return true;
}

bool RuleReader::Day(ZoneRuleDay* out) {
  if (Accept('M')) {
    out->form = ZoneRuleDay::Form::kMonthWeekDay;
    if (!Number(&out->month) || !Accept('.') || !Number(&out->week) || !Accept('.')) return false;
    if (!Number(&out->day) || out->month < 1 || out->month > 12) return false;
    if (out->week < 1 || out->week > 5 || out->day > 6) return false;
  } else {
    out->form = Accept('J') ? ZoneRuleDay::Form::kJulianNoLeap : ZoneRuleDay::Form::kDayOfYear;
    if (!Number(&out->day) || out->day > 365) return false;
  }
  out->time_s = 7200;
  return !Accept('/') || Time(&out->time_s);
}

}  // namespace

int64_t ZoneRuleDay::LocalSeconds(int64_t year) const {
  int64_t days = DaysFromCivil(year, 1, 1);
  switch (form) {
    case Form::kMonthWeekDay: {
      const int64_t first = DaysFromCivil(year, month, 1);
      const int64_t until_weekday = FloorMod(day - DayOfWeek(first), 7);
      days = first + until_weekday + 7 * (week - 1);
      if (days >= first + DaysInMonth(year, month)) days -= 7;  // week 5 is the last one
      break;
    }
    case Form::kJulianNoLeap:
      days += day - 1 + (day >= 60 && IsLeapYear(year));
      break;
    case Form::kDayOfYear:
      days += day;
      break;
  }
  return days * kSecondsPerDay + time_s;
}

ZoneRules ZoneRules::Fixed(int32_t offset_s) {
  ZoneRules rules;
  rules.first_offset_s_ = offset_s;
  return rules;
}

bool ZoneRules::Parse(std::string_view bytes, ZoneRules* out) {
  *out = ZoneRules();
  Counts counts;
  if (!ReadHeader(bytes, 0, &counts)) return false;
  size_t end = 0;
  if (bytes[4] == '\0') return out->ParseBody(bytes, 4, &end);  // version 1: 32 bits, no rule
  const size_t second = kHeaderBytes + counts.BodyBytes(4);
  if (bytes.size() < second) return false;
  bytes.remove_prefix(second);
  if (!out->ParseBody(bytes, 8, &end)) return false;
  std::string_view rule = bytes.substr(end);
  if (rule.size() < 2 || rule.front() != '\n' || rule.back() != '\n') return false;
  rule = rule.substr(1, rule.size() - 2);
  return rule.empty() || out->ParseRule(rule);
}

bool ZoneRules::ParseBody(std::string_view bytes, int time_bytes, size_t* end) {
  Counts counts;
  if (!ReadHeader(bytes, 0, &counts)) return false;
  *end = kHeaderBytes + counts.BodyBytes(time_bytes);
  if (bytes.size() < *end) return false;
  const char* times = bytes.data() + kHeaderBytes;
  const char* indices = times + counts.transitions * time_bytes;
  const char* types = indices + counts.transitions;
  first_offset_s_ = static_cast<int32_t>(BigEndian(types, 4));
  int32_t before = first_offset_s_;
  for (int64_t i = 0; i < counts.transitions; ++i) {
    const int64_t type = static_cast<uint8_t>(indices[i]);
    if (type >= counts.types) return false;
    const int32_t after = static_cast<int32_t>(BigEndian(types + 6 * type, 4));
    const int64_t at = BigEndian(times + i * time_bytes, time_bytes);
    if (!transitions_.empty() && transitions_.back().at_s >= at) return false;
    if (after != before) transitions_.push_back({at, before, after});  // else only the name changes
    before = after;
  }
  return true;
}

bool ZoneRules::ParseRule(std::string_view text) {
  RuleReader reader(text);
  int32_t west = 0;
  if (!reader.Name() || !reader.Time(&west)) return false;
  standard_s_ = -west;
  if (reader.at_end()) return true;  // no summer time: the last offset stays
  if (!reader.Name()) return false;
  summer_s_ = standard_s_ + 3600;
  if (!reader.Accept(',')) {
    if (!reader.Time(&west) || !reader.Accept(',')) return false;
    summer_s_ = -west;
  }
  has_rule_ = reader.Day(&summer_begins_) && reader.Accept(',') && reader.Day(&summer_ends_);
  return has_rule_ && reader.at_end();
}

void ZoneRules::TransitionsOfYear(int64_t year, Transition out[2]) const {
  out[0] = {summer_begins_.LocalSeconds(year) - standard_s_, standard_s_, summer_s_};
  out[1] = {summer_ends_.LocalSeconds(year) - summer_s_, summer_s_, standard_s_};
  if (out[1].at_s < out[0].at_s) std::swap(out[0], out[1]);  // the southern half of the world
}

OffsetRange ZoneRules::AtInstant(int64_t instant_s) const {
  return Find(instant_s, [](const Transition& transition) { return transition.at_s; });
}

OffsetRange ZoneRules::AtLocal(int64_t local_s) const {
  return Find(local_s, [](const Transition& transition) { return transition.LocalThreshold(); });
}

// `position` says where a transition lies on the axis of `at`: instants or wall clock times.
template <class Position>
OffsetRange ZoneRules::Find(int64_t at, Position position) const {
  const auto next = std::upper_bound(
      transitions_.begin(), transitions_.end(), at,
      [&](int64_t value, const Transition& transition) { return value < position(transition); });
  OffsetRange range;
  range.offset_s = first_offset_s_;
  if (next != transitions_.begin()) {
    range.from_s = position(next[-1]);
    range.offset_s = next[-1].after_s;
  }
  if (next != transitions_.end()) {
    range.until_s = position(*next);
  } else if (has_rule_) {
    return FindByRule(at, range.from_s, position);
  }
  return range;
}

// Walks the transitions of the years around `at`; the table ends at `from`.
template <class Position>
OffsetRange ZoneRules::FindByRule(int64_t at, int64_t from, Position position) const {
  constexpr int64_t kSecondsMax = INT64_MAX / kMicrosPerSecond;
  at = std::clamp(at, -kSecondsMax, kSecondsMax);
  const int64_t year = CivilFromDays(FloorDiv(at, kSecondsPerDay)).year;
  OffsetRange range;
  range.from_s = from;
  range.offset_s = transitions_.empty() ? first_offset_s_ : transitions_.back().after_s;
  for (int64_t y = year - 1; y <= year + 1; ++y) {
    Transition both[2];
    TransitionsOfYear(y, both);
    for (const Transition& transition : both) {
      const int64_t place = position(transition);
      if (place <= from) continue;  // the table has it
      if (place > at) {
        range.until_s = place;
        return range;
      }
      range.from_s = place;
      range.offset_s = transition.after_s;
    }
  }
  return range;
}

}  // namespace thalweg
