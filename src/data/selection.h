// Selection: which rows of a batch count, as ascending u16 row numbers, or all of the first
// `count`. A view: it owns nothing. Kernels are written once over ForEachRow and compile to both
// loops.
#pragma once

#include <cstdint>

namespace thalweg {

using RowIndex = uint16_t;

struct Selection {
  const RowIndex* rows = nullptr;  // nullptr: rows 0 … count - 1
  int count = 0;

  static Selection All(int count) { return {nullptr, count}; }
  bool all() const { return rows == nullptr; }
  int operator[](int i) const { return rows == nullptr ? i : rows[i]; }
};

template <class F>
inline void ForEachRow(const Selection& selection, F&& f) {
  if (selection.all()) {
    for (int i = 0; i < selection.count; ++i) f(i);
  } else {
    for (int i = 0; i < selection.count; ++i) f(static_cast<int>(selection.rows[i]));
  }
}

}  // namespace thalweg
