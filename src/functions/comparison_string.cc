// Comparison of STRING and BINARY by bytes. Only rows that are selected and not NULL are looked at:
// other views may point anywhere.
#include "functions/comparison_loops.h"

namespace thalweg {
namespace {

struct IsEqual {
  static bool Apply(const StringView& a, const StringView& b) { return a == b; }
};
struct IsNotEqual {
  static bool Apply(const StringView& a, const StringView& b) { return !(a == b); }
};
struct IsLess {
  static bool Apply(const StringView& a, const StringView& b) { return a.Compare(b) < 0; }
};
struct IsLessEqual {
  static bool Apply(const StringView& a, const StringView& b) { return a.Compare(b) <= 0; }
};

template <class Op>
Status CompareKernel(const KernelCall& call, Vector* out) {
  uint8_t* __restrict result = out->mutable_values<uint8_t>();
  WithShapes<StringView, StringView>(call, [&](const auto& a, const auto& b) {
    ForEachValidRow(call, [&](int r) { result[r] = Op::Apply(a[r], b[r]); });
  });
  return Status::OK();
}

}  // namespace

Kernel CompareString(Comparison comparison, PhysicalKind kind) {
  if (kind != PhysicalKind::kString) return nullptr;
  return PickComparison<CompareKernel<IsEqual>, CompareKernel<IsNotEqual>, CompareKernel<IsLess>,
                        CompareKernel<IsLessEqual>>(comparison);
}

}  // namespace thalweg
