// Comparison of FLOAT and DOUBLE. Bit operators instead of && and ||: no branch, several rows at
// once.
#include "functions/comparison_loops.h"

namespace thalweg {
namespace {

struct IsEqual {
  template <class T>
  static bool Apply(T a, T b) {
    return (a == b) | ((a != a) & (b != b));
  }
};
struct IsNotEqual {
  template <class T>
  static bool Apply(T a, T b) {
    return !IsEqual::Apply(a, b);
  }
};
struct IsLess {
  template <class T>
  static bool Apply(T a, T b) {
    return (a < b) | ((a == a) & (b != b));
  }
};
struct IsLessEqual {
  template <class T>
  static bool Apply(T a, T b) {
    return (a <= b) | (b != b);
  }
};

template <class T>
Kernel Pick(Comparison comparison) {
  return PickComparison<FixedCompareKernel<IsEqual, T>, FixedCompareKernel<IsNotEqual, T>,
                        FixedCompareKernel<IsLess, T>, FixedCompareKernel<IsLessEqual, T>>(
      comparison);
}

}  // namespace

Kernel CompareFloating(Comparison comparison, PhysicalKind kind) {
  if (kind == PhysicalKind::kFloat) return Pick<float>(comparison);
  if (kind == PhysicalKind::kDouble) return Pick<double>(comparison);
  return nullptr;
}

}  // namespace thalweg
