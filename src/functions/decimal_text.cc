#include "functions/decimal_text.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "data/text.h"

namespace thalweg {

// Double.toString: "123.45" or "1.2345E-7".
DecimalText DecimalTextOf(double value) {
  DecimalText text;
  text.negative = std::signbit(value);
  std::string printed;
  AppendDouble(std::fabs(value), &printed);
  const size_t e = printed.find('E');
  const int exponent = e == std::string::npos ? 0 : std::atoi(printed.c_str() + e + 1);
  const std::string mantissa = printed.substr(0, e);
  const size_t point = mantissa.find('.');
  std::string digits = mantissa.substr(0, point) + mantissa.substr(point + 1);
  int whole = static_cast<int>(point) + exponent;  // digits before the point
  if (whole < 0) {
    digits.insert(0, static_cast<size_t>(-whole), '0');
    whole = 0;
  }
  if (static_cast<size_t>(whole) > digits.size()) digits.append(whole - digits.size(), '0');
  text.whole = digits.substr(0, whole);
  text.fraction = digits.substr(whole);
  text.whole.erase(0, std::min(text.whole.find_first_not_of('0'), text.whole.size()));
  while (text.fraction.ends_with('0')) text.fraction.pop_back();
  return text;
}

DecimalText DecimalTextOf(int128_t unscaled, int scale) {
  DecimalText text;
  text.negative = unscaled < 0;
  std::string digits;
  AppendInt128(unscaled, &digits);
  if (text.negative) digits.erase(0, 1);
  if (static_cast<int>(digits.size()) < scale) digits.insert(0, scale - digits.size(), '0');
  text.whole = digits.substr(0, digits.size() - scale);
  text.fraction = digits.substr(digits.size() - scale);
  text.whole.erase(0, std::min(text.whole.find_first_not_of('0'), text.whole.size()));
  return text;
}

namespace {

// Whether what is cut off behind `digits` takes the last digit up.
bool RoundsUp(int digits, TextRounding rounding, int beyond, const DecimalText& text) {
  const char first = text.fraction[digits];
  if (first != '5') return first > '5';
  const bool more = text.fraction.find_first_not_of('0', digits + 1) != std::string::npos;
  if (more || rounding == TextRounding::kHalfUp) return true;
  if (beyond != 0) return beyond > 0;
  const std::string kept = text.whole + text.fraction.substr(0, digits);
  return !kept.empty() && (kept.back() - '0') % 2 != 0;
}

}  // namespace

void RoundText(int digits, TextRounding rounding, int beyond, DecimalText* text) {
  if (static_cast<int>(text->fraction.size()) <= digits) {
    text->fraction.append(digits - text->fraction.size(), '0');
    return;
  }
  const bool up = RoundsUp(digits, rounding, beyond, *text);
  text->fraction.resize(digits);
  if (!up) return;
  std::string all = "0" + text->whole + text->fraction;
  size_t at = all.size();
  while (all[--at] == '9') all[at] = '0';
  ++all[at];
  text->fraction = all.substr(all.size() - digits);
  text->whole = all.substr(0, all.size() - digits);
  text->whole.erase(0, std::min(text->whole.find_first_not_of('0'), text->whole.size()));
}

std::string Grouped(std::string_view digits) {
  std::string grouped;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return grouped;
}

}  // namespace thalweg
