// Arithmetic of unscaled DECIMAL values, as Spark's Decimal over java.math.BigDecimal: exact, then
// rounded half up. Intermediate values pass through more than 128 bits where they have to. Pure,
// any thread.
#pragma once

#include <cstdint>

namespace thalweg {

using Decimal128 = __int128;

inline constexpr int kDecimalDigitsMax = 38;

/// 10^n, 0 <= n <= 38.
Decimal128 PowerOfTen(int n);
/// Has at most `precision` digits.
bool FitsPrecision(Decimal128 value, int precision);
/// `value` of `from_scale` with `to_scale`, rounded half up; false beyond `precision` digits.
bool RescaleDecimal(Decimal128 value, int from_scale, int to_scale, int precision, Decimal128* out);
/// Without the fraction.
Decimal128 TruncateDecimal(Decimal128 value, int scale);
/// The nearest DOUBLE and FLOAT.
double DecimalToDouble(Decimal128 value, int scale);
float DecimalToFloat(Decimal128 value, int scale);

/// Scales of an operation and what its result must fit.
struct DecimalShape {
  int left_scale = 0;
  int right_scale = 0;
  int scale = 0;
  int precision = kDecimalDigitsMax;
};
/// Each false when the result has more than shape.precision digits. `b` of the last three is not 0.
bool AddDecimals(Decimal128 a, Decimal128 b, const DecimalShape& shape, Decimal128* out);
bool MultiplyDecimals(Decimal128 a, Decimal128 b, const DecimalShape& shape, Decimal128* out);
bool DivideDecimals(Decimal128 a, Decimal128 b, const DecimalShape& shape, Decimal128* out);
bool RemainderOfDecimals(Decimal128 a, Decimal128 b, const DecimalShape& shape, Decimal128* out);
/// The low 128 bits of the quotient without fraction; false beyond shape.precision digits.
bool DivideDecimalsToInteger(Decimal128 a, Decimal128 b, const DecimalShape& shape,
                             Decimal128* out);

}  // namespace thalweg
