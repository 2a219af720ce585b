// Comparison of values that have no kernel of their own: arrays and structs, by ValueOrder.
#include "functions/comparison_loops.h"

namespace thalweg {
namespace {

struct IsEqual {
  static bool Apply(int order) { return order == 0; }
};
struct IsNotEqual {
  static bool Apply(int order) { return order != 0; }
};
struct IsLess {
  static bool Apply(int order) { return order < 0; }
};
struct IsLessEqual {
  static bool Apply(int order) { return order <= 0; }
};

template <class Op>
Status CompareKernel(const KernelCall& call, Vector* out) {
  const ValueOrder& order = *static_cast<const OrderContext*>(call.context)->order;
  const Vector& a = *call.arguments[0];
  const Vector& b = *call.arguments[1];
  uint8_t* result = out->mutable_values<uint8_t>();
  ForEachValidRow(call, [&](int r) { result[r] = Op::Apply(order.Compare(a, r, b, r)); });
  return Status::OK();
}

}  // namespace

std::shared_ptr<const OrderContext> OrderContext::Make(const DataType& type) {
  ValueOrderPtr order = ValueOrder::Make(type);
  return order == nullptr ? nullptr : std::make_shared<OrderContext>(std::move(order));
}

Kernel CompareNested(Comparison comparison) {
  return PickComparison<CompareKernel<IsEqual>, CompareKernel<IsNotEqual>, CompareKernel<IsLess>,
                        CompareKernel<IsLessEqual>>(comparison);
}

}  // namespace thalweg
