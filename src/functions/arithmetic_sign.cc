// The sign: negative, positive, abs of numbers and intervals.
#include <cmath>
#include <limits>
#include <type_traits>

#include "functions/arithmetic.h"
#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/kernel_loops.h"

namespace thalweg {
namespace {

using Int128 = __int128;

/// The other sign; false where the smallest integer has none.
template <class T>
bool Negated(T value, T* out) {
  if constexpr (std::is_floating_point_v<T>) {
    *out = -value;
    return true;
  } else {
    T result = 0;
    const bool fits = !__builtin_sub_overflow(T{0}, value, &result);
    *out = result;
    return fits;
  }
}

template <class T>
Status AbsKernel(const KernelCall& call, Vector* out) {
  T* __restrict result = out->mutable_values<T>();
  const T* values = call.arguments[0]->values<T>();
  bool failed = false;
  ForEachRow(RowsOrAll(call), [&](int r) {
    if constexpr (std::is_floating_point_v<T>) {
      result[r] = std::abs(values[r]);
    } else {
      result[r] = values[r];
      if (values[r] < 0) failed |= !Negated(values[r], &result[r]);
    }
  });
  if (!failed) return Status::OK();
  FailRows(
      call, out, [&](int r) { return values[r] == std::numeric_limits<T>::min(); },
      [&](int) {
        return ArithmeticOverflow(sizeof(T) == 8 ? "long overflow" : "integer overflow", "",
                                  call.place);
      });
  return Status::OK();
}

/// Decimals and intervals.
template <class T, bool kAbs>
Status SignKernel(const KernelCall& call, Vector* out) {
  T* result = out->mutable_values<T>();
  const T* values = call.arguments[0]->values<T>();
  ForEachValidRow(call, [&](int r) {
    result[r] = values[r];
    if (kAbs && values[r] >= 0) return;
    if (Negated(values[r], &result[r])) return;
    if (call.on_failure == OnFailure::kRaise && call.errors->Wants(r)) {
      call.errors->Report(r, IntervalOverflow("", call.place));
    }
  });
  return Status::OK();
}

Status NegateCalendarInterval(const KernelCall& call, Vector* out) {
  auto* result = out->mutable_values<CalendarInterval>();
  const auto* values = call.arguments[0]->values<CalendarInterval>();
  ForEachValidRow(call, [&](int r) {
    const CalendarInterval& value = values[r];
    const bool fits = Negated(value.months, &result[r].months) &
                      Negated(value.days, &result[r].days) & Negated(value.us, &result[r].us);
    if (!fits && call.on_failure == OnFailure::kRaise && call.errors->Wants(r)) {
      call.errors->Report(r, ArithmeticOverflow("integer overflow", "", call.place));
    }
  });
  return Status::OK();
}

Kernel AbsOf(PhysicalKind kind) {
  switch (kind) {
    case PhysicalKind::kInt8:
      return AbsKernel<int8_t>;
    case PhysicalKind::kInt16:
      return AbsKernel<int16_t>;
    case PhysicalKind::kInt32:
      return AbsKernel<int32_t>;
    case PhysicalKind::kInt64:
      return AbsKernel<int64_t>;
    case PhysicalKind::kFloat:
      return AbsKernel<float>;
    case PhysicalKind::kDouble:
      return AbsKernel<double>;
    default:
      return nullptr;
  }
}

template <bool kAbs>
Kernel SignOf(const DataType& type) {
  switch (type.physical()) {
    case PhysicalKind::kInt32:
      return SignKernel<int32_t, kAbs>;
    case PhysicalKind::kInt64:
      return SignKernel<int64_t, kAbs>;
    case PhysicalKind::kInt128:
      return SignKernel<Int128, kAbs>;
    default:
      return kAbs ? nullptr : NegateCalendarInterval;
  }
}

Kernel FindKernel(const DataType& type, bool abs) {
  if (!type.IsNumeric() || type.Is(TypeKind::kDecimal)) {
    return abs ? SignOf<true>(type) : SignOf<false>(type);
  }
  if (abs) return AbsOf(type.physical());
  return type.IsIntegral() ? IntegralNegate(type.physical()) : FloatingNegate(type.physical());
}

bool HasSign(const DataType& type, bool abs) {
  return type.IsNumeric() || type.Is(TypeKind::kYearMonthInterval) ||
         type.Is(TypeKind::kDayTimeInterval) || (type.Is(TypeKind::kCalendarInterval) && !abs);
}

Result<ExprPtr> BindSign(const std::string& name, std::vector<ExprPtr> arguments,
                         const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 1) return WrongArgumentCount(name, "1", arguments.size(), place);
  const bool abs = name == "abs";
  TypePtr type = arguments[0]->type;
  if (type->Is(TypeKind::kString) || type->Is(TypeKind::kNull)) type = DoubleType();
  if (!HasSign(*type, abs)) {
    const char* required =
        abs ? "(\"NUMERIC\" or \"ANSI INTERVAL\")" : "(\"NUMERIC\" or \"INTERVAL\")";
    return UnexpectedArgumentType(name, arguments, 0, required, place);
  }
  THALWEG_RETURN_NOT_OK(CoerceAll(&arguments, type, settings));
  if (name == "positive") return arguments[0];
  KernelSpec spec;
  spec.signature = {name, {type}, type, "", true};
  const bool exact =
      type->Is(TypeKind::kDecimal) || type->Is(TypeKind::kFloat) || type->Is(TypeKind::kDouble);
  const bool unit_interval =
      type->Is(TypeKind::kYearMonthInterval) || type->Is(TypeKind::kDayTimeInterval);
  if (!exact) spec.signature.parameters = settings.ansi ? "ansi" : "legacy";
  spec.traits.total = exact;
  spec.kernel = FindKernel(*type, abs);
  spec.on_failure = settings.ansi || unit_interval ? OnFailure::kRaise : OnFailure::kIgnore;
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(arguments), place);
}

}  // namespace

void RegisterSigns(FunctionRegistry* registry) {
  registry->Register({"negative", FunctionKind::kScalar, BindSign});
  registry->Register({"positive", FunctionKind::kScalar, BindSign});
  registry->Register({"abs", FunctionKind::kScalar, BindSign});
}

}  // namespace thalweg
