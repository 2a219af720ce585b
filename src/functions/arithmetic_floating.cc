// + - * and the sign of FLOAT and DOUBLE: as Java computes them, never failing.
#include "functions/arithmetic.h"
#include "functions/kernel_loops.h"

namespace thalweg {
namespace {

struct Add {
  template <class T>
  static T Apply(T a, T b) {
    return a + b;
  }
};
struct Subtract {
  template <class T>
  static T Apply(T a, T b) {
    return a - b;
  }
};
struct Multiply {
  template <class T>
  static T Apply(T a, T b) {
    return a * b;
  }
};

template <class Op, class T>
Status BinaryKernel(const KernelCall& call, Vector* out) {
  T* __restrict result = out->mutable_values<T>();
  const Selection rows = RowsOrAll(call);
  WithShapes<T, T>(call, [&](auto a, auto b) {
    ForEachRow(rows, [&](int r) { result[r] = Op::Apply(a[r], b[r]); });
  });
  return Status::OK();
}

template <class T>
Status NegateKernel(const KernelCall& call, Vector* out) {
  T* __restrict result = out->mutable_values<T>();
  const T* values = call.arguments[0]->values<T>();
  ForEachRow(RowsOrAll(call), [&](int r) { result[r] = -values[r]; });
  return Status::OK();
}

template <class Op>
Kernel ForFloating(PhysicalKind kind) {
  if (kind == PhysicalKind::kFloat) return BinaryKernel<Op, float>;
  if (kind == PhysicalKind::kDouble) return BinaryKernel<Op, double>;
  return nullptr;
}

}  // namespace

Kernel FloatingAdd(PhysicalKind kind) {
  return ForFloating<Add>(kind);
}
Kernel FloatingSubtract(PhysicalKind kind) {
  return ForFloating<Subtract>(kind);
}
Kernel FloatingMultiply(PhysicalKind kind) {
  return ForFloating<Multiply>(kind);
}

Kernel FloatingNegate(PhysicalKind kind) {
  if (kind == PhysicalKind::kFloat) return NegateKernel<float>;
  if (kind == PhysicalKind::kDouble) return NegateKernel<double>;
  return nullptr;
}

}  // namespace thalweg
