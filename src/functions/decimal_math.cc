#include "functions/decimal_math.h"

#include <array>
#include <cmath>
#include <string>

#include "data/parse_text.h"
#include "data/text.h"
#include "functions/wide_integer.h"

namespace thalweg {
namespace {

constexpr std::array<Decimal128, kDecimalDigitsMax + 1> MakePowers() {
  std::array<Decimal128, kDecimalDigitsMax + 1> powers{};
  Decimal128 power = 1;
  for (int i = 0; i <= kDecimalDigitsMax; ++i) {
    powers[i] = power;
    if (i < kDecimalDigitsMax) power *= 10;
  }
  return powers;
}
constexpr auto kPowers = MakePowers();
constexpr double kDoublePowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr int kDigitsOfContext = kDecimalDigitsMax + 1;  // Decimal.MATH_CONTEXT

using Unsigned = unsigned __int128;

Unsigned Magnitude(Decimal128 value) {
  return value < 0 ? Unsigned{0} - static_cast<Unsigned>(value) : static_cast<Unsigned>(value);
}

WideInteger Times10(WideInteger value, int power) {
  for (; power > kDecimalDigitsMax; power -= kDecimalDigitsMax) {
    value = Multiply(value, static_cast<Unsigned>(kPowers[kDecimalDigitsMax]));
  }
  return Multiply(value, static_cast<Unsigned>(kPowers[power]));
}

/// value / 10^power, rounded half up (away from zero).
WideInteger RoundedOff(WideInteger value, int power) {
  while (power > 0) {
    // All but the last digits are cut, the last one decides.
    const int step = power > 1 ? (power - 1 < 18 ? power - 1 : 18) : 1;
    WideInteger remainder;
    const WideInteger divisor = WideInteger::Of(static_cast<Unsigned>(kPowers[step]));
    value = Divide(value, divisor, &remainder);
    if (power == 1 && remainder.low128() >= 5) value = Add(value, WideInteger::Of(1));
    power -= step;
  }
  return value;
}

bool Finish(const WideInteger& magnitude, bool negative, int precision, Decimal128* out) {
  const WideInteger limit = WideInteger::Of(static_cast<Unsigned>(kPowers[precision]));
  if (Compare(magnitude, limit) >= 0) return false;
  const auto value = static_cast<Decimal128>(magnitude.low128());
  *out = negative ? -value : value;
  return true;
}

int DigitsOf(const WideInteger& value) {
  int digits = 0;
  WideInteger power = WideInteger::Of(1);
  while (Compare(value, power) >= 0) {
    power = Multiply(power, 10);
    ++digits;
  }
  return digits;
}

}  // namespace

Decimal128 PowerOfTen(int n) {
  return kPowers[n];
}

bool FitsPrecision(Decimal128 value, int precision) {
  return value < kPowers[precision] && value > -kPowers[precision];
}

bool RescaleDecimal(Decimal128 value, int from_scale, int to_scale, int precision,
                    Decimal128* out) {
  if (to_scale >= from_scale) {
    Decimal128 scaled = 0;
    if (__builtin_mul_overflow(value, kPowers[to_scale - from_scale], &scaled)) return false;
    *out = scaled;
    return FitsPrecision(scaled, precision);
  }
  const Decimal128 power = kPowers[from_scale - to_scale];
  Decimal128 scaled = value / power;
  const Decimal128 rest = value % power;
  const Decimal128 half = power / 2;  // a power of ten is even
  if (rest >= half) ++scaled;
  if (rest <= -half) --scaled;
  *out = scaled;
  return FitsPrecision(scaled, precision);
}

Decimal128 TruncateDecimal(Decimal128 value, int scale) {
  return scale == 0 ? value : value / kPowers[scale];
}

double DecimalToDouble(Decimal128 value, int scale) {
  constexpr Decimal128 kExact = Decimal128{1} << 53;
  if (value <= kExact && value >= -kExact && scale <= 22) {
    return static_cast<double>(static_cast<int64_t>(value)) / kDoublePowers[scale];
  }
  std::string text;
  AppendDecimal(value, scale, &text);
  double number = 0;
  (void)ParseDouble(text, &number);
  return number;
}

float DecimalToFloat(Decimal128 value, int scale) {
  constexpr Decimal128 kExact = Decimal128{1} << 24;
  if (value <= kExact && value >= -kExact && scale <= 10) {
    return static_cast<float>(static_cast<int32_t>(value)) /
           static_cast<float>(kDoublePowers[scale]);
  }
  std::string text;
  AppendDecimal(value, scale, &text);
  float number = 0;
  (void)ParseFloat(text, &number);
  return number;
}

bool AddDecimals(Decimal128 a, Decimal128 b, const DecimalShape& shape, Decimal128* out) {
  const int scale = shape.left_scale > shape.right_scale ? shape.left_scale : shape.right_scale;
  Decimal128 left = 0;
  Decimal128 right = 0;
  Decimal128 sum = 0;
  const bool narrow = !__builtin_mul_overflow(a, kPowers[scale - shape.left_scale], &left) &&
                      !__builtin_mul_overflow(b, kPowers[scale - shape.right_scale], &right) &&
                      !__builtin_add_overflow(left, right, &sum);
  if (narrow) return RescaleDecimal(sum, scale, shape.scale, shape.precision, out);
  const WideInteger x = Times10(WideInteger::Of(Magnitude(a)), scale - shape.left_scale);
  const WideInteger y = Times10(WideInteger::Of(Magnitude(b)), scale - shape.right_scale);
  const bool same_sign = (a < 0) == (b < 0);
  const bool x_larger = Compare(x, y) >= 0;
  const WideInteger wide = same_sign ? Add(x, y) : x_larger ? Subtract(x, y) : Subtract(y, x);
  const bool negative = x_larger ? a < 0 : b < 0;
  return Finish(RoundedOff(wide, scale - shape.scale), negative, shape.precision, out);
}

/// Spark rounds the product to 39 digits, then to the scale.
bool MultiplyDecimals(Decimal128 a, Decimal128 b, const DecimalShape& shape, Decimal128* out) {
  const int scale = shape.left_scale + shape.right_scale;
  Decimal128 product = 0;
  if (!__builtin_mul_overflow(a, b, &product) && FitsPrecision(product, kDecimalDigitsMax) &&
      scale - shape.scale <= kDecimalDigitsMax) {
    return RescaleDecimal(product, scale, shape.scale, shape.precision, out);
  }
  WideInteger wide = Multiply(WideInteger::Of(Magnitude(a)), Magnitude(b));
  int drop = scale - shape.scale;
  if (const int extra = DigitsOf(wide) - kDigitsOfContext; extra > 0) {
    wide = RoundedOff(wide, extra);
    drop -= extra;
  }
  const bool negative = (a < 0) != (b < 0);
  wide = drop >= 0 ? RoundedOff(wide, drop) : Times10(wide, -drop);
  return Finish(wide, negative, shape.precision, out);
}

/// Spark rounds the quotient to 38 digits behind the point, then to the scale: a fraction that ends
/// just below a half is rounded up by both.
bool DivideDecimals(Decimal128 a, Decimal128 b, const DecimalShape& shape, Decimal128* out) {
  const int shift = shape.scale + shape.right_scale - shape.left_scale;
  WideInteger dividend = WideInteger::Of(Magnitude(a));
  WideInteger divisor = WideInteger::Of(Magnitude(b));
  (shift >= 0 ? dividend : divisor) =
      Times10(shift >= 0 ? dividend : divisor, shift >= 0 ? shift : -shift);
  WideInteger rest;
  WideInteger quotient = Divide(dividend, divisor, &rest);
  const int more = kDecimalDigitsMax - shape.scale;
  // 2 rest 10^more >= divisor (10^more - 1)
  const WideInteger doubled = Times10(Add(rest, rest), more);
  const WideInteger bound = Subtract(Times10(divisor, more), divisor);
  if (!rest.is_zero() && Compare(doubled, bound) >= 0 &&
      (more > 0 || Compare(Add(rest, rest), divisor) >= 0)) {
    quotient = Add(quotient, WideInteger::Of(1));
  }
  return Finish(quotient, (a < 0) != (b < 0), shape.precision, out);
}

bool RemainderOfDecimals(Decimal128 a, Decimal128 b, const DecimalShape& shape, Decimal128* out) {
  const int scale = shape.left_scale > shape.right_scale ? shape.left_scale : shape.right_scale;
  const WideInteger x = Times10(WideInteger::Of(Magnitude(a)), scale - shape.left_scale);
  const WideInteger y = Times10(WideInteger::Of(Magnitude(b)), scale - shape.right_scale);
  WideInteger rest;
  (void)Divide(x, y, &rest);
  const int shift = shape.scale - scale;
  rest = shift >= 0 ? Times10(rest, shift) : RoundedOff(rest, -shift);
  return Finish(rest, a < 0, shape.precision, out);
}

bool DivideDecimalsToInteger(Decimal128 a, Decimal128 b, const DecimalShape& shape,
                             Decimal128* out) {
  const int scale = shape.left_scale > shape.right_scale ? shape.left_scale : shape.right_scale;
  const WideInteger x = Times10(WideInteger::Of(Magnitude(a)), scale - shape.left_scale);
  const WideInteger y = Times10(WideInteger::Of(Magnitude(b)), scale - shape.right_scale);
  WideInteger rest;
  return Finish(Divide(x, y, &rest), (a < 0) != (b < 0), shape.precision, out);
}

}  // namespace thalweg
