// What the comparison kernels of all types share: > and >= by swapping, <=> by bitmaps around ==.
// Included by comparison_*.cc only.
#pragma once

#include <array>

#include "functions/comparison.h"
#include "functions/kernel_loops.h"
#include "functions/vectors.h"

namespace thalweg {

template <Kernel kLess>
Status SwappedKernel(const KernelCall& call, Vector* out) {
  const Vector* const swapped[] = {call.arguments[1], call.arguments[0]};
  KernelCall swapped_call = call;
  swapped_call.arguments = swapped;
  return kLess(swapped_call, out);
}

/// Both NULL: true; one NULL: false; else what `kEqual` says.
template <Kernel kEqual>
Status NullSafeKernel(const KernelCall& call, Vector* out) {
  const Vector& a = *call.arguments[0];
  const Vector& b = *call.arguments[1];
  std::array<uint64_t, ValidityWords(kBatchRows)> both;
  const int words = ValidityWords(call.physical_rows);
  for (int w = 0; w < words; ++w) both[w] = ValidBits(a, w) & ValidBits(b, w);
  KernelCall valid_call = call;
  valid_call.valid = both.data();
  // A NULL constant has no value to read: no row is equal by value.
  const bool null_constant = (a.is_constant() && a.IsNull(0)) || (b.is_constant() && b.IsNull(0));
  if (!null_constant) THALWEG_RETURN_NOT_OK(kEqual(valid_call, out));
  for (int w = 0; w < words; ++w) {
    const uint64_t equal = null_constant ? 0 : ReadBits(*out, w).value;
    const uint64_t neither = ~(ValidBits(a, w) | ValidBits(b, w));
    WriteBits({(equal & both[w]) | neither, ~0ull}, w, out);
  }
  return Status::OK();
}

/// The kernels of one type, from its four basic ones.
template <Kernel kEqual, Kernel kNotEqual, Kernel kLess, Kernel kLessEqual>
Kernel PickComparison(Comparison comparison) {
  switch (comparison) {
    case Comparison::kEqual:
      return kEqual;
    case Comparison::kNotEqual:
      return kNotEqual;
    case Comparison::kLess:
      return kLess;
    case Comparison::kLessEqual:
      return kLessEqual;
    case Comparison::kGreater:
      return SwappedKernel<kLess>;
    case Comparison::kGreaterEqual:
      return SwappedKernel<kLessEqual>;
    case Comparison::kNullSafeEqual:
      return NullSafeKernel<kEqual>;
  }
  return nullptr;
}

/// Op over every row of fixed-width columns.
template <class Op, class T>
Status FixedCompareKernel(const KernelCall& call, Vector* out) {
  uint8_t* __restrict result = out->mutable_values<uint8_t>();
  const Selection rows = RowsOrAll(call);
  WithShapes<T, T>(call, [&](auto a, auto b) {
    ForEachRow(rows, [&](int r) { result[r] = Op::Apply(a[r], b[r]); });
  });
  return Status::OK();
}

}  // namespace thalweg
