// Numbers as decimal digits with a point, rounded and grouped: what format_number and format_string
// print. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "data/value.h"

namespace thalweg {

/// A finite number: digits before and behind the point.
struct DecimalText {
  bool negative = false;
  std::string whole;     // without leading zeros; "" is 0
  std::string fraction;  // as long as the number has digits
};

/// The shortest digits that are this double, as Double.toString has them.
DecimalText DecimalTextOf(double value);
DecimalText DecimalTextOf(int128_t unscaled, int scale);

/// How the digits that are cut off round the last one.
enum class TextRounding : uint8_t { kHalfUp, kHalfEven };
/// Rounds to `digits` behind the point, or fills up with zeros. `beyond`: the sign of what the
/// number has beyond its digits; decides at a tie.
void RoundText(int digits, TextRounding rounding, int beyond, DecimalText* text);
/// "1234567" as "1,234,567".
std::string Grouped(std::string_view digits);

}  // namespace thalweg
