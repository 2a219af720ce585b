// Casts of year-month and day-time intervals among each other and to and from exact numbers, which
// count the last unit of the interval type. What does not fit raises CAST_OVERFLOW in every mode
// but try_cast.
#include <limits>

#include "data/calendar.h"
#include "functions/cast_loops.h"
#include "functions/decimal_math.h"

namespace thalweg {
namespace {

/// Months or microseconds of the last unit of an interval type.
int64_t UnitOf(const DataType& interval) {
  switch (interval.last_unit()) {
    case IntervalUnit::kYear:
      return 12;
    case IntervalUnit::kMonth:
      return 1;
    case IntervalUnit::kDay:
      return kMicrosPerDay;
    case IntervalUnit::kHour:
      return kMicrosPerHour;
    case IntervalUnit::kMinute:
      return kMicrosPerMinute;
    case IntervalUnit::kSecond:
      return kMicrosPerSecond;
  }
  return 1;
}

/// Cut off behind the last unit; seconds have microseconds.
template <class T>
Status IntervalToInterval(const KernelCall& call, Vector* out) {
  const DataType& to = *ContextOf(call).to;
  const bool whole = to.last_unit() == IntervalUnit::kSecond;
  const auto unit = static_cast<T>(whole ? 1 : UnitOf(to));
  return MapRows<T, T>(call, out, [unit](T value) { return static_cast<T>(value - value % unit); });
}

template <class From, class To>
Status IntervalToInteger(const KernelCall& call, Vector* out) {
  const int64_t unit = UnitOf(*ContextOf(call).from);
  return ConvertRows<From, To>(
      call, out,
      [unit](From value, To* result) {
        const int64_t count = value / unit;
        *result = static_cast<To>(count);
        return *result == count;
      },
      OverflowOf(call));
}

template <class From, class To>
Status IntervalToDecimal(const KernelCall& call, Vector* out) {
  const DataType& from = *ContextOf(call).from;
  const DataType& to = *ContextOf(call).to;
  const bool seconds = from.last_unit() == IntervalUnit::kSecond;
  const int64_t unit = seconds ? 1 : UnitOf(from);
  return ConvertRows<From, To>(
      call, out,
      [&](From value, To* result) {
        Decimal128 count = 0;
        const bool fits =
            RescaleDecimal(value / unit, seconds ? 6 : 0, to.scale(), to.precision(), &count);
        *result = static_cast<To>(count);
        return fits;
      },
      [&](int row) {
        return DecimalOutOfRange(SqlOfValue(*call.arguments[0], row), to, call.place);
      });
}

template <class From, class To>
Status IntegerToInterval(const KernelCall& call, Vector* out) {
  const int64_t unit = UnitOf(*ContextOf(call).to);
  return ConvertRows<From, To>(
      call, out,
      [unit](From value, To* result) {
        const Decimal128 length = Decimal128{value} * unit;
        *result = static_cast<To>(length);
        return *result == length;
      },
      OverflowOf(call));
}

/// Rounded half up to months or microseconds.
template <class From, class To>
Status DecimalToInterval(const KernelCall& call, Vector* out) {
  const int64_t unit = UnitOf(*ContextOf(call).to);
  const int scale = ContextOf(call).from->scale();
  return ConvertRows<From, To>(
      call, out,
      [&](From value, To* result) {
        Decimal128 length = 0;
        const DecimalShape shape = {scale, 0, 0, kDecimalDigitsMax};
        if (!MultiplyDecimals(value, unit, shape, &length)) return false;
        *result = static_cast<To>(length);
        return *result == length;
      },
      OverflowOf(call));
}

template <class From>
Kernel FromInterval(const DataType& to) {
  switch (to.kind()) {
    case TypeKind::kTinyint:
      return IntervalToInteger<From, int8_t>;
    case TypeKind::kSmallint:
      return IntervalToInteger<From, int16_t>;
    case TypeKind::kInt:
      return IntervalToInteger<From, int32_t>;
    case TypeKind::kBigint:
      return IntervalToInteger<From, int64_t>;
    case TypeKind::kDecimal:
      return to.physical() == PhysicalKind::kInt64 ? IntervalToDecimal<From, int64_t>
                                                   : IntervalToDecimal<From, Decimal128>;
    default:
      return nullptr;
  }
}

template <class To>
Kernel ToInterval(const DataType& from) {
  switch (from.kind()) {
    case TypeKind::kTinyint:
      return IntegerToInterval<int8_t, To>;
    case TypeKind::kSmallint:
      return IntegerToInterval<int16_t, To>;
    case TypeKind::kInt:
      return IntegerToInterval<int32_t, To>;
    case TypeKind::kBigint:
      return IntegerToInterval<int64_t, To>;
    case TypeKind::kDecimal:
      return from.physical() == PhysicalKind::kInt64 ? DecimalToInterval<int64_t, To>
                                                     : DecimalToInterval<Decimal128, To>;
    default:
      return nullptr;
  }
}

}  // namespace

Kernel IntervalCast(const DataType& from, const DataType& to) {
  const bool from_months = from.Is(TypeKind::kYearMonthInterval);
  const bool from_micros = from.Is(TypeKind::kDayTimeInterval);
  const bool to_months = to.Is(TypeKind::kYearMonthInterval);
  const bool to_micros = to.Is(TypeKind::kDayTimeInterval);
  if (from_months) return to_months ? IntervalToInterval<int32_t> : FromInterval<int32_t>(to);
  if (from_micros) return to_micros ? IntervalToInterval<int64_t> : FromInterval<int64_t>(to);
  if (to_months) return ToInterval<int32_t>(from);
  return to_micros ? ToInterval<int64_t>(from) : nullptr;
}

}  // namespace thalweg
