// Kernels of == != < <= > >= and <=>, by physical type; nullptr where there is none. Floats compare
// as Spark does: NaN equals NaN and is greater than every number, -0.0 equals 0.0.
#pragma once

#include "functions/kernel.h"

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

}  // namespace thalweg
