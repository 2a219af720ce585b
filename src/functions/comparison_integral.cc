// Comparison of BOOLEAN, integers and everything stored as one: dates, times, DECIMAL of one scale.
#include "functions/comparison_loops.h"

namespace thalweg {
namespace {

struct IsEqual {
  template <class T>
  static bool Apply(T a, T b) {
    return a == b;
  }
};
struct IsNotEqual {
  template <class T>
  static bool Apply(T a, T b) {
    return a != b;
  }
};
struct IsLess {
  template <class T>
  static bool Apply(T a, T b) {
    return a < b;
  }
};
struct IsLessEqual {
  template <class T>
  static bool Apply(T a, T b) {
    return a <= b;
  }
};

template <class T>
Kernel Pick(Comparison comparison) {
  return PickComparison<FixedCompareKernel<IsEqual, T>, FixedCompareKernel<IsNotEqual, T>,
                        FixedCompareKernel<IsLess, T>, FixedCompareKernel<IsLessEqual, T>>(
      comparison);
}

}  // namespace

Kernel CompareIntegral(Comparison comparison, PhysicalKind kind) {
  switch (kind) {
    case PhysicalKind::kBool:
      return Pick<uint8_t>(comparison);
    case PhysicalKind::kInt8:
      return Pick<int8_t>(comparison);
    case PhysicalKind::kInt16:
      return Pick<int16_t>(comparison);
    case PhysicalKind::kInt32:
      return Pick<int32_t>(comparison);
    case PhysicalKind::kInt64:
      return Pick<int64_t>(comparison);
    case PhysicalKind::kInt128:
      return Pick<__int128>(comparison);
    default:
      return nullptr;
  }
}

}  // namespace thalweg
