// Intervals with intervals and numbers: + - of one kind, * and / by a number, div of two. Products
// and quotients of year-month and day-time intervals are rounded half up to months and
// microseconds; those of calendar intervals carry fractions of days into the time of day.
#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "data/calendar.h"
#include "functions/arithmetic.h"
#include "functions/coercion.h"
#include "functions/decimal_math.h"
#include "functions/errors.h"
#include "functions/kernel_loops.h"

namespace thalweg {
namespace {

class IntervalContext final : public KernelContext {
 public:
  int scale = 0;  // of a DECIMAL number
  bool ansi = true;
};

const IntervalContext& ContextOf(const KernelCall& call) {
  return *static_cast<const IntervalContext*>(call.context);
}

[[gnu::noinline, gnu::cold]] void FailRow(const KernelCall& call, Vector* out, int row,
                                          const Status& error) {
  if (call.on_failure == OnFailure::kNull) return out->SetNull(row);
  if (call.errors->Wants(row)) call.errors->Report(row, error);
}

// ---- + -

template <class T, bool kSubtract>
Status UnitSum(const KernelCall& call, Vector* out) {
  T* result = out->mutable_values<T>();
  WithShapes<T, T>(call, [&](auto a, auto b) {
    ForEachValidRow(call, [&](int r) {
      const bool overflow = kSubtract ? __builtin_sub_overflow(a[r], b[r], &result[r])
                                      : __builtin_add_overflow(a[r], b[r], &result[r]);
      if (!overflow) return;
      FailRow(call, out, r, IntervalOverflow(kSubtract ? "try_subtract" : "try_add", call.place));
    });
  });
  return Status::OK();
}

template <class T, bool kSubtract>
bool Combine(T a, T b, T* out) {
  return kSubtract ? __builtin_sub_overflow(a, b, out) : __builtin_add_overflow(a, b, out);
}

template <bool kSubtract>
Status CalendarSum(const KernelCall& call, Vector* out) {
  auto* result = out->mutable_values<CalendarInterval>();
  WithShapes<CalendarInterval, CalendarInterval>(call, [&](auto a, auto b) {
    ForEachValidRow(call, [&](int r) {
      const CalendarInterval x = a[r];
      const CalendarInterval y = b[r];
      CalendarInterval& sum = result[r];
      const bool overflow = Combine<int32_t, kSubtract>(x.months, y.months, &sum.months) |
                            Combine<int32_t, kSubtract>(x.days, y.days, &sum.days) |
                            Combine<int64_t, kSubtract>(x.us, y.us, &sum.us);
      if (overflow && call.on_failure != OnFailure::kIgnore) {
        FailRow(call, out, r, ArithmeticOverflow("integer overflow", "", call.place));
      }
    });
  });
  return Status::OK();
}

// ---- * / by a number

/// To the nearest integer, halves away from zero; false if it does not fit.
template <class T>
bool RoundHalfUp(double value, T* out) {
  if (!std::isfinite(value)) return false;
  const double rounded = std::round(value);
  constexpr double kLimit = static_cast<double>(std::numeric_limits<T>::max()) + 1;
  *out = rounded >= -kLimit && rounded < kLimit ? static_cast<T>(rounded) : 0;
  return rounded >= -kLimit && rounded < kLimit;
}

template <class T>
bool Fit(Decimal128 value, T* out) {
  *out = static_cast<T>(value);
  return *out == value;
}

/// Rounded half up; `b` is not 0.
Decimal128 DivideHalfUp(Decimal128 a, Decimal128 b) {
  const Decimal128 quotient = a / b;
  const Decimal128 rest = a % b;
  const Decimal128 twice = 2 * (rest < 0 ? -rest : rest);
  if (twice < (b < 0 ? -b : b)) return quotient;
  return quotient + ((a < 0) == (b < 0) ? 1 : -1);
}

template <class T, class Number, bool kDecimal>
bool MultiplyUnit(T length, Number number, int scale, T* out) {
  if constexpr (std::is_floating_point_v<Number>) {
    return RoundHalfUp(static_cast<double>(length) * number, out);
  } else if constexpr (!kDecimal) {
    return !__builtin_mul_overflow(length, number, out);
  } else {
    Decimal128 product = 0;
    const DecimalShape shape = {0, scale, 0, kDecimalDigitsMax};
    return MultiplyDecimals(length, number, shape, &product) && Fit(product, out);
  }
}

template <class T, class Number, bool kDecimal>
bool DivideUnit(T length, Number number, int scale, T* out) {
  if constexpr (std::is_floating_point_v<Number>) {
    return RoundHalfUp(static_cast<double>(length) / number, out);
  } else if constexpr (!kDecimal) {
    return Fit(DivideHalfUp(length, number), out);
  } else {
    Decimal128 quotient = 0;
    const DecimalShape shape = {0, scale, 0, kDecimalDigitsMax};
    return DivideDecimals(length, number, shape, &quotient) && Fit(quotient, out);
  }
}

template <class T, class Number, bool kDecimal, bool kDivide>
Status UnitProduct(const KernelCall& call, Vector* out) {
  T* result = out->mutable_values<T>();
  const int scale = ContextOf(call).scale;
  WithShapes<T, Number>(call, [&](auto lengths, auto numbers) {
    ForEachValidRow(call, [&](int r) {
      bool fits = false;
      if constexpr (kDivide) {
        if (numbers[r] == 0) return FailRow(call, out, r, IntervalDividedByZero(call.place));
        fits = DivideUnit<T, Number, kDecimal>(lengths[r], numbers[r], scale, &result[r]);
      } else {
        fits = MultiplyUnit<T, Number, kDecimal>(lengths[r], numbers[r], scale, &result[r]);
      }
      if (fits) return;
      FailRow(call, out, r, IntervalOverflow(kDivide ? "try_divide" : "try_multiply", call.place));
    });
  });
  return Status::OK();
}

/// Java's (long): saturating, NaN is 0.
int64_t Truncated(double value) {
  if (std::isnan(value)) return 0;
  if (value >= 9223372036854775808.0) return std::numeric_limits<int64_t>::max();
  if (value < -9223372036854775808.0) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(value);
}

/// Java's Math.round: halves up.
int64_t Rounded(double value) {
  const double floor = std::floor(value);
  return Truncated(value - floor >= 0.5 ? floor + 1 : floor);
}

template <bool kDivide>
Status CalendarProduct(const KernelCall& call, Vector* out) {
  auto* result = out->mutable_values<CalendarInterval>();
  const bool ansi = ContextOf(call).ansi;
  WithShapes<CalendarInterval, double>(call, [&](auto intervals, auto numbers) {
    ForEachValidRow(call, [&](int r) {
      const CalendarInterval interval = intervals[r];
      const double number = numbers[r];
      if (kDivide && number == 0) return FailRow(call, out, r, IntervalDividedByZero(call.place));
      const auto scaled = [number](double part) { return kDivide ? part / number : part * number; };
      const double days = scaled(interval.days);
      const int64_t whole_months = Truncated(scaled(interval.months));
      const int64_t whole_days = Truncated(days);
      CalendarInterval& product = result[r];
      const bool fits = Fit(whole_months, &product.months) & Fit(whole_days, &product.days);
      const double us =
          scaled(static_cast<double>(interval.us)) +
          static_cast<double>(kMicrosPerDay) * (days - static_cast<double>(product.days));
      product.us = Rounded(us);
      if (!fits && !ansi) {
        product.months =
            static_cast<int32_t>(std::clamp<int64_t>(whole_months, INT32_MIN, INT32_MAX));
        product.days = static_cast<int32_t>(std::clamp<int64_t>(whole_days, INT32_MIN, INT32_MAX));
      } else if (!fits) {
        FailRow(call, out, r, ArithmeticOverflow("integer overflow", "", call.place));
      }
    });
  });
  return Status::OK();
}

// ---- div

template <class T>
Status UnitQuotient(const KernelCall& call, Vector* out) {
  int64_t* result = out->mutable_values<int64_t>();
  WithShapes<T, T>(call, [&](auto a, auto b) {
    ForEachValidRow(call, [&](int r) {
      if (b[r] == 0) return FailRow(call, out, r, IntervalDividedByZero(call.place));
      if (Fit(Decimal128{a[r]} / b[r], &result[r])) return;
      FailRow(call, out, r,
              ArithmeticOverflow("Overflow in integral divide", "try_divide", call.place));
    });
  });
  return Status::OK();
}

template <class T, bool kDivide>
Kernel PickProduct(const DataType& number) {
  if (number.Is(TypeKind::kDouble)) return UnitProduct<T, double, false, kDivide>;
  if (!number.Is(TypeKind::kDecimal)) return UnitProduct<T, int64_t, false, kDivide>;
  return number.physical() == PhysicalKind::kInt64 ? UnitProduct<T, int64_t, true, kDivide>
                                                   : UnitProduct<T, Decimal128, true, kDivide>;
}

Kernel FindProduct(const DataType& interval, const DataType& number, bool divides) {
  if (interval.Is(TypeKind::kCalendarInterval)) {
    return divides ? CalendarProduct<true> : CalendarProduct<false>;
  }
  if (interval.Is(TypeKind::kYearMonthInterval)) {
    return divides ? PickProduct<int32_t, true>(number) : PickProduct<int32_t, false>(number);
  }
  return divides ? PickProduct<int64_t, true>(number) : PickProduct<int64_t, false>(number);
}

Kernel FindSum(const DataType& type, bool subtract) {
  switch (type.kind()) {
    case TypeKind::kYearMonthInterval:
      return subtract ? UnitSum<int32_t, true> : UnitSum<int32_t, false>;
    case TypeKind::kDayTimeInterval:
      return subtract ? UnitSum<int64_t, true> : UnitSum<int64_t, false>;
    default:
      return subtract ? CalendarSum<true> : CalendarSum<false>;
  }
}

KernelSpec MakeSpec(const ArithmeticCall& call, const TypePtr& result) {
  KernelSpec spec;
  spec.signature = {call.op,
                    {call.arguments[0]->type, call.arguments[1]->type},
                    result,
                    ModeName(call.mode),
                    true};
  spec.on_failure = call.mode == CastMode::kTry ? OnFailure::kNull : OnFailure::kRaise;
  if (call.mode == CastMode::kTry) spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  return spec;
}

Result<ExprPtr> BindIntervalQuotient(ArithmeticCall call) {
  const TypePtr type = TightestCommonType(call.arguments[0]->type, call.arguments[1]->type, true);
  for (ExprPtr& argument : call.arguments) {
    THALWEG_ASSIGN_OR_RETURN(argument, CoerceOperand(call, argument, type));
  }
  KernelSpec spec = MakeSpec(call, BigintType());
  const bool months = type->Is(TypeKind::kYearMonthInterval);
  spec.kernel = months ? UnitQuotient<int32_t> : UnitQuotient<int64_t>;
  spec.on_failure = FailureOf(call.mode, OnFailure::kNull);
  spec.last_argument_first = true;
  spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(call.arguments), call.place);
}

/// BIGINT, DOUBLE or DECIMAL; DOUBLE for calendar intervals, texts and NULL.
Result<TypePtr> NumberType(const ArithmeticCall& call) {
  const TypePtr& type = call.arguments[1]->type;
  if (!type->IsNumeric() && !type->Is(TypeKind::kString) && !type->Is(TypeKind::kNull)) {
    return UnexpectedArgumentType(call.op, call.arguments, 1, "\"NUMERIC\"", call.place);
  }
  if (call.arguments[0]->type->Is(TypeKind::kCalendarInterval)) return DoubleType();
  if (type->IsIntegral()) return BigintType();
  return type->Is(TypeKind::kDecimal) ? type : DoubleType();
}

}  // namespace

Result<ExprPtr> BindIntervalSum(ArithmeticCall call) {
  const TypePtr type = TightestCommonType(call.arguments[0]->type, call.arguments[1]->type, true);
  for (ExprPtr& argument : call.arguments) {
    THALWEG_ASSIGN_OR_RETURN(argument, CoerceOperand(call, argument, type));
  }
  KernelSpec spec = MakeSpec(call, type);
  spec.kernel = FindSum(*type, call.op == "-");
  const bool wraps = type->Is(TypeKind::kCalendarInterval) && call.mode == CastMode::kLegacy;
  if (wraps) spec.on_failure = OnFailure::kIgnore;
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(call.arguments), call.place);
}

Result<ExprPtr> BindIntervalProduct(ArithmeticCall call) {
  if (call.op == "div") return BindIntervalQuotient(std::move(call));
  const TypePtr interval = call.arguments[0]->type;
  THALWEG_ASSIGN_OR_RETURN(const TypePtr number, NumberType(call));
  THALWEG_ASSIGN_OR_RETURN(call.arguments[1], CoerceOperand(call, call.arguments[1], number));
  TypePtr result = interval;
  if (interval->Is(TypeKind::kYearMonthInterval)) {
    result = YearMonthIntervalType(IntervalUnit::kYear, IntervalUnit::kMonth);
  } else if (interval->Is(TypeKind::kDayTimeInterval)) {
    result = DayTimeIntervalType(IntervalUnit::kDay, IntervalUnit::kSecond);
  }
  KernelSpec spec = MakeSpec(call, result);
  auto context = std::make_shared<IntervalContext>();
  context->scale = number->Is(TypeKind::kDecimal) ? number->scale() : 0;
  context->ansi = call.mode != CastMode::kLegacy;
  spec.context = std::move(context);
  spec.kernel = FindProduct(*interval, *number, call.op == "/");
  if (interval->Is(TypeKind::kCalendarInterval)) {
    if (call.mode == CastMode::kLegacy) spec.on_failure = OnFailure::kNull;
    spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  }
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(call.arguments), call.place);
}

}  // namespace thalweg
