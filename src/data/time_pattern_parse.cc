// Text by the parts of a pattern, as java.time's parsers read it strictly and without regard to
// case. A position below 0 is a failure.
#include <algorithm>

#include "data/calendar.h"
#include "data/time_pattern_parts.h"

namespace thalweg {
namespace {

using Kind = TimePatternPart::Kind;
using Sign = TimePatternPart::Sign;
using Text = std::string_view;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

class PatternParser {
 public:
  PatternParser(const std::vector<TimePatternPart>& parts, Text text)
      : parts_(parts), text_(text), length_(static_cast<int>(text.size())) {}
  TimePattern::Outcome Run(ParsedTime* out);

 private:
  int ParseParts(size_t begin, size_t end, int at);
  int ParsePart(const TimePatternPart& part, int at);
  int ParseNumber(const TimePatternPart& part, int at);
  int ParseFraction(const TimePatternPart& part, int at);
  int ParseText(const TimePatternPart& part, int at);
  int ParseOffset(int style, Text zero, int at);
  int ParseLocalizedOffset(bool full, int at);
  int ParseZone(bool name, int at);
  int ParseZoneBehind(int prefix, int at);
  int ParseRegion(bool name, int at);
  int Store(TimeField field, int64_t value, int end);
  int StoreOffset(int64_t offset_s, int end);
  bool Matches(Text wanted, int at) const;
  bool TwoDigits(int at, int* value) const;

  const std::vector<TimePatternPart>& parts_;
  const Text text_;
  const int length_;
  TimeFields fields_;
  bool not_built_ = false;
};

TimePattern::Outcome PatternParser::Run(ParsedTime* out) {
  const int end = ParseParts(0, parts_.size(), 0);
  if (not_built_) return TimePattern::Outcome::kNotBuilt;
  if (end != length_) return TimePattern::Outcome::kMalformed;
  return ResolveTimeFields(fields_, out);
}

int PatternParser::ParseParts(size_t begin, size_t end, int at) {
  for (size_t i = begin; i < end; ++i) {
    const TimePatternPart& part = parts_[i];
    if (part.kind == Kind::kOptional) {
      const TimeFields before = fields_;
      const int behind = ParseParts(i + 1, part.end, at);
      if (behind < 0) {
        fields_ = before;
      } else {
        at = behind;
      }
      i = part.end - 1;
      continue;
    }
    at = ParsePart(part, at);
    if (at < 0) return at;
  }
  return at;
}

int PatternParser::ParsePart(const TimePatternPart& part, int at) {
  switch (part.kind) {
    case Kind::kLiteral:
      return Matches(part.literal, at) ? at + static_cast<int>(part.literal.size()) : -1;
    case Kind::kNumber:
    case Kind::kTwoDigitYear:
      return ParseNumber(part, at);
    case Kind::kFraction:
      return ParseFraction(part, at);
    case Kind::kText:
      return ParseText(part, at);
    case Kind::kOffset:
      return ParseOffset(part.style, part.literal, at);
    case Kind::kLocalizedOffset:
      return ParseLocalizedOffset(part.full, at);
    default:
      return ParseZone(part.kind != Kind::kZoneId, at);
  }
}

// The number takes what digits there are, less those that the numbers right behind it need.
int PatternParser::ParseNumber(const TimePatternPart& part, int at) {
  if (at == length_) return -1;
  const bool negative = text_[at] == '-', positive = text_[at] == '+';
  if (negative && part.sign == Sign::kNotNegative) return -1;
  if (positive && part.sign != Sign::kExceedsPad) return -1;
  if (negative || positive) ++at;
  int end = at;
  const int end_max = std::min(length_, at + part.width_max + part.following_width);
  while (end < end_max && IsDigit(text_[end])) ++end;
  if (end - at < part.width_min) return -1;
  if (part.following_width > 0) {
    end = at + std::max(part.width_min, end - at - part.following_width);
  }
  const int digits = end - at;
  int64_t value = 0;
  for (int i = at; i < end; ++i) {
    if (__builtin_mul_overflow(value, 10, &value) ||
        __builtin_add_overflow(value, text_[i] - '0', &value)) {
      return -1;  // no field has so large a value
    }
  }
  if (negative && value == 0) return -1;
  if (part.sign == Sign::kExceedsPad && !negative && positive != (digits > part.width_min))
    return -1;
  if (part.kind == Kind::kTwoDigitYear && digits == 2) value += 2000;
  return Store(part.field, negative ? -value : value, end);
}

int PatternParser::ParseFraction(const TimePatternPart& part, int at) {
  int end = at;
  int64_t value = 0;
  for (; end < length_ && end - at < part.width_max && IsDigit(text_[end]); ++end) {
    value = value * 10 + (text_[end] - '0');
  }
  if (end - at < part.width_min) return -1;
  for (int i = end - at; i < 9; ++i) value *= 10;
  return Store(part.field, value, end);
}

// The longest name that stands there.
int PatternParser::ParseText(const TimePatternPart& part, int at) {
  const char* const* names = TimeFieldNames(part.field, part.full);
  int64_t best = -1;
  size_t best_size = 0;
  for (int64_t i = 0; names[i] != nullptr; ++i) {
    const Text name = names[i];
    if (name.size() <= best_size || !Matches(name, at)) continue;
    best = i;
    best_size = name.size();
  }
  if (best < 0) return -1;
  return Store(part.field, best + TimeFieldFirst(part.field), at + static_cast<int>(best_size));
}

int PatternParser::ParseOffset(int style, Text zero, int at) {
  if (at == length_) return -1;
  if (Matches(zero, at)) return StoreOffset(0, at + static_cast<int>(zero.size()));
  if (text_[at] != '+' && text_[at] != '-') return -1;
  const int sign = text_[at] == '-' ? -1 : 1;
  const int colon = OffsetHasColon(style) ? 1 : 0;
  int hours = 0, minutes = 0, seconds = 0;
  int end = at + 1;
  if (!TwoDigits(end, &hours)) return -1;
  end += 2;
  const auto take = [&](int* value) {
    if (colon == 1 && (end >= length_ || text_[end] != ':')) return false;
    if (!TwoDigits(end + colon, value)) return false;
    end += 2 + colon;
    return true;
  };
  const bool has_minutes = style >= 1 && take(&minutes);
  if (style >= 3 && !has_minutes) return -1;
  if (style >= 5) take(&seconds);
  if (hours > 23) return -1;
  return StoreOffset(sign * (hours * 3600L + minutes * 60 + seconds), end);
}

// GMT, GMT+1, GMT+1:30; in full GMT+01:30.
int PatternParser::ParseLocalizedOffset(bool full, int at) {
  if (!Matches("GMT", at)) return -1;
  int end = at + 3;
  if (end == length_ || (text_[end] != '+' && text_[end] != '-')) return StoreOffset(0, end);
  const int sign = text_[end++] == '-' ? -1 : 1;
  int hours = 0, minutes = 0, seconds = 0;
  const auto take = [&](int* value) {  // ":mm"
    if (end + 2 >= length_ || text_[end] != ':' || !IsDigit(text_[end + 1]) ||
        !IsDigit(text_[end + 2])) {
      return false;
    }
    *value = (text_[end + 1] - '0') * 10 + (text_[end + 2] - '0');
    end += 3;
    return true;
  };
  if (full) {
    if (end + 1 >= length_ || !IsDigit(text_[end]) || !IsDigit(text_[end + 1])) return -1;
    hours = (text_[end] - '0') * 10 + (text_[end + 1] - '0');
    end += 2;
    if (!take(&minutes)) return -1;
    take(&seconds);
  } else {
    if (end >= length_ || !IsDigit(text_[end])) return -1;
    hours = text_[end++] - '0';
    if (end < length_ && IsDigit(text_[end])) hours = hours * 10 + (text_[end++] - '0');
    if (take(&minutes)) take(&seconds);
  }
  return StoreOffset(sign * (hours * 3600L + minutes * 60 + seconds), end);
}

// +01:00, UTC[+01:00], GMT[+01:00], UT[+01:00], a region, Z; `name`: or a name of a zone.
int PatternParser::ParseZone(bool name, int at) {
  if (at == length_) return -1;
  if (text_[at] == '+' || text_[at] == '-') return ParseZoneBehind(0, at);
  if (Matches("UTC", at)) return ParseZoneBehind(3, at);
  if (Matches("UT", at)) return ParseZoneBehind(2, at);
  if (Matches("GMT0", at)) {
    fields_.zone = &TimeZone::Utc();
    return at + 4;
  }
  if (Matches("GMT", at)) return ParseZoneBehind(3, at);
  return ParseRegion(name, at);
}

int PatternParser::ParseZoneBehind(int prefix, int at) {
  const int begin = at + prefix;
  fields_.zone = &TimeZone::Utc();
  if (begin >= length_ || text_[begin] == '0' || Lower(text_[begin]) == 'z') {
    return prefix == 0 ? -1 : begin;
  }
  TimeFields before = fields_;
  fields_.has_offset = false;
  const int end = ParseOffset(6, prefix == 0 ? "Z" : "0", begin);
  const bool found = end > 0;
  const int32_t offset_s = fields_.offset_s;
  fields_ = before;
  if (!found) return prefix == 0 ? -1 : begin;
  std::string id(1, offset_s < 0 ? '-' : '+');
  const int32_t absolute = std::abs(offset_s);
  for (const int32_t part : {absolute / 3600, absolute / 60 % 60, absolute % 60}) {
    if (id.size() > 1) id += ':';
    id += static_cast<char>('0' + part / 10);
    id += static_cast<char>('0' + part % 10);
  }
  const Result<const TimeZone*> zone = TimeZone::Find(id);
  if (!zone.ok()) return -1;
  fields_.zone = *zone;
  return end;
}

// Regions are looked up as they stand; names and other spellings are beyond us.
int PatternParser::ParseRegion(bool name, int at) {
  int end = at;
  while (end < length_ &&
         (IsDigit(text_[end]) || (Lower(text_[end]) >= 'a' && Lower(text_[end]) <= 'z') ||
          text_[end] == '/' || text_[end] == '_' || text_[end] == '-' || text_[end] == '+')) {
    ++end;
  }
  const Text region = text_.substr(at, end - at);
  if (region.find('/') != Text::npos && !region.starts_with("SystemV/")) {
    const Result<const TimeZone*> zone = TimeZone::Find(region);
    if (zone.ok()) {
      fields_.zone = *zone;
      return end;
    }
  }
  const bool only_z = Lower(text_[at]) == 'z' && end == at + 1;
  if (only_z) {
    fields_.zone = &TimeZone::Utc();
    return at + 1;
  }
  if (region.empty()) return -1;
  (void)name;
  not_built_ = true;
  return -1;
}

int PatternParser::Store(TimeField field, int64_t value, int end) {
  return fields_.Set(field, value) ? end : -1;
}

int PatternParser::StoreOffset(int64_t offset_s, int end) {
  if (fields_.has_offset && fields_.offset_s != offset_s) return -1;
  fields_.has_offset = true;
  fields_.offset_s = static_cast<int32_t>(offset_s);
  return end;
}

bool PatternParser::Matches(Text wanted, int at) const {
  if (wanted.size() > text_.size() - at) return false;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (Lower(wanted[i]) != Lower(text_[at + i])) return false;
  }
  return true;
}

bool PatternParser::TwoDigits(int at, int* value) const {
  if (at + 2 > length_ || !IsDigit(text_[at]) || !IsDigit(text_[at + 1])) return false;
  const int found = (text_[at] - '0') * 10 + (text_[at + 1] - '0');
  if (found > 59) return false;
  *value = found;
  return true;
}

}  // namespace

TimePattern::Outcome TimePattern::Parse(Text text, ParsedTime* out) const {
  return PatternParser(parts_, text).Run(out);
}

}  // namespace thalweg
