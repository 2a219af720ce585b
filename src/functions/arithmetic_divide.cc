// / div and %: a zero divisor raises (ANSI) or gives NULL.
#include <cmath>
#include <limits>
#include <type_traits>

#include "functions/arithmetic.h"
#include "functions/errors.h"
#include "functions/kernel_loops.h"

namespace thalweg {
namespace {

/// A divisor with which the hardware's division cannot trap: 0 and -1 become 1.
template <class T>
T Harmless(T divisor) {
  return divisor == 0 || divisor == -1 ? T{1} : divisor;
}

Status DivideKernel(const KernelCall& call, Vector* out) {
  double* __restrict result = out->mutable_values<double>();
  int64_t zeros = 0;  // as wide as a double: counted in the same vector lanes
  const Selection rows = RowsOrAll(call);
  WithShapes<double, double>(call, [&](auto a, auto b) {
    int64_t found = 0;
    ForEachRow(rows, [&](int r) {
      found += b[r] == 0;
      result[r] = a[r] / b[r];
    });
    zeros = found;
  });
  if (zeros == 0) return Status::OK();
  FailRows(
      call, out, [&](int r) { return call.arguments[1]->Get<double>(r) == 0; },
      [&](int) { return DivideByZero(call.place); });
  return Status::OK();
}

template <class T>
Status IntegralDivideKernel(const KernelCall& call, Vector* out) {
  T* __restrict result = out->mutable_values<T>();
  constexpr T kSmallest = std::numeric_limits<T>::min();
  bool failed = false;
  WithShapes<T, T>(call, [&](auto a, auto b) {
    ForEachRow(call.rows, [&](int r) {
      failed |= b[r] == 0 || (b[r] == -1 && a[r] == kSmallest);
      const T quotient = a[r] / Harmless(b[r]);
      using U = std::make_unsigned_t<T>;
      result[r] = b[r] == -1 ? static_cast<T>(U{0} - static_cast<U>(a[r])) : quotient;
    });
  });
  if (!failed) return Status::OK();
  // Legacy mode: NULL for a zero divisor, the wrapped value for the smallest number by -1.
  FailRows(
      call, out,
      [&](int r) {
        const T divisor = call.arguments[1]->Get<T>(r);
        const bool overflow = divisor == -1 && call.arguments[0]->Get<T>(r) == kSmallest;
        return divisor == 0 || (overflow && call.on_failure == OnFailure::kRaise);
      },
      [&](int r) {
        return call.arguments[1]->Get<T>(r) == 0
                   ? DivideByZero(call.place)
                   : ArithmeticOverflow("Overflow in integral divide", "try_divide", call.place);
      });
  return Status::OK();
}

template <class T>
Status RemainderKernel(const KernelCall& call, Vector* out) {
  T* __restrict result = out->mutable_values<T>();
  bool zero = false;
  WithShapes<T, T>(call, [&](auto a, auto b) {
    ForEachRow(call.rows, [&](int r) {
      zero |= b[r] == 0;
      if constexpr (std::is_floating_point_v<T>) {
        result[r] = std::fmod(a[r], b[r]);
      } else {
        result[r] = static_cast<T>(a[r] % Harmless(b[r]));
      }
    });
  });
  if (!zero) return Status::OK();
  FailRows(
      call, out, [&](int r) { return call.arguments[1]->Get<T>(r) == 0; },
      [&](int) { return RemainderByZero(call.place); });
  return Status::OK();
}

}  // namespace

Kernel Divide(PhysicalKind kind) {
  return kind == PhysicalKind::kDouble ? DivideKernel : nullptr;
}

Kernel IntegralDivide(PhysicalKind kind) {
  return kind == PhysicalKind::kInt64 ? IntegralDivideKernel<int64_t> : nullptr;
}

Kernel Remainder(PhysicalKind kind) {
  switch (kind) {
    case PhysicalKind::kInt8:
      return RemainderKernel<int8_t>;
    case PhysicalKind::kInt16:
      return RemainderKernel<int16_t>;
    case PhysicalKind::kInt32:
      return RemainderKernel<int32_t>;
    case PhysicalKind::kInt64:
      return RemainderKernel<int64_t>;
    case PhysicalKind::kFloat:
      return RemainderKernel<float>;
    case PhysicalKind::kDouble:
      return RemainderKernel<double>;
    default:
      return nullptr;
  }
}

}  // namespace thalweg
