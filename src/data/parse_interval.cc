// Intervals as IntervalUtils reads them: words ("1 day -2 hours") and the ANSI form, with or
// without its keyword ("1 02:03:04.5", "INTERVAL '1-2' YEAR TO MONTH").
#include <limits>

#include "data/calendar.h"
#include "data/parse_text.h"
#include "data/type_text.h"

namespace thalweg {
namespace {

constexpr std::string_view kUnitNames[] = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsBlank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Reads a text from left to right.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool Accept(char c) {
    if (peek() != c || at_end()) return false;
    ++at_;
    return true;
  }
  bool SkipBlanks() {
    const size_t begin = at_;
    while (IsBlank(peek())) ++at_;
    return at_ > begin;
  }
  bool AcceptWord(std::string_view word) {
    if (!EqualsIgnoringCase(text_.substr(at_, word.size()), word)) return false;
    at_ += word.size();
    return true;
  }
  /// [+|-]: -1 or 1.
  int Sign() {
    if (Accept('-')) return -1;
    (void)Accept('+');
    return 1;
  }
  bool Number(int digits_max, int64_t* out);
  /// Digits behind a point as billionths.
  bool Nanos(int digits_min, int64_t* out);

 private:
  std::string_view text_;
  size_t at_ = 0;
};

bool Scanner::Number(int digits_max, int64_t* out) {
  const size_t begin = at_;
  *out = 0;
  for (; IsDigit(peek()); ++at_) {
    if (__builtin_mul_overflow(*out, 10, out) || __builtin_add_overflow(*out, peek() - '0', out)) {
      return false;
    }
  }
  return at_ > begin && at_ - begin <= static_cast<size_t>(digits_max);
}

bool Scanner::Nanos(int digits_min, int64_t* out) {
  int digits = 0;
  *out = 0;
  for (; IsDigit(peek()); ++at_, ++digits) *out = 10 * (*out) + (peek() - '0');
  if (digits < digits_min || digits > 9) return false;
  for (; digits < 9; ++digits) *out *= 10;
  return true;
}

/// One "-1.5 seconds" of an interval in words.
struct Term {
  int64_t value = 0;
  int64_t micros = 0;  // of the fraction, which only seconds have
  bool has_fraction = false;
};

bool ReadTerm(Scanner& in, Term* term) {
  const bool signs = in.peek() == '-' || in.peek() == '+';
  const int sign = in.Sign();
  if (signs) in.SkipBlanks();
  int64_t nanos = 0;
  if (in.Accept('.')) {
    term->has_fraction = true;
    if (!in.Nanos(signs ? 0 : 1, &nanos)) return false;  // "+. seconds" is 0, as in Spark
  } else {
    if (!in.Number(std::numeric_limits<int>::max(), &term->value)) return false;
    term->has_fraction = in.Accept('.');
    if (term->has_fraction && !in.Nanos(0, &nanos)) return false;
  }
  term->value *= sign;
  term->micros = sign * (nanos / 1000);
  return in.SkipBlanks();
}

bool AddTo(int32_t* sum, int64_t value, int64_t factor) {
  int64_t total = 0;
  if (__builtin_mul_overflow(value, factor, &total)) return false;
  if (__builtin_add_overflow(total, *sum, &total)) return false;
  *sum = static_cast<int32_t>(total);
  return total == *sum;
}

bool AddTo(int64_t* sum, int64_t value, int64_t factor) {
  int64_t total = 0;
  return !__builtin_mul_overflow(value, factor, &total) &&
         !__builtin_add_overflow(total, *sum, sum);
}

bool AddTerm(Scanner& in, const Term& term, CalendarInterval* out) {
  if (in.AcceptWord("second")) {
    return AddTo(&out->us, term.value, kMicrosPerSecond) && AddTo(&out->us, term.micros, 1);
  }
  if (term.has_fraction) return false;
  if (in.AcceptWord("year")) return AddTo(&out->months, term.value, 12);
  if (in.AcceptWord("month")) return AddTo(&out->months, term.value, 1);
  if (in.AcceptWord("week")) return AddTo(&out->days, term.value, 7);
  if (in.AcceptWord("day")) return AddTo(&out->days, term.value, 1);
  if (in.AcceptWord("hour")) return AddTo(&out->us, term.value, kMicrosPerHour);
  if (in.AcceptWord("minute")) return AddTo(&out->us, term.value, kMicrosPerMinute);
  if (in.AcceptWord("millisecond")) return AddTo(&out->us, term.value, kMicrosPerMilli);
  return in.AcceptWord("microsecond") && AddTo(&out->us, term.value, 1);
}

/// The ANSI form: INTERVAL sign'…' units, or only what stands in the quotes.
class AnsiInterval {
 public:
  AnsiInterval(std::string_view text, const DataType& type) : in_(TrimText(text)), type_(type) {}
  /// Reads up to the first field; then fields; then Close.
  bool Open() {
    quoted_ = in_.AcceptWord("INTERVAL");
    if (quoted_) {
      if (!in_.SkipBlanks()) return false;
      sign_ = in_.Sign();
      if (!in_.Accept('\'')) return false;
    }
    sign_ *= in_.Sign();
    return true;
  }
  bool Close() {
    if (!quoted_) return in_.at_end();
    if (!in_.Accept('\'') || !in_.SkipBlanks()) return false;
    if (!in_.AcceptWord(kUnitNames[static_cast<int>(type_.first_unit())])) return false;
    if (type_.first_unit() != type_.last_unit()) {
      if (!in_.SkipBlanks() || !in_.AcceptWord("TO") || !in_.SkipBlanks()) return false;
      if (!in_.AcceptWord(kUnitNames[static_cast<int>(type_.last_unit())])) return false;
    }
    return in_.at_end();
  }
  Scanner& in() { return in_; }
  int sign() const { return sign_; }

 private:
  Scanner in_;
  const DataType& type_;
  bool quoted_ = false;
  int sign_ = 1;
};

bool ReadDayTimeField(Scanner& in, int unit, bool leading, int64_t sign, int64_t* us) {
  constexpr int64_t kMicros[] = {kMicrosPerDay, kMicrosPerHour, kMicrosPerMinute, kMicrosPerSecond};
  constexpr int64_t kMax[] = {0, 23, 59, 59};
  constexpr char kBefore[] = {0, ' ', ':', ':'};
  int64_t value = 0;
  if (!leading && !in.Accept(kBefore[unit])) return false;
  if (!in.Number(leading ? 19 : 2, &value) || (!leading && value > kMax[unit])) return false;
  if (!AddTo(us, sign * value, kMicros[unit])) return false;
  int64_t nanos = 0;
  if (unit == 3 && in.Accept('.') && !in.Nanos(1, &nanos)) return false;
  return AddTo(us, sign * (nanos / 1000), 1);
}

}  // namespace

bool ParseCalendarInterval(std::string_view text, CalendarInterval* out) {
  Scanner in(TrimText(text));
  *out = CalendarInterval();
  if (in.AcceptWord("interval") && !in.SkipBlanks()) return false;
  if (in.at_end()) return false;
  while (!in.at_end()) {
    Term term;
    if (!ReadTerm(in, &term) || !AddTerm(in, term, out)) return false;
    if (!in.AcceptWord("s") && in.at_end()) return true;
    if (!in.at_end() && !in.SkipBlanks()) return false;
  }
  return true;
}

bool ParseYearMonthInterval(std::string_view text, const DataType& type, int32_t* months) {
  AnsiInterval interval(text, type);
  if (!interval.Open()) return false;
  Scanner& in = interval.in();
  int64_t first = 0, month = 0;
  if (!in.Number(19, &first)) return false;
  if (type.first_unit() != type.last_unit()) {
    if (!in.Accept('-') || !in.Number(19, &month) || month > 11) return false;
  }
  *months = 0;
  const int64_t factor = type.first_unit() == IntervalUnit::kYear ? 12 : 1;
  return interval.Close() && AddTo(months, interval.sign() * first, factor) &&
         AddTo(months, interval.sign() * month, 1);
}

bool ParseDayTimeInterval(std::string_view text, const DataType& type, int64_t* us) {
  AnsiInterval interval(text, type);
  if (!interval.Open()) return false;
  const int first = static_cast<int>(type.first_unit()) - static_cast<int>(IntervalUnit::kDay);
  const int last = static_cast<int>(type.last_unit()) - static_cast<int>(IntervalUnit::kDay);
  *us = 0;
  for (int unit = first; unit <= last; ++unit) {
    if (!ReadDayTimeField(interval.in(), unit, unit == first, interval.sign(), us)) return false;
  }
  return interval.Close();
}

}  // namespace thalweg
