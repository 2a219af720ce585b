// Kernels: functions that are a loop over argument columns. The frame around the loop (kernel.cc)
// evaluates the arguments in Spark's order, combines their null bitmaps, computes constant
// arguments once for the batch and dictionaries once per entry; the kernel sees flat and constant
// vectors and need not think of NULL. Kernels and their specs are immutable; any number of lanes
// call them.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "functions/function.h"

namespace thalweg {

/// What becomes of a row for which the operation has no value.
enum class OnFailure : uint8_t {
  kRaise,   // ANSI: the row's error
  kNull,    // try_…, and division in legacy mode
  kIgnore,  // legacy arithmetic: the wrapped value stays
};

/// What a kernel is bound with besides its types: a zone, a scale, kernels of its elements.
/// Immutable, shared by all lanes.
class KernelContext {
 public:
  virtual ~KernelContext() = default;
};

/// One run of a kernel. Rows to fill: `rows`; of them only those that are `valid` may raise, and
/// only their strings may be followed. The result vector is flat, has physical_rows rows and the
/// combined validity already; the kernel writes values and may add NULLs.
struct KernelCall {
  /// Flat or constant. When all are constant, rows is row 0 alone, so that reading each as flat
  /// works.
  const Vector* const* arguments = nullptr;
  Selection rows;
  int physical_rows = 0;
  const uint64_t* valid = nullptr;  // nullptr: every row is
  OnFailure on_failure = OnFailure::kRaise;
  RowErrors* errors = nullptr;
  SqlPlace place;
  EpochConstants epoch;
  FunctionState* state = nullptr;
  const KernelContext* context = nullptr;

  bool IsValid(int row) const { return valid == nullptr || (valid[row >> 6] >> (row & 63) & 1); }
};

using Kernel = Status (*)(const KernelCall& call, Vector* out);

struct KernelSpec {
  FunctionSignature signature;
  ScalarTraits traits;
  Kernel kernel = nullptr;
  OnFailure on_failure = OnFailure::kRaise;
  /// NULL arguments reach the kernel (it reads the arguments' validity itself); otherwise the
  /// result of a row with a NULL argument is NULL and later arguments are not evaluated for that
  /// row.
  bool sees_nulls = false;
  /// The last argument is evaluated first (Spark looks at a divisor before the dividend).
  bool last_argument_first = false;
  std::unique_ptr<FunctionState> (*new_state)() = nullptr;
  std::shared_ptr<const KernelContext> context;
};

ScalarFunctionPtr MakeKernelFunction(KernelSpec spec);

}  // namespace thalweg
