// Dates, times and timestamps as SparkDateTimeUtils reads them. The common forms,
// "2024-01-01[ T]00:00:05[.123456][Z]", have a path of their own.
#include "data/calendar.h"
#include "data/parse_text.h"

namespace thalweg {
namespace {

constexpr int64_t kPowersOfTen[] = {1, 10, 100, 1000, 10'000, 100'000, 1'000'000};

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool DaysOf(int64_t year, int month, int day, int64_t* days) {
  if (month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month)) return false;
  *days = DaysFromCivil(year, month, day);
  return true;
}

bool MicrosOf(int64_t hour, int64_t minute, int64_t second, int64_t micros, int64_t* us) {
  *us = (hour * 3600 + minute * 60 + second) * kMicrosPerSecond + micros;
  return hour < 24 && minute < 60 && second < 60;
}

// The value of two digits at p, 100 or more if they are none.
unsigned TwoDigits(const char* p) {
  const unsigned high = static_cast<unsigned char>(p[0]) - '0';
  const unsigned low = static_cast<unsigned char>(p[1]) - '0';
  return high > 9 || low > 9 ? 1000 : high * 10 + low;
}

/// The segments of a timestamp: year, month, day, hour, minute, second, micros.
class SegmentReader {
 public:
  explicit SegmentReader(std::string_view text) : text_(text) {}
  bool Read(TimestampText* out);

 private:
  enum : int { kYear, kMonth, kDay, kHour, kMinute, kSecond, kFraction, kZone };
  bool TakeDigit(char c);
  bool TakeSeparator(char c);
  bool CloseSegment(int segment);
  bool Finish(TimestampText* out);

  std::string_view text_;
  size_t at_ = 0;
  int segment_ = kYear;
  int64_t segments_[8] = {1, 1, 1, 0, 0, 0, 0, 0};
  int64_t value_ = 0;
  int digits_ = 0;
  int sign_ = 0;
  bool just_time_ = false;
  std::string_view zone_;
};

bool SegmentReader::Read(TimestampText* out) {
  if (text_.empty()) return false;
  if (text_[0] == '-' || text_[0] == '+') {
    sign_ = text_[0] == '-' ? -1 : 1;
    at_ = 1;
  } else if (text_[0] == 'T') {
    just_time_ = true;
    segment_ = kHour;
    at_ = 1;
  }
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (IsDigit(c) ? !TakeDigit(c) : !TakeSeparator(c)) return false;
  }
  return Finish(out);
}

bool SegmentReader::TakeDigit(char c) {
  if (segment_ == kZone) return false;
  // More than six digits of a fraction are cut off; more than nine elsewhere are too many anyway.
  if (segment_ == kFraction ? digits_ < 6 : digits_ < 9) value_ = 10 * value_ + (c - '0');
  ++digits_;
  return true;
}

bool SegmentReader::TakeSeparator(char c) {
  switch (segment_) {
    case kYear:
      if (c == ':' && sign_ == 0) {
        just_time_ = true;
        segments_[kYear] = 1;
        segment_ = kHour;
        return CloseSegment(kHour);
      }
      return c == '-' && CloseSegment(kYear);
    case kMonth:
      return c == '-' && CloseSegment(kMonth);
    case kDay:
      return (c == ' ' || c == 'T') && CloseSegment(kDay);
    case kHour:
    case kMinute:
      return c == ':' && CloseSegment(segment_);
    case kSecond:
    case kFraction:
      if (c == '.' && segment_ == kSecond) return CloseSegment(kSecond);
      if (!CloseSegment(segment_)) return false;
      segment_ = kZone;
      zone_ = text_.substr(at_);
      at_ = text_.size() - 1;
      return true;
    default:
      return false;
  }
}

// Ends a segment if it has a valid number of digits, and begins the next one.
bool SegmentReader::CloseSegment(int segment) {
  constexpr int kYearDigitsMax = 6;
  if (segment == kYear && (digits_ < 4 || digits_ > kYearDigitsMax)) return false;
  if (segment != kYear && segment != kFraction && (digits_ < 1 || digits_ > 2)) return false;
  if (segment == kFraction && digits_ < 6) value_ *= kPowersOfTen[6 - digits_];
  segments_[segment] = value_;
  segment_ = segment + 1;
  value_ = 0;
  digits_ = 0;
  return true;
}

bool SegmentReader::Finish(TimestampText* out) {
  if (segment_ != kZone && !CloseSegment(segment_)) return false;
  out->just_time = just_time_;
  out->zone = nullptr;
  if (!zone_.empty()) {
    const Result<const TimeZone*> zone = TimeZone::Find(TrimText(zone_));
    if (!zone.ok()) return false;
    out->zone = *zone;
  }
  out->date_days = 0;
  const int64_t year = sign_ < 0 ? -segments_[kYear] : segments_[kYear];
  if (!just_time_ && !DaysOf(year, static_cast<int>(segments_[kMonth]),
                             static_cast<int>(segments_[kDay]), &out->date_days)) {
    return false;
  }
  return MicrosOf(segments_[kHour], segments_[kMinute], segments_[kSecond], segments_[kFraction],
                  &out->time_us);
}

// "2024-01-01 00:00:05", 'T' for the blank, up to nine digits of a fraction, 'Z'.
bool ParseCommonForm(std::string_view text, int64_t* local_us, bool* utc) {
  if (text.size() < 19) return false;
  const char* p = text.data();
  const bool shape =
      p[4] == '-' && p[7] == '-' && (p[10] == ' ' || p[10] == 'T') && p[13] == ':' && p[16] == ':';
  if (!shape) return false;
  const unsigned century = TwoDigits(p), year = TwoDigits(p + 2), month = TwoDigits(p + 5),
                 day = TwoDigits(p + 8), hour = TwoDigits(p + 11), minute = TwoDigits(p + 14),
                 second = TwoDigits(p + 17);
  if (century > 99 || year > 99 || hour > 23 || minute > 59 || second > 59) return false;
  int64_t days = 0;
  if (!DaysOf(century * 100 + year, month, day, &days)) return false;
  size_t at = 19;
  int64_t micros = 0;
  if (at < text.size() && p[at] == '.') {
    const size_t begin = ++at;
    for (; at < text.size() && IsDigit(p[at]); ++at) {
      if (at < begin + 6) micros = 10 * micros + (p[at] - '0');
    }
    if (at - begin < 6) micros *= kPowersOfTen[6 - (at - begin)];
  }
  *utc = at < text.size() && p[at] == 'Z';
  *local_us =
      days * kMicrosPerDay + (hour * 3600 + minute * 60 + second) * kMicrosPerSecond + micros;
  return at + *utc == text.size();
}

bool LocalMicros(const TimestampText& text, int64_t* us) {
  return !__builtin_mul_overflow(text.date_days, kMicrosPerDay, us) &&
         !__builtin_add_overflow(*us, text.time_us, us);
}

// The hour of "12:30 AM".
bool To24Hours(bool afternoon, int64_t* time_us) {
  const int64_t hour = *time_us / kMicrosPerHour;
  if (hour < 1 || hour > 12) return false;
  *time_us += (hour % 12 + (afternoon ? 12 : 0) - hour) * kMicrosPerHour;
  return true;
}

}  // namespace

bool ParseDate(std::string_view text, int32_t* days) {
  text = TrimText(text);
  int64_t segments[3] = {1, 1, 1};
  int segment = 0, digits = 0;
  int64_t value = 0;
  const bool negative = !text.empty() && text[0] == '-';
  size_t at = negative || (!text.empty() && text[0] == '+') ? 1 : 0;
  const auto valid_digits = [&] {
    return segment == 0 ? digits >= 4 && digits <= 7 : digits >= 1 && digits <= 2;
  };
  for (; at < text.size() && text[at] != ' ' && text[at] != 'T'; ++at) {
    if (segment < 2 && text[at] == '-') {
      if (!valid_digits()) return false;
      segments[segment++] = value;
      value = 0;
      digits = 0;
    } else {
      if (!IsDigit(text[at]) || ++digits > 7) return false;
      value = 10 * value + (text[at] - '0');
    }
  }
  if (!valid_digits() || (segment < 2 && at < text.size())) return false;
  segments[segment] = value;
  int64_t result = 0;
  const int64_t year = negative ? -segments[0] : segments[0];
  if (!DaysOf(year, static_cast<int>(segments[1]), static_cast<int>(segments[2]), &result)) {
    return false;
  }
  *days = static_cast<int32_t>(result);
  return result == *days;
}

bool ParseTimestampText(std::string_view text, TimestampText* out) {
  return SegmentReader(TrimText(text)).Read(out);
}

bool ParseTimestamp(std::string_view text, ZoneCursor& cursor, int64_t* us) {
  bool utc = false;
  if (ParseCommonForm(text, us, &utc)) {
    if (!utc) *us = cursor.ToInstant(*us);
    return true;
  }
  TimestampText parts;
  if (!ParseTimestampText(text, &parts) || parts.just_time || !LocalMicros(parts, us)) return false;
  *us = parts.zone != nullptr ? parts.zone->ToInstant(*us) : cursor.ToInstant(*us);
  return true;
}

bool ParseTimestampNtz(std::string_view text, bool allow_zone, int64_t* us) {
  bool utc = false;
  if (ParseCommonForm(text, us, &utc)) return allow_zone || !utc;
  TimestampText parts;
  if (!ParseTimestampText(text, &parts) || parts.just_time) return false;
  return (allow_zone || parts.zone == nullptr) && LocalMicros(parts, us);
}

bool ParseTime(std::string_view text, int64_t* ns) {
  text = TrimText(text);
  bool half_day = false, afternoon = false;
  if (text.size() > 2 && (text.back() | 0x20) == 'm') {
    const char half = static_cast<char>(text[text.size() - 2] | 0x20);
    half_day = half == 'a' || half == 'p';
    afternoon = half == 'p';
    if (half_day) text = TrimText(text.substr(0, text.size() - 2));
  }
  TimestampText parts;
  if (!ParseTimestampText(text, &parts) || !parts.just_time || parts.zone != nullptr) return false;
  if (half_day && !To24Hours(afternoon, &parts.time_us)) return false;
  *ns = parts.time_us * 1000;
  return true;
}

}  // namespace thalweg
