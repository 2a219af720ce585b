// Loops that aggregates share: values of a column with the position of each in the selection,
// blocks by position. Included by aggregate files only.
#pragma once

#include <cstdint>
#include <cstring>

#include "data/aggregate.h"

namespace thalweg {

/// f(i, value) for the selected rows that are not NULL; i is the position in `rows`.
template <class T, class F>
inline void ForEachValue(const Vector& vector, const Selection& rows, F&& f) {
  if (vector.physical() == PhysicalKind::kNull) return;
  if (vector.is_constant()) {
    if (vector.IsNull(0)) return;
    const T value = vector.values<T>()[0];
    for (int i = 0; i < rows.count; ++i) f(i, value);
  } else if (vector.is_flat() && !vector.may_have_nulls()) {
    const T* values = vector.values<T>();
    int i = 0;
    ForEachRow(rows, [&](int r) { f(i++, values[r]); });
  } else {
    int i = -1;
    ForEachRow(rows, [&](int r) {
      ++i;
      if (!vector.IsNull(r)) f(i, vector.Get<T>(r));
    });
  }
}

/// The accumulator of position i as a B. Blocks are aligned to 8.
template <class B>
inline B* BlockAt(const AggregateTargets& targets, int i) {
  return reinterpret_cast<B*>(targets.blocks[i] + targets.offset);
}
template <class B>
inline const B* BlockAt(const AggregateTargets& into, const uint8_t* const* from, int i) {
  return reinterpret_cast<const B*>(from[i] + into.offset);
}

}  // namespace thalweg
