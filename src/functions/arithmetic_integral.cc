// + - * and the sign of TINYINT … BIGINT: wrapping, with one mask that remembers any overflow.
#include <type_traits>

#include "functions/arithmetic.h"
#include "functions/errors.h"
#include "functions/kernel_loops.h"

namespace thalweg {
namespace {

template <class T>
T Wrapped(std::make_unsigned_t<T> bits) {
  return static_cast<T>(bits);
}

// Operations: Apply computes the wrapped result and accumulates `mask`, of which Failed says
// whether any overflow went in.
struct Add {
  static constexpr const char* kSymbol = "+";
  static constexpr const char* kTry = "try_add";
  template <class T>
  static T Apply(T a, T b, T& mask) {
    using U = std::make_unsigned_t<T>;
    const T sum = Wrapped<T>(static_cast<U>(static_cast<U>(a) + static_cast<U>(b)));
    mask = static_cast<T>(mask | ((a ^ sum) & (b ^ sum)));
    return sum;
  }
  template <class T>
  static bool Failed(T mask) {
    return mask < 0;
  }
};

struct Subtract {
  static constexpr const char* kSymbol = "-";
  static constexpr const char* kTry = "try_subtract";
  template <class T>
  static T Apply(T a, T b, T& mask) {
    using U = std::make_unsigned_t<T>;
    const T difference = Wrapped<T>(static_cast<U>(static_cast<U>(a) - static_cast<U>(b)));
    mask = static_cast<T>(mask | ((a ^ b) & (a ^ difference)));
    return difference;
  }
  template <class T>
  static bool Failed(T mask) {
    return mask < 0;
  }
};

struct Multiply {
  static constexpr const char* kSymbol = "*";
  static constexpr const char* kTry = "try_multiply";
  template <class T>
  static T Apply(T a, T b, T& mask) {
    if constexpr (sizeof(T) == 8) {
      T product;
      mask |= static_cast<T>(__builtin_mul_overflow(a, b, &product));
      return product;
    } else {
      using Wide = std::conditional_t<sizeof(T) == 4, int64_t, int32_t>;
      const Wide exact = static_cast<Wide>(static_cast<Wide>(a) * static_cast<Wide>(b));
      const T product = static_cast<T>(exact);
      mask = static_cast<T>(mask | (exact != product));
      return product;
    }
  }
  template <class T>
  static bool Failed(T mask) {
    return mask != 0;
  }
};

template <class Op, class T>
Status Overflow(const KernelCall& call, T a, T b) {
  if constexpr (sizeof(T) <= 2) {
    return SmallIntegerOverflow(a, Op::kSymbol, b, call.place);
  } else {
    const char* what = sizeof(T) == 4 ? "integer overflow" : "long overflow";
    return ArithmeticOverflow(what, Op::kTry, call.place);
  }
}

template <class Op, class T>
Status BinaryKernel(const KernelCall& call, Vector* out) {
  T* __restrict result = out->mutable_values<T>();
  T mask = 0;
  const Selection rows = RowsOrAll(call);
  WithShapes<T, T>(call, [&](auto a, auto b) {
    T failed = 0;
    ForEachRow(rows, [&](int r) { result[r] = Op::Apply(a[r], b[r], failed); });
    mask = failed;
  });
  if (!Op::Failed(mask)) return Status::OK();
  const Vector& a = *call.arguments[0];
  const Vector& b = *call.arguments[1];
  FailRows(
      call, out,
      [&](int r) {
        T failed = 0;
        Op::Apply(a.Get<T>(r), b.Get<T>(r), failed);
        return Op::Failed(failed);
      },
      [&](int r) { return Overflow<Op, T>(call, a.Get<T>(r), b.Get<T>(r)); });
  return Status::OK();
}

template <class T>
Status NegateKernel(const KernelCall& call, Vector* out) {
  T* __restrict result = out->mutable_values<T>();
  const T* values = call.arguments[0]->values<T>();
  using U = std::make_unsigned_t<T>;
  T mask = 0;
  ForEachRow(RowsOrAll(call), [&](int r) {
    const T value = values[r];
    result[r] = Wrapped<T>(static_cast<U>(U{0} - static_cast<U>(value)));
    mask = static_cast<T>(mask | (value & result[r]));  // both negative: only the smallest value
  });
  if (mask >= 0) return Status::OK();
  FailRows(
      call, out, [&](int r) { return (values[r] & result[r]) < 0; },
      [&](int r) {
        if constexpr (sizeof(T) <= 2) {
          const std::string what = "- " + std::to_string(values[r]) + " caused overflow";
          return ArithmeticOverflow(what.c_str(), "", call.place);
        } else {
          const char* what = sizeof(T) == 4 ? "integer overflow" : "long overflow";
          return ArithmeticOverflow(what, "", call.place);
        }
      });
  return Status::OK();
}

template <class Op>
Kernel ForIntegral(PhysicalKind kind) {
  switch (kind) {
    case PhysicalKind::kInt8:
      return BinaryKernel<Op, int8_t>;
    case PhysicalKind::kInt16:
      return BinaryKernel<Op, int16_t>;
    case PhysicalKind::kInt32:
      return BinaryKernel<Op, int32_t>;
    case PhysicalKind::kInt64:
      return BinaryKernel<Op, int64_t>;
    default:
      return nullptr;
  }
}

}  // namespace

Kernel IntegralAdd(PhysicalKind kind) {
  return ForIntegral<Add>(kind);
}
Kernel IntegralSubtract(PhysicalKind kind) {
  return ForIntegral<Subtract>(kind);
}
Kernel IntegralMultiply(PhysicalKind kind) {
  return ForIntegral<Multiply>(kind);
}

Kernel IntegralNegate(PhysicalKind kind) {
  switch (kind) {
    case PhysicalKind::kInt8:
      return NegateKernel<int8_t>;
    case PhysicalKind::kInt16:
      return NegateKernel<int16_t>;
    case PhysicalKind::kInt32:
      return NegateKernel<int32_t>;
    case PhysicalKind::kInt64:
      return NegateKernel<int64_t>;
    default:
      return nullptr;
  }
}

}  // namespace thalweg
