// Patterns into parts, as DateTimeFormatterBuilder.appendPattern does it, behind Spark's own checks
// (DateTimeFormatterHelper). What Java refuses and SimpleDateFormat would have taken is an error of
// its own.
#include "data/time_pattern.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "data/time_pattern_parts.h"

namespace thalweg {
namespace {

using Kind = TimePatternPart::Kind;
using Sign = TimePatternPart::Sign;
using Text = std::string_view;

constexpr Text kWeekLetters = "YWwuec";
constexpr Text kRefusedLetters = "ABnNp";
constexpr Text kRefusedWhenParsing = "EFqQ";
constexpr Text kTooLong[] = {"GGGGG", "MMMMM", "LLLLL", "EEEEE", "QQQQQ", "qqqqq", "yyyyyyy"};
constexpr Text kSparkTwoLetters = "GyMdkHmsSEDFwWahKzZYuXL";

bool IsLetter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// SimpleDateFormat takes the pattern.
bool SparkTwoUnderstands(Text pattern) {
  bool quoted = false;
  for (size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '\'') {
      if (at + 1 < pattern.size() && pattern[at + 1] == '\'') {
        ++at;
      } else {
        quoted = !quoted;
      }
      continue;
    }
    if (quoted || !IsLetter(c)) continue;
    if (kSparkTwoLetters.find(c) == Text::npos) return false;
    size_t end = at;
    while (end < pattern.size() && pattern[end] == c) ++end;
    if (c == 'X' && end - at >= 4) return false;
    at = end - 1;
  }
  return !quoted;
}

std::string Quoted(Text pattern) {
  std::string quoted = "'";
  for (const char c : pattern) {
    if (c == '\'') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

// Spark's own rules: letters and lengths that it took out.
Status CheckLetters(Text pattern, TimePattern::Use use) {
  const std::string all(pattern);
  bool quoted = false;
  for (size_t at = 0; at <= pattern.size(); quoted = !quoted) {
    const size_t end = std::min(pattern.find('\'', at), pattern.size());
    const Text part = pattern.substr(at, end - at);
    at = end + 1;
    if (quoted) continue;
    const size_t week = part.find_first_of(kWeekLetters);
    if (week != Text::npos) {
      return Status::User("INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN",
                          {{"c", std::string(1, part[week])}});
    }
    for (const char c : part) {
      const bool refused =
          kRefusedLetters.find(c) != Text::npos ||
          (use == TimePattern::Use::kParsing && kRefusedWhenParsing.find(c) != Text::npos);
      if (!refused) continue;
      return Status::User("INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER",
                          {{"c", std::string(1, c)}, {"pattern", all}});
    }
    for (const Text style : kTooLong) {
      if (part.find(style) == Text::npos) continue;
      return Status::User("INVALID_DATETIME_PATTERN.LENGTH", {{"pattern", std::string(style)}});
    }
  }
  return Status::OK();
}

bool NamesEra(Text pattern) {
  bool quoted = false;
  for (const char c : pattern) {
    if (c == '\'') quoted = !quoted;
    if (c == 'G' && !quoted) return true;
  }
  return false;
}

// The quoted text that begins at `*at`, which moves behind it; false: the quote does not end.
bool TakeQuoted(Text pattern, size_t* at, std::string* literal) {
  for (size_t i = *at + 1; i < pattern.size(); ++i) {
    if (pattern[i] == '\'') {
      if (i + 1 == pattern.size() || pattern[i + 1] != '\'') {
        *at = i + 1;
        return true;
      }
      ++i;
    }
    *literal += pattern[i];
  }
  return false;
}

/// DateTimeFormatterBuilder. A function that returns false met what Java refuses.
class PatternBuilder {
 public:
  explicit PatternBuilder(bool has_era) : has_era_(has_era) {}
  bool Append(Text pattern);
  void AppendLiteral(Text literal);
  bool AppendFraction(int width_min, int width_max);
  std::vector<TimePatternPart> Finish();

 private:
  bool AppendLetters(char letter, int count);
  bool AppendZoneLetters(char letter, int count);
  bool AppendTextOrNumber(TimeField field, int count);
  bool AppendText(TimeField field, bool full);
  bool AppendNumber(TimeField field, int count, int count_max);
  bool AppendYear(int count);
  bool AppendOffset(int style, const char* zero);
  bool AppendZone(TimePatternPart::Kind kind, bool full);
  bool AppendValue(TimePatternPart part);
  size_t AppendPart(TimePatternPart part);
  bool BeginOptional();
  bool EndOptional();

  const bool has_era_;
  std::vector<TimePatternPart> parts_;
  std::vector<size_t> optionals_;
  std::optional<size_t> value_;  // the number that numbers right behind it take digits from
};

bool PatternBuilder::Append(Text pattern) {
  for (size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    if (IsLetter(c)) {
      const size_t begin = at;
      while (at < pattern.size() && pattern[at] == c) ++at;
      if (!AppendLetters(c, static_cast<int>(at - begin))) return false;
      continue;
    }
    if (c == '\'') {
      std::string literal;
      if (!TakeQuoted(pattern, &at, &literal)) return false;
      AppendLiteral(literal.empty() ? "'" : literal);
      continue;
    }
    ++at;
    if (c == '[') {
      BeginOptional();
    } else if (c == ']') {
      if (!EndOptional()) return false;
    } else if (c == '{' || c == '}' || c == '#') {
      return false;
    } else {
      AppendLiteral(Text(&c, 1));
    }
  }
  return true;
}

bool PatternBuilder::AppendLetters(char letter, int count) {
  switch (letter) {
    case 'y':
      return AppendYear(count);
    case 'M':
    case 'L':
      return AppendTextOrNumber(TimeField::kMonth, count);
    case 'Q':
    case 'q':
      return AppendTextOrNumber(TimeField::kQuarter, count);
    case 'E':
      return count <= 4 && AppendText(TimeField::kWeekday, count == 4);
    case 'G':
      return count <= 4 && AppendText(TimeField::kEra, count == 4);
    case 'a':
      return count == 1 && AppendText(TimeField::kHalfDay, false);
    case 'd':
      return AppendNumber(TimeField::kDayOfMonth, count, 2);
    case 'D':
      return AppendNumber(TimeField::kDayOfYear, count, 3);
    case 'F':
      return AppendNumber(TimeField::kDayInWeekOfMonth, count, 1);
    case 'H':
      return AppendNumber(TimeField::kHour, count, 2);
    case 'k':
      return AppendNumber(TimeField::kClockHour, count, 2);
    case 'K':
      return AppendNumber(TimeField::kHalfHour, count, 2);
    case 'h':
      return AppendNumber(TimeField::kClockOfHalf, count, 2);
    case 'm':
      return AppendNumber(TimeField::kMinute, count, 2);
    case 's':
      return AppendNumber(TimeField::kSecond, count, 2);
    case 'S':
      return AppendFraction(count, count);
    case 'g':
      return AppendValue(
          {.kind = Kind::kNumber, .field = TimeField::kModifiedJulianDay, .width_min = count});
    default:
      return AppendZoneLetters(letter, count);
  }
}

bool PatternBuilder::AppendZoneLetters(char letter, int count) {
  switch (letter) {
    case 'z':
      return count <= 4 && AppendZone(Kind::kZoneName, count == 4);
    case 'V':
      return count == 2 && AppendZone(Kind::kZoneId, false);
    case 'v':
      return (count == 1 || count == 4) && AppendZone(Kind::kGenericZoneName, count == 4);
    case 'O':
      return (count == 1 || count == 4) && AppendZone(Kind::kLocalizedOffset, count == 4);
    case 'Z':
      if (count < 4) return AppendOffset(3, "+0000");
      return count == 4 ? AppendZone(Kind::kLocalizedOffset, true)
                        : count == 5 && AppendOffset(6, "Z");
    case 'X':
      return count <= 5 && AppendOffset(count == 1 ? 1 : count + 1, "Z");
    case 'x':
      return count <= 5 && AppendOffset(count == 1 ? 1 : count + 1, count == 1       ? "+00"
                                                                    : count % 2 == 0 ? "+0000"
                                                                                     : "+00:00");
    default:
      return false;
  }
}

// Years of Spark's patterns may be negative where no era is named.
bool PatternBuilder::AppendYear(int count) {
  const TimeField field = has_era_ ? TimeField::kYearOfEra : TimeField::kYear;
  if (count == 2) {
    return AppendValue({.kind = Kind::kTwoDigitYear,
                        .field = field,
                        .sign = Sign::kNotNegative,
                        .width_min = 2,
                        .width_max = 2});
  }
  return AppendValue({.kind = Kind::kNumber,
                      .field = field,
                      .sign = count < 4 ? Sign::kNormal : Sign::kExceedsPad,
                      .width_min = count});
}

bool PatternBuilder::AppendTextOrNumber(TimeField field, int count) {
  if (count <= 2) return AppendNumber(field, count, 2);
  return count <= 4 && AppendText(field, count == 4);
}

bool PatternBuilder::AppendText(TimeField field, bool full) {
  AppendPart({.kind = Kind::kText, .field = field, .full = full});
  return true;
}

// One letter: as many digits as there are. More: that many, days of the year up to three.
bool PatternBuilder::AppendNumber(TimeField field, int count, int count_max) {
  if (count > count_max) return false;
  TimePatternPart part{.kind = Kind::kNumber, .field = field};
  if (count > 1) {
    part.sign = Sign::kNotNegative;
    part.width_min = count;
    part.width_max = count_max;
  }
  return AppendValue(std::move(part));
}

// A fraction of exactly so many digits stands in the row of numbers; others do not.
bool PatternBuilder::AppendFraction(int width_min, int width_max) {
  if (width_max > 9) return false;
  TimePatternPart part{.kind = Kind::kFraction,
                       .field = TimeField::kNano,
                       .sign = Sign::kNotNegative,
                       .width_min = width_min,
                       .width_max = width_max};
  if (width_min == width_max) return AppendValue(std::move(part));
  AppendPart(std::move(part));
  return true;
}

bool PatternBuilder::AppendOffset(int style, const char* zero) {
  AppendPart({.kind = Kind::kOffset, .style = style, .literal = zero});
  return true;
}

bool PatternBuilder::AppendZone(Kind kind, bool full) {
  AppendPart({.kind = kind, .full = full});
  return true;
}

void PatternBuilder::AppendLiteral(Text literal) {
  if (!literal.empty()) AppendPart({.literal = std::string(literal)});
}

// Numbers that follow one another without a gap: those of fixed width leave the first one the rest.
bool PatternBuilder::AppendValue(TimePatternPart part) {
  const bool fixed = part.width_min == part.width_max && part.sign == Sign::kNotNegative;
  const std::optional<size_t> first = value_;
  const int width = part.width_max;
  const size_t here = AppendPart(std::move(part));
  value_ = here;
  if (!first) return true;
  if (fixed) {
    parts_[*first].following_width += width;
    value_ = first;
  } else {
    parts_[*first].following_width = 0;
  }
  return true;
}

size_t PatternBuilder::AppendPart(TimePatternPart part) {
  value_.reset();
  parts_.push_back(std::move(part));
  return parts_.size() - 1;
}

bool PatternBuilder::BeginOptional() {
  optionals_.push_back(AppendPart({.kind = Kind::kOptional}));
  return true;
}

bool PatternBuilder::EndOptional() {
  if (optionals_.empty()) return false;
  parts_[optionals_.back()].end = parts_.size();
  optionals_.pop_back();
  value_.reset();
  return true;
}

std::vector<TimePatternPart> PatternBuilder::Finish() {
  while (!optionals_.empty()) EndOptional();
  return std::move(parts_);
}

// Spark reads fractions of a second of up to as many digits as there are letters S.
bool AppendForParsing(Text pattern, PatternBuilder* builder) {
  while (!pattern.empty() && pattern.back() == '\'') pattern.remove_suffix(1);
  bool quoted = false;
  for (size_t at = 0; at <= pattern.size(); quoted = !quoted) {
    const size_t end = std::min(pattern.find('\'', at), pattern.size());
    Text part = pattern.substr(at, end - at);
    if (part.empty() && at != 0) builder->AppendLiteral("'");
    if (quoted) builder->AppendLiteral(part);
    while (!quoted && !part.empty()) {
      const size_t begin = std::min(part.find('S'), part.size());
      if (!builder->Append(part.substr(0, begin))) return false;
      const size_t after = std::min(part.find_first_not_of('S', begin), part.size());
      if (begin < after && !builder->AppendFraction(1, static_cast<int>(after - begin)))
        return false;
      part = part.substr(after);
    }
    at = end + 1;
  }
  return true;
}

}  // namespace

TimePattern::TimePattern(std::vector<TimePatternPart> parts) : parts_(std::move(parts)) {}
TimePattern::TimePattern(TimePattern&&) noexcept = default;
TimePattern& TimePattern::operator=(TimePattern&&) noexcept = default;
TimePattern::~TimePattern() = default;

Result<TimePattern> TimePattern::Compile(Text pattern, Use use, bool local) {
  Status status = CheckLetters(pattern, use);
  if (status.ok()) {
    PatternBuilder builder(NamesEra(pattern));
    const bool fractions = use == Use::kParsing && pattern.find('S') != Text::npos;
    if (fractions && pattern.find('\n') != Text::npos) {
      return NotSupportedYet("a date pattern of several lines");
    }
    if (fractions ? AppendForParsing(pattern, &builder) : builder.Append(pattern)) {
      return TimePattern(builder.Finish());
    }
  }
  if (!local && SparkTwoUnderstands(pattern)) {
    return Status::User(
        "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION",
        {{"pattern", Quoted(pattern)}, {"config", "\"spark.sql.legacy.timeParserPolicy\""}});
  }
  if (!status.ok() && !local) return status;
  return Status::User("INVALID_DATETIME_PATTERN.WITH_SUGGESTION", {{"pattern", Quoted(pattern)}});
}

bool TimePattern::NamesTimeOfDay() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const TimePatternPart& part) {
    const bool has_field =
        part.kind == Kind::kNumber || part.kind == Kind::kFraction || part.kind == Kind::kText;
    return has_field && part.field >= TimeField::kHalfDay && part.field <= TimeField::kNano;
  });
}

bool TimePattern::NamesZoneOrOffset() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const TimePatternPart& part) {
    return part.kind >= Kind::kOffset && part.kind <= Kind::kGenericZoneName;
  });
}

bool TimePattern::MayBeBeyondUs() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const TimePatternPart& part) {
    return (part.kind >= Kind::kZoneId && part.kind <= Kind::kGenericZoneName) ||
           (part.kind == Kind::kNumber && part.field == TimeField::kModifiedJulianDay);
  });
}

Status CannotParseTime(Text text, Text function) {
  return Status::User("CANNOT_PARSE_TIMESTAMP",
                      {{"message", "The text " + Quoted(text) + " does not follow the pattern"},
                       {"func", "`" + std::string(function) + "`"}});
}

}  // namespace thalweg
