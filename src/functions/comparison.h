// Kernels of == != < <= > >= and <=>, by physical type; nullptr where there is none. Floats compare
// as Spark does: NaN equals NaN and is greater than every number, -0.0 equals 0.0.
#pragma once

#include "functions/kernel.h"
#include "functions/value_order.h"

namespace thalweg {

enum class Comparison : uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kNullSafeEqual,  // sees nulls
};

Kernel CompareIntegral(Comparison comparison, PhysicalKind kind);  // BOOLEAN … int128
Kernel CompareFloating(Comparison comparison, PhysicalKind kind);
Kernel CompareString(Comparison comparison, PhysicalKind kind);  // bytes, unsigned
/// By ValueOrder, any type; bound with an OrderContext.
Kernel CompareNested(Comparison comparison);

/// The order that a kernel compares by.
class OrderContext final : public KernelContext {
 public:
  /// nullptr where the type has no order, or none that is built.
  static std::shared_ptr<const OrderContext> Make(const DataType& type);
  explicit OrderContext(ValueOrderPtr the_order) : order(std::move(the_order)) {}
  const ValueOrderPtr order;
};

}  // namespace thalweg
