// Casts between BOOLEAN and numbers. What does not fit raises CAST_OVERFLOW (ANSI), gives NULL
// (try) or wraps and saturates as Java's conversions do (legacy).
#include <cmath>
#include <limits>
#include <type_traits>

#include "functions/cast.h"
#include "functions/errors.h"
#include "functions/kernel_loops.h"

namespace thalweg {
namespace {

using Bool = uint8_t;  // told from TINYINT by its signedness

/// Java's (int) or (long) of a floating value: NaN is 0, the rest saturates.
template <class Int>
Int Saturated(double value) {
  constexpr double kLow = static_cast<double>(std::numeric_limits<Int>::min());
  constexpr double kHigh = -kLow;  // one more than the largest
  if (!(value == value)) return 0;
  if (value < kLow) return std::numeric_limits<Int>::min();
  if (value >= kHigh) return std::numeric_limits<Int>::max();
  return static_cast<Int>(value);
}

/// The value after an unchecked cast; `*failed` accumulates whether it did not fit.
template <class From, class To>
To Convert(From value, bool* failed) {
  if constexpr (std::is_same_v<To, Bool>) {
    return value != 0;
  } else if constexpr (std::is_floating_point_v<To> || std::is_same_v<From, Bool>) {
    return static_cast<To>(value);
  } else if constexpr (std::is_floating_point_v<From>) {
    const double exact = value;
    // Spark's test is floor(x) <= MAX and ceil(x) >= MIN, with MAX as a double: 2^63 for BIGINT.
    constexpr double kMin = static_cast<double>(std::numeric_limits<To>::min());
    constexpr double kMax = static_cast<double>(std::numeric_limits<To>::max());
    const bool fits =
        sizeof(To) == 8 ? exact >= kMin && exact <= kMax : exact > kMin - 1 && exact < kMax + 1;
    *failed |= !fits;
    if constexpr (sizeof(To) >= 4) return Saturated<To>(exact);
    return static_cast<To>(Saturated<int32_t>(exact));
  } else {
    const To narrow = static_cast<To>(value);
    *failed |= narrow != value;
    return narrow;
  }
}

template <class From, class To>
Status CastKernel(const KernelCall& call, Vector* out) {
  To* __restrict result = out->mutable_values<To>();
  const From* values = call.arguments[0]->values<From>();
  bool failed = false;
  ForEachRow(RowsOrAll(call), [&](int r) { result[r] = Convert<From, To>(values[r], &failed); });
  if (!failed) return Status::OK();
  FailRows(
      call, out,
      [&](int r) {
        bool row_failed = false;
        Convert<From, To>(values[r], &row_failed);
        return row_failed;
      },
      [&](int r) {
        return CastOverflow(SqlOfValue(*call.arguments[0], r), *call.arguments[0]->type(),
                            *out->type(), call.place);
      });
  return Status::OK();
}

template <class From>
Kernel CastFrom(TypeKind to) {
  switch (to) {
    case TypeKind::kBoolean:
      return CastKernel<From, Bool>;
    case TypeKind::kTinyint:
      return CastKernel<From, int8_t>;
    case TypeKind::kSmallint:
      return CastKernel<From, int16_t>;
    case TypeKind::kInt:
      return CastKernel<From, int32_t>;
    case TypeKind::kBigint:
      return CastKernel<From, int64_t>;
    case TypeKind::kFloat:
      return CastKernel<From, float>;
    case TypeKind::kDouble:
      return CastKernel<From, double>;
    default:
      return nullptr;
  }
}

}  // namespace

Kernel NumericCast(const DataType& from, const DataType& to) {
  switch (from.kind()) {
    case TypeKind::kBoolean:
      return CastFrom<Bool>(to.kind());
    case TypeKind::kTinyint:
      return CastFrom<int8_t>(to.kind());
    case TypeKind::kSmallint:
      return CastFrom<int16_t>(to.kind());
    case TypeKind::kInt:
      return CastFrom<int32_t>(to.kind());
    case TypeKind::kBigint:
      return CastFrom<int64_t>(to.kind());
    case TypeKind::kFloat:
      return CastFrom<float>(to.kind());
    case TypeKind::kDouble:
      return CastFrom<double>(to.kind());
    default:
      return nullptr;
  }
}

}  // namespace thalweg
