// Decimal arithmetic against wide integers that are put together again, and against values that
// Spark gives (conformance/expressions/arith_decimal.jsonl).
#include "functions/decimal_math.h"

#include <gtest/gtest.h>

#include "data/test_random.h"
#include "data/text.h"
#include "functions/wide_integer.h"

namespace thalweg {
namespace {

WideInteger RandomWide(TestRandom& random, int words_max) {
  WideInteger value;
  const int words = random.Below(words_max + 1);
  for (int i = 0; i < words; ++i) {
    const auto bits = static_cast<uint32_t>(random.Next());
    value.words[i] = random.OneIn(4) ? 0xFFFFFFFFu : random.OneIn(4) ? 0 : bits;
  }
  return value;
}

TEST(WideIntegerTest, QuotientAndRemainderMakeTheDividend) {
  TestRandom random(3);
  for (int round = 0; round < 20000; ++round) {
    const WideInteger a = RandomWide(random, 12);
    WideInteger b = RandomWide(random, 4);
    if (b.is_zero()) b = WideInteger::Of(1);
    WideInteger rest;
    const WideInteger quotient = Divide(a, b, &rest);
    ASSERT_LT(Compare(rest, b), 0);
    const WideInteger back = Add(Multiply(quotient, b.low128()), rest);
    ASSERT_EQ(Compare(back, a), 0);
  }
}

TEST(WideIntegerTest, LongDivisorsToo) {
  TestRandom random(5);
  for (int round = 0; round < 20000; ++round) {
    const WideInteger b = Add(RandomWide(random, 8), WideInteger::Of(1));
    const auto quotient = static_cast<unsigned __int128>(random.Next());
    WideInteger rest;
    (void)Divide(RandomWide(random, 8), b, &rest);
    const WideInteger a = Add(Multiply(b, quotient), rest);
    WideInteger found_rest;
    ASSERT_EQ(Divide(a, b, &found_rest).low128(), quotient);
    ASSERT_EQ(Compare(found_rest, rest), 0);
  }
}

using Operation = bool (*)(Decimal128, Decimal128, const DecimalShape&, Decimal128*);

std::string Text(Operation operation, Decimal128 a, Decimal128 b, const DecimalShape& shape) {
  Decimal128 value = 0;
  if (!operation(a, b, shape, &value)) return "overflow";
  std::string text;
  AppendDecimal(value, shape.scale, &text);
  return text;
}

TEST(DecimalMathTest, AsSparkComputes) {
  const Decimal128 small = 1;  // 1E-18
  EXPECT_EQ(Text(AddDecimals, 25'000'000'000, 777, {10, 2, 9, 38}), "10.270000000");
  EXPECT_EQ(Text(AddDecimals, -3, small, {0, 18, 6, 38}), "-3.000000");
  EXPECT_EQ(Text(MultiplyDecimals, small, small, {18, 18, 36, 38}),
            "0.000000000000000000000000000000000001");
  EXPECT_EQ(Text(MultiplyDecimals, small, 777, {18, 2, 16, 38}), "0.0000000000000000");
  EXPECT_EQ(Text(DivideDecimals, 11, -3, {1, 0, 37, 38}),
            "-0.3666666666666666666666666666666666667");
  EXPECT_EQ(Text(DivideDecimals, 777, small, {2, 18, 19, 38}),
            "7770000000000000000.0000000000000000000");
  EXPECT_EQ(Text(DivideDecimals, 10, 3, {0, 0, 6, 38}), "3.333333");
  EXPECT_EQ(Text(RemainderOfDecimals, -3, 25'000'000'000, {0, 10, 10, 38}), "-0.5000000000");
  EXPECT_EQ(Text(DivideDecimalsToInteger, -300, 25, {0, 1, 0, 38}), "-120");
  const Decimal128 largest = PowerOfTen(38) - 1;
  EXPECT_EQ(Text(AddDecimals, largest, 1, {0, 0, 0, 38}), "overflow");
  EXPECT_EQ(Text(AddDecimals, largest, -largest, {0, 38, 6, 38}), "overflow");
  EXPECT_EQ(Text(MultiplyDecimals, largest, largest, {38, 38, 38, 38}),
            "0.99999999999999999999999999999999999998");
  EXPECT_EQ(Text(DivideDecimals, largest, largest, {38, 0, 38, 38}),
            "0.00000000000000000000000000000000000001");
}

TEST(DecimalMathTest, QuotientsAreRoundedAt38DigitsFirst) {
  // 4.5E-38 becomes 5E-38, and that 1E-37.
  EXPECT_EQ(Text(DivideDecimals, 45, 100, {37, 0, 37, 38}),
            "0.0000000000000000000000000000000000001");
  EXPECT_EQ(Text(DivideDecimals, 44, 100, {37, 0, 37, 38}),
            "0.0000000000000000000000000000000000000");
  EXPECT_EQ(Text(DivideDecimals, 5, 10, {0, 0, 0, 38}), "1");
  EXPECT_EQ(Text(DivideDecimals, 49, 100, {0, 0, 0, 38}), "0");
}

TEST(DecimalMathTest, RescalesHalfUp) {
  Decimal128 value = 0;
  EXPECT_TRUE(RescaleDecimal(-2345, 3, 2, 3, &value));
  EXPECT_EQ(static_cast<int>(value), -235);
  EXPECT_FALSE(RescaleDecimal(9995, 3, 2, 3, &value));
  EXPECT_FALSE(RescaleDecimal(PowerOfTen(37), 0, 2, 38, &value));
  EXPECT_EQ(DecimalToDouble(1, 1), 0.1);
  EXPECT_EQ(DecimalToDouble(PowerOfTen(38) - 1, 2), 1e36);
  EXPECT_EQ(DecimalToFloat(16777217, 0), 16777216.0f);
}

}  // namespace
}  // namespace thalweg
