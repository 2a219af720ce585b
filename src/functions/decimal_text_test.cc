#include "functions/decimal_text.h"

#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>

namespace thalweg {
namespace {

std::string Plain(const DecimalText& text) {
  return (text.negative ? "-" : "") + (text.whole.empty() ? "0" : text.whole) +
         (text.fraction.empty() ? "" : "." + text.fraction);
}
std::string Rounded(double value, int digits, TextRounding rounding) {
  DecimalText text = DecimalTextOf(value);
  RoundText(digits, rounding, 0, &text);
  return Plain(text);
}

TEST(DecimalText, TakesDoublesApart) {
  EXPECT_EQ(Plain(DecimalTextOf(0.0)), "0");
  EXPECT_EQ(Plain(DecimalTextOf(-0.0)), "-0");
  EXPECT_EQ(Plain(DecimalTextOf(123.45)), "123.45");
  EXPECT_EQ(Plain(DecimalTextOf(1e20)), "100000000000000000000");
  EXPECT_EQ(Plain(DecimalTextOf(-1.5e-7)), "-0.00000015");
}

TEST(DecimalText, RoundsTheDigitsAsTheyStand) {
  EXPECT_EQ(Rounded(2.345, 2, TextRounding::kHalfUp), "2.35");
  EXPECT_EQ(Rounded(0.35, 1, TextRounding::kHalfUp), "0.4");
  EXPECT_EQ(Rounded(2.5, 0, TextRounding::kHalfUp), "3");
  EXPECT_EQ(Rounded(2.5, 0, TextRounding::kHalfEven), "2");
  EXPECT_EQ(Rounded(999.96, 1, TextRounding::kHalfEven), "1000.0");
  EXPECT_EQ(Rounded(0.1, 4, TextRounding::kHalfEven), "0.1000");
  EXPECT_EQ(Grouped("1234567"), "1,234,567");
  EXPECT_EQ(Grouped("123"), "123");
  EXPECT_EQ(Grouped(""), "");
}

/// The slow twin: whole numbers.
std::string SlowRound(int64_t unscaled, int scale, int digits, TextRounding rounding) {
  int64_t divisor = 1;
  for (int i = digits; i < scale; ++i) divisor *= 10;
  const bool negative = unscaled < 0;
  const int64_t size = std::llabs(unscaled);
  int64_t quotient = size / divisor;
  const int64_t rest = size % divisor;
  if (2 * rest > divisor) ++quotient;
  if (2 * rest == divisor && (rounding == TextRounding::kHalfUp || quotient % 2 == 1)) ++quotient;
  int64_t unit = 1;
  for (int i = 0; i < digits; ++i) unit *= 10;
  char text[64];
  if (digits == 0) {
    std::snprintf(text, sizeof text, "%lld", static_cast<long long>(quotient));
  } else {
    std::snprintf(text, sizeof text, "%lld.%0*lld", static_cast<long long>(quotient / unit), digits,
                  static_cast<long long>(quotient % unit));
  }
  return (negative ? "-" : "") + std::string(text);
}

TEST(DecimalText, AgreesWithTheSlowTwin) {
  uint64_t random = 88172645463325252ull;
  for (int i = 0; i < 20'000; ++i) {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    const int scale = static_cast<int>(random % 6);
    const int digits = static_cast<int>(random / 8 % static_cast<uint64_t>(scale + 1));
    const auto unscaled = static_cast<int64_t>(random >> 20) % 10'000'000 - 5'000'000;
    for (const TextRounding rounding : {TextRounding::kHalfUp, TextRounding::kHalfEven}) {
      DecimalText text = DecimalTextOf(int128_t{unscaled}, scale);
      RoundText(digits, rounding, 0, &text);
      ASSERT_EQ(Plain(text), SlowRound(unscaled, scale, digits, rounding)) << unscaled << scale;
    }
  }
}

}  // namespace
}  // namespace thalweg
