// Casts of DATE, TIMESTAMP, TIMESTAMP_NTZ and TIME among each other and to and from numbers:
// TIMESTAMP counts seconds since 1970, days and wall clock times are those of the session zone.
#include <cmath>
#include <limits>

#include "data/calendar.h"
#include "data/parse_text.h"
#include "data/text.h"
#include "data/time_zone.h"
#include "functions/cast_loops.h"
#include "functions/decimal_math.h"

namespace thalweg {
namespace {

constexpr int64_t kNanosPerSecond = 1'000'000'000;
constexpr int64_t kDaysMax = std::numeric_limits<int64_t>::max() / kMicrosPerDay;

auto LongOverflowOf(const KernelCall& call) {
  return [&call](int) { return ArithmeticOverflow("long overflow", "", call.place); };
}

template <bool kZoned>
Status DateToTimestamp(const KernelCall& call, Vector* out) {
  ZoneCursor cursor(*ContextOf(call).zone);
  return ConvertRows<int32_t, int64_t>(
      call, out,
      [&](int32_t days, int64_t* us) {
        if (days > kDaysMax || days < -kDaysMax) return false;
        *us = days * kMicrosPerDay;
        if (kZoned) *us = cursor.ToInstant(*us);
        return true;
      },
      LongOverflowOf(call));
}

template <bool kZoned>
Status TimestampToDate(const KernelCall& call, Vector* out) {
  ZoneCursor cursor(*ContextOf(call).zone);
  return MapRows<int64_t, int32_t>(call, out, [&](int64_t us) {
    return static_cast<int32_t>(DayOfMicros(kZoned ? cursor.ToLocal(us) : us));
  });
}

Status TimestampToNtz(const KernelCall& call, Vector* out) {
  ZoneCursor cursor(*ContextOf(call).zone);
  return MapRows<int64_t, int64_t>(call, out, [&](int64_t us) { return cursor.ToLocal(us); });
}

Status NtzToTimestamp(const KernelCall& call, Vector* out) {
  ZoneCursor cursor(*ContextOf(call).zone);
  return MapRows<int64_t, int64_t>(call, out, [&](int64_t us) { return cursor.ToInstant(us); });
}

template <class To>
Status TimestampToInteger(const KernelCall& call, Vector* out) {
  return ConvertRows<int64_t, To>(
      call, out,
      [](int64_t us, To* result) {
        const int64_t seconds = FloorDiv(us, kMicrosPerSecond);
        *result = static_cast<To>(seconds);
        return *result == seconds;
      },
      OverflowOf(call));
}

double SecondsOf(int64_t us) {
  return static_cast<double>(us) / static_cast<double>(kMicrosPerSecond);
}

template <class To>
Status TimestampToFloating(const KernelCall& call, Vector* out) {
  return MapRows<int64_t, To>(call, out, [](int64_t us) { return static_cast<To>(SecondsOf(us)); });
}

/// Through the digits of a DOUBLE, as Spark does.
template <class To>
Status TimestampToDecimal(const KernelCall& call, Vector* out) {
  const DataType& to = *ContextOf(call).to;
  std::string text;
  return ConvertRows<int64_t, To>(
      call, out,
      [&](int64_t us, To* result) {
        text.clear();
        AppendDouble(SecondsOf(us), &text);
        Decimal128 value = 0;
        const DecimalText read = ParseDecimal(text, to.precision(), to.scale(), &value);
        *result = static_cast<To>(value);
        return read == DecimalText::kOk;
      },
      [&](int row) {
        return DecimalOutOfRange(SqlOfValue(*call.arguments[0], row), to, call.place);
      });
}

Status TimestampToBoolean(const KernelCall& call, Vector* out) {
  return MapRows<int64_t, uint8_t>(call, out, [](int64_t us) { return uint8_t{us != 0}; });
}

Status BooleanToTimestamp(const KernelCall& call, Vector* out) {
  return MapRows<uint8_t, int64_t>(call, out, [](uint8_t value) { return int64_t{value}; });
}

/// Seconds, saturating.
template <class From>
Status IntegerToTimestamp(const KernelCall& call, Vector* out) {
  return MapRows<From, int64_t>(call, out, [](From seconds) {
    int64_t us = 0;
    if (!__builtin_mul_overflow(int64_t{seconds}, kMicrosPerSecond, &us)) return us;
    return seconds < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
  });
}

template <class From>
Status FloatingToTimestamp(const KernelCall& call, Vector* out) {
  const bool saturates = ContextOf(call).mode == CastMode::kLegacy;
  constexpr double kLimit = 9223372036854775808.0;
  return ConvertRows<From, int64_t>(
      call, out,
      [&](From value, int64_t* result) {
        const double us = static_cast<double>(value) * static_cast<double>(kMicrosPerSecond);
        if (!std::isfinite(value)) return false;
        const bool fits = us >= -kLimit && us < kLimit;
        *result = fits     ? static_cast<int64_t>(us)
                  : us < 0 ? std::numeric_limits<int64_t>::min()
                           : std::numeric_limits<int64_t>::max();
        return fits || saturates || us == kLimit;
      },
      [&](int row) {
        const bool number = std::isfinite(call.arguments[0]->Get<From>(row));
        return number ? OverflowOf(call)(row) : InvalidInputOf(call)(row);
      });
}

/// Seconds; what does not fit keeps its low 64 bits, as BigDecimal.longValue.
template <class From>
Status DecimalToTimestamp(const KernelCall& call, Vector* out) {
  const int scale = ContextOf(call).from->scale();
  return MapRows<From, int64_t>(call, out, [&](From value) {
    const Decimal128 power = PowerOfTen(scale);
    const auto whole = static_cast<unsigned __int128>(value / power) * kMicrosPerSecond;
    // The fraction has up to 38 digits: only its first ones make microseconds.
    const Decimal128 rest = value % power;
    const Decimal128 micros =
        scale <= 6 ? rest * PowerOfTen(6 - scale) : rest / PowerOfTen(scale - 6);
    return static_cast<int64_t>(whole + static_cast<unsigned __int128>(micros));
  });
}

/// Legacy mode: a DATE is no number.
Status DateToNull(const KernelCall& call, Vector* out) {
  ForEachRow(call.rows, [&](int r) { out->SetNull(r); });
  return Status::OK();
}

Status TimeToTime(const KernelCall& call, Vector* out) {
  const auto unit = static_cast<int64_t>(PowerOfTen(9 - ContextOf(call).to->precision()));
  return MapRows<int64_t, int64_t>(call, out, [unit](int64_t ns) { return ns - ns % unit; });
}

template <class To>
Status TimeToInteger(const KernelCall& call, Vector* out) {
  return ConvertRows<int64_t, To>(
      call, out,
      [](int64_t ns, To* result) {
        const int64_t seconds = ns / kNanosPerSecond;
        *result = static_cast<To>(seconds);
        return *result == seconds;
      },
      OverflowOf(call));
}

template <class To>
Status TimeToDecimal(const KernelCall& call, Vector* out) {
  const DataType& to = *ContextOf(call).to;
  return ConvertRows<int64_t, To>(
      call, out,
      [&](int64_t ns, To* result) {
        Decimal128 value = 0;
        const bool fits = RescaleDecimal(ns, 9, to.scale(), to.precision(), &value);
        *result = static_cast<To>(value);
        return fits;
      },
      [&](int row) {
        return DecimalOutOfRange(SqlOfValue(*call.arguments[0], row), to, call.place);
      });
}

Kernel FromTimestamp(const DataType& to) {
  switch (to.kind()) {
    case TypeKind::kBoolean:
      return TimestampToBoolean;
    case TypeKind::kTinyint:
      return TimestampToInteger<int8_t>;
    case TypeKind::kSmallint:
      return TimestampToInteger<int16_t>;
    case TypeKind::kInt:
      return TimestampToInteger<int32_t>;
    case TypeKind::kBigint:
      return TimestampToInteger<int64_t>;
    case TypeKind::kFloat:
      return TimestampToFloating<float>;
    case TypeKind::kDouble:
      return TimestampToFloating<double>;
    case TypeKind::kDecimal:
      return to.physical() == PhysicalKind::kInt64 ? TimestampToDecimal<int64_t>
                                                   : TimestampToDecimal<Decimal128>;
    case TypeKind::kDate:
      return TimestampToDate<true>;
    case TypeKind::kTimestampNtz:
      return TimestampToNtz;
    default:
      return nullptr;
  }
}

Kernel FromTime(const DataType& to) {
  switch (to.kind()) {
    case TypeKind::kTime:
      return TimeToTime;
    case TypeKind::kTinyint:
      return TimeToInteger<int8_t>;
    case TypeKind::kSmallint:
      return TimeToInteger<int16_t>;
    case TypeKind::kInt:
      return TimeToInteger<int32_t>;
    case TypeKind::kBigint:
      return TimeToInteger<int64_t>;
    case TypeKind::kDecimal:
      return to.physical() == PhysicalKind::kInt64 ? TimeToDecimal<int64_t>
                                                   : TimeToDecimal<Decimal128>;
    default:
      return nullptr;
  }
}

Kernel NumberToTimestamp(const DataType& from) {
  switch (from.kind()) {
    case TypeKind::kBoolean:
      return BooleanToTimestamp;
    case TypeKind::kTinyint:
      return IntegerToTimestamp<int8_t>;
    case TypeKind::kSmallint:
      return IntegerToTimestamp<int16_t>;
    case TypeKind::kInt:
      return IntegerToTimestamp<int32_t>;
    case TypeKind::kBigint:
      return IntegerToTimestamp<int64_t>;
    case TypeKind::kFloat:
      return FloatingToTimestamp<float>;
    case TypeKind::kDouble:
      return FloatingToTimestamp<double>;
    case TypeKind::kDecimal:
      return from.physical() == PhysicalKind::kInt64 ? DecimalToTimestamp<int64_t>
                                                     : DecimalToTimestamp<Decimal128>;
    default:
      return nullptr;
  }
}

}  // namespace

Kernel TimeCast(const DataType& from, const DataType& to) {
  switch (from.kind()) {
    case TypeKind::kDate:
      if (to.Is(TypeKind::kTimestamp)) return DateToTimestamp<true>;
      if (to.Is(TypeKind::kTimestampNtz)) return DateToTimestamp<false>;
      return to.IsNumeric() || to.Is(TypeKind::kBoolean) ? DateToNull : nullptr;
    case TypeKind::kTimestamp:
      return FromTimestamp(to);
    case TypeKind::kTimestampNtz:
      if (to.Is(TypeKind::kTimestamp)) return NtzToTimestamp;
      return to.Is(TypeKind::kDate) ? TimestampToDate<false> : nullptr;
    case TypeKind::kTime:
      return FromTime(to);
    default:
      return to.Is(TypeKind::kTimestamp) ? NumberToTimestamp(from) : nullptr;
  }
}

}  // namespace thalweg
