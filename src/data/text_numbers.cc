// Numbers as Java prints them. Double.toString since JDK 19: the decimal of the fewest digits, but
// at least two, that rounds to the value, and of those the nearest one.
#include <charconv>
#include <cmath>
#include <cstring>

#include "data/text.h"

namespace thalweg {
namespace {

/// d.ddd × 10^exponent.
struct Digits {
  char text[32];
  int count = 0;
  int exponent = 0;
};

template <class T>
Digits ShortestDigits(T value);
void AppendJavaFloating(const Digits& digits, std::string* out);

template <class T>
void AppendFloating(T value, std::string* out) {
  if (std::isnan(value)) {
    *out += "NaN";
    return;
  }
  if (std::signbit(value)) *out += '-';
  if (std::isinf(value)) {
    *out += "Infinity";
  } else if (value == 0) {
    *out += "0.0";
  } else {
    AppendJavaFloating(ShortestDigits(std::abs(value)), out);
  }
}

// Writes the digits of `value` so that they end at `end`; returns where they begin.
char* WriteDigits(uint64_t value, char* end) {
  do {
    *--end = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  return end;
}

}  // namespace

void AppendInt64(int64_t value, std::string* out) {
  char buffer[20];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof(buffer), value);
  out->append(buffer, end);
}

void AppendInt128(int128_t value, std::string* out) {
  constexpr uint64_t kTenTo19 = 10'000'000'000'000'000'000ull;
  unsigned __int128 rest =
      value < 0 ? -static_cast<unsigned __int128>(value) : static_cast<unsigned __int128>(value);
  char buffer[40];
  char* const end = buffer + sizeof(buffer);
  char* chunk_end = end;
  char* begin = WriteDigits(static_cast<uint64_t>(rest % kTenTo19), chunk_end);
  for (rest /= kTenTo19; rest != 0; rest /= kTenTo19) {
    chunk_end -= 19;
    while (begin > chunk_end) *--begin = '0';
    begin = WriteDigits(static_cast<uint64_t>(rest % kTenTo19), chunk_end);
  }
  if (value < 0) *--begin = '-';
  out->append(begin, end);
}

void AppendDouble(double value, std::string* out) {
  AppendFloating(value, out);
}

void AppendFloat(float value, std::string* out) {
  AppendFloating(value, out);
}

void AppendDecimal(int128_t unscaled, int scale, std::string* out) {
  std::string digits;
  AppendInt128(unscaled < 0 ? -unscaled : unscaled, &digits);
  if (unscaled < 0) *out += '-';
  const int missing = scale + 1 - static_cast<int>(digits.size());
  if (missing > 0) digits.insert(0, missing, '0');
  out->append(digits, 0, digits.size() - scale);
  if (scale == 0) return;
  *out += '.';
  out->append(digits, digits.size() - scale, scale);
}

void AppendDecimalScientific(int128_t unscaled, int scale, std::string* out) {
  std::string digits;
  AppendInt128(unscaled < 0 ? -unscaled : unscaled, &digits);
  const int exponent = static_cast<int>(digits.size()) - 1 - scale;
  if (exponent >= -6) return AppendDecimal(unscaled, scale, out);
  if (unscaled < 0) *out += '-';
  *out += digits[0];
  if (digits.size() > 1) {
    *out += '.';
    out->append(digits, 1);
  }
  *out += 'E';
  AppendInt64(exponent, out);
}

namespace {

template <class T>
Digits ShortestDigits(T value) {
  char text[32];
  auto end = std::to_chars(text, text + sizeof(text), value, std::chars_format::scientific).ptr;
  if (text[1] == 'e') {  // one digit: of those with two the nearest
    end = std::to_chars(text, text + sizeof(text), value, std::chars_format::scientific, 1).ptr;
  }
  Digits digits;
  const char* p = text;
  for (; *p != 'e'; ++p) {
    if (*p != '.') digits.text[digits.count++] = *p;
  }
  ++p;  // "e+10", "e-05"
  std::from_chars(*p == '+' ? p + 1 : p, end, digits.exponent);
  if (digits.count == 2 && digits.text[1] == '0') digits.count = 1;
  return digits;
}

void AppendJavaFloating(const Digits& digits, std::string* out) {
  const char* text = digits.text;
  const int exponent = digits.exponent;
  char buffer[40];
  char* end = buffer;
  const auto put = [&end](const char* from, int count) {
    std::memcpy(end, from, count);
    end += count;
  };
  if (exponent >= -3 && exponent < 0) {
    put("0.00", 1 - exponent);
    put(text, digits.count);
  } else {
    const bool plain = exponent >= 0 && exponent < 7;
    const int whole = plain ? exponent + 1 : 1;
    for (int i = 0; i < whole; ++i) *end++ = i < digits.count ? text[i] : '0';
    *end++ = '.';
    if (digits.count > whole) {
      put(text + whole, digits.count - whole);
    } else {
      *end++ = '0';
    }
    if (!plain) {
      *end++ = 'E';
      end = std::to_chars(end, buffer + sizeof(buffer), exponent).ptr;
    }
  }
  out->append(buffer, end - buffer);
}

}  // namespace
}  // namespace thalweg
