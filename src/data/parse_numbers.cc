#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "data/parse_text.h"
#include "data/type_text.h"

namespace thalweg {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsBlankOrControl(char c) {
  return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
}

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (EqualsIgnoringCase(text, word)) return true;
  }
  return false;
}

/// A number in pieces: [sign]whole[.fraction][exponent].
struct NumberText {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  int64_t exponent = 0;
  std::string_view unsigned_text;
};

// Reads digits from *at on.
std::string_view TakeDigits(std::string_view text, size_t* at) {
  const size_t begin = *at;
  while (*at < text.size() && IsDigit(text[*at])) ++*at;
  return text.substr(begin, *at - begin);
}

bool SplitNumber(std::string_view text, NumberText* out) {
  constexpr int64_t kExponentMax = 1'000'000'000;
  size_t at = 0;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    out->negative = text[0] == '-';
    at = 1;
  }
  out->unsigned_text = text.substr(at);
  out->whole = TakeDigits(text, &at);
  if (at < text.size() && text[at] == '.') {
    ++at;
    out->fraction = TakeDigits(text, &at);
  }
  if (out->whole.empty() && out->fraction.empty()) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool negative = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::string_view digits = TakeDigits(text, &at);
    if (digits.empty()) return false;
    for (const char c : digits) {
      out->exponent = std::min(10 * out->exponent + (c - '0'), kExponentMax);
    }
    if (negative) out->exponent = -out->exponent;
  }
  return at == text.size();
}

template <class T>
bool ParseHexFloat(std::string_view text, bool negative, T* out);

// What from_chars finds too large or too small is infinite or 0, by where its first digit stands.
template <class T>
T BeyondRange(const NumberText& number) {
  int64_t exponent = number.exponent + static_cast<int64_t>(number.whole.size());
  for (const std::string_view digits : {number.whole, number.fraction}) {
    for (const char c : digits) {
      if (c != '0') return exponent > 0 ? std::numeric_limits<T>::infinity() : T(0);
      --exponent;
    }
  }
  return 0;
}

template <class T>
bool ParseFloating(std::string_view text, T* out) {
  text = TrimText(text);
  const bool negative = !text.empty() && text[0] == '-';
  const bool sign = negative || (!text.empty() && text[0] == '+');
  const std::string_view word = text.substr(sign ? 1 : 0);
  if (IsOneOf(word, {"inf", "infinity"})) {
    *out = negative ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::infinity();
    return true;
  }
  if (word == "NaN" || EqualsIgnoringCase(text, "nan")) {
    *out = std::numeric_limits<T>::quiet_NaN();
    return true;
  }
  if (text.size() > 1 && std::strchr("dDfF", text.back()) != nullptr) text.remove_suffix(1);
  if (word.size() > 2 && word[0] == '0' && (word[1] == 'x' || word[1] == 'X')) {
    return ParseHexFloat(text.substr(sign ? 3 : 2), negative, out);
  }
  NumberText number;
  if (!SplitNumber(text, &number)) return false;
  const char* begin = number.unsigned_text.data();
  T value = 0;
  const auto result = std::from_chars(begin, begin + number.unsigned_text.size(), value);
  if (result.ec == std::errc::result_out_of_range) value = BeyondRange<T>(number);
  *out = negative ? -value : value;
  return true;
}

// "1.8p1" behind 0x: Java requires the exponent.
template <class T>
bool ParseHexFloat(std::string_view text, bool negative, T* out) {
  const size_t p = text.find_first_of("pP");
  if (p == std::string_view::npos || text[0] == '-') return false;
  T value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value, std::chars_format::hex);
  if (result.ec == std::errc::invalid_argument || result.ptr != end) return false;
  if (result.ec == std::errc::result_out_of_range) {
    const bool small = p + 1 < text.size() && text[p + 1] == '-';
    value = small ? T(0) : std::numeric_limits<T>::infinity();
  }
  *out = negative ? -value : value;
  return true;
}

}  // namespace

std::string_view TrimText(std::string_view text) {
  while (!text.empty() && IsBlankOrControl(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlankOrControl(text.back())) text.remove_suffix(1);
  return text;
}

bool ParseBoolean(std::string_view text, bool* out) {
  text = TrimText(text);
  *out = IsOneOf(text, {"t", "true", "y", "yes", "1"});
  return *out || IsOneOf(text, {"f", "false", "n", "no", "0"});
}

bool ParseInt64(std::string_view text, bool allow_fraction, int64_t* out) {
  text = TrimText(text);
  if (text.empty()) return false;
  const bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.remove_prefix(1);
  if (text.empty()) return false;
  size_t at = 0;
  int64_t value = 0;  // negative: the range below zero is the larger one
  for (; at < text.size() && text[at] != '.'; ++at) {
    if (!IsDigit(text[at]) || __builtin_mul_overflow(value, 10, &value) ||
        __builtin_sub_overflow(value, text[at] - '0', &value)) {
      return false;
    }
  }
  if (at < text.size()) {
    if (!allow_fraction) return false;
    ++at;
    (void)TakeDigits(text, &at);
    if (at < text.size()) return false;
  }
  if (!negative && value == INT64_MIN) return false;
  *out = negative ? value : -value;
  return true;
}

bool ParseDouble(std::string_view text, double* out) {
  return ParseFloating(text, out);
}

bool ParseFloat(std::string_view text, float* out) {
  return ParseFloating(text, out);
}

DecimalText ParseDecimal(std::string_view text, int precision, int scale, int128_t* out) {
  NumberText number;
  if (!SplitNumber(TrimText(text), &number)) return DecimalText::kMalformed;
  const int64_t whole = static_cast<int64_t>(number.whole.size());
  const int64_t digits = whole + static_cast<int64_t>(number.fraction.size());
  const auto digit = [&](int64_t i) {
    return (i < whole ? number.whole[i] : number.fraction[i - whole]) - '0';
  };
  int64_t first = 0;
  while (first < digits && digit(first) == 0) ++first;
  *out = 0;
  if (first == digits) return DecimalText::kOk;
  // Digits [first, keep) are the unscaled value; those behind are rounded off, missing ones are 0.
  const int64_t keep = whole + number.exponent + scale;
  if (keep - first > precision) return DecimalText::kOverflow;
  int128_t value = 0;
  for (int64_t i = first; i < keep; ++i) value = 10 * value + (i < digits ? digit(i) : 0);
  if (keep >= first && keep < digits && digit(keep) >= 5) ++value;
  int128_t bound = 1;
  for (int i = 0; i < precision; ++i) bound *= 10;
  if (value >= bound) return DecimalText::kOverflow;
  *out = number.negative ? -value : value;
  return DecimalText::kOk;
}

}  // namespace thalweg
