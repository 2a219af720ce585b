// Dates, times and timestamps as Spark's formatters print them: years beyond 9999 carry a sign.
#include "data/calendar.h"
#include "data/text.h"
#include "data/time_zone.h"

namespace thalweg {
namespace {

/// Collects a short text and appends it at once.
class TextBuffer {
 public:
  explicit TextBuffer(std::string* out) : out_(out) {}
  ~TextBuffer() { out_->append(text_, end_ - text_); }
  TextBuffer(const TextBuffer&) = delete;
  TextBuffer& operator=(const TextBuffer&) = delete;

  void Char(char c) { *end_++ = c; }
  void TwoDigits(int64_t value) {
    Char(static_cast<char>('0' + value / 10));
    Char(static_cast<char>('0' + value % 10));
  }
  void Padded(int64_t value, int width);
  void Date(int64_t days);
  void Clock(int64_t seconds);
  void Fraction(int64_t value, int digits);

 private:
  std::string* const out_;
  char text_[64];
  char* end_ = text_;
};

void TextBuffer::Padded(int64_t value, int width) {
  int digits = width;
  for (int64_t bound = 10'000; width == 4 && value >= bound; bound *= 10) ++digits;
  end_ += digits;
  for (char* p = end_; digits > 0; --digits, value /= 10) {
    *--p = static_cast<char>('0' + value % 10);
  }
}

void TextBuffer::Date(int64_t days) {
  const CivilDate date = CivilFromDays(days);
  if (date.year < 0) Char('-');
  if (date.year > 9999) Char('+');
  Padded(date.year < 0 ? -int64_t{date.year} : date.year, 4);
  Char('-');
  TwoDigits(date.month);
  Char('-');
  TwoDigits(date.day);
}

void TextBuffer::Clock(int64_t seconds) {
  const int32_t narrow = static_cast<int32_t>(seconds);
  TwoDigits(narrow / 3600);
  Char(':');
  TwoDigits(narrow / 60 % 60);
  Char(':');
  TwoDigits(narrow % 60);
}

void TextBuffer::Fraction(int64_t value, int digits) {
  if (value == 0) return;
  Char('.');
  Padded(value, digits);
  while (end_[-1] == '0') --end_;
}

}  // namespace

void AppendFraction(int64_t value, int digits, std::string* out) {
  TextBuffer(out).Fraction(value, digits);
}

void AppendDate(int32_t days, std::string* out) {
  TextBuffer(out).Date(days);
}

void AppendTimestampNtz(int64_t us, std::string* out) {
  const int64_t in_day = FloorMod(us, kMicrosPerDay);
  TextBuffer text(out);
  text.Date(DayOfMicros(us));
  text.Char(' ');
  text.Clock(in_day / kMicrosPerSecond);
  text.Fraction(in_day % kMicrosPerSecond, 6);
}

void AppendTimestamp(int64_t us, const TimeZone& zone, std::string* out) {
  AppendTimestampNtz(zone.ToLocal(us), out);
}

void AppendTime(int64_t ns, std::string* out) {
  TextBuffer text(out);
  text.Clock(ns / 1'000'000'000);
  text.Fraction(ns % 1'000'000'000, 9);
}

void AppendIsoMillisUtc(int64_t us, std::string* out) {
  const int64_t in_day = FloorMod(us, kMicrosPerDay);
  TextBuffer text(out);
  text.Date(DayOfMicros(us));
  text.Char('T');
  text.Clock(in_day / kMicrosPerSecond);
  text.Char('.');
  text.Padded(in_day % kMicrosPerSecond / kMicrosPerMilli, 3);
  text.Char('Z');
}

}  // namespace thalweg
