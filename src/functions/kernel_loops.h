// The loops that kernels are made of: templates over shape (column or constant) and selection
// (dense or a list of rows). Included by kernel files only.
//
// Checks never leave the loop: it accumulates one mask for all rows, and only when the mask says
// that something failed, maybe in a row that is NULL or not selected, FailRows looks for the rows.
#pragma once

#include <cstdint>

#include "functions/kernel.h"

namespace thalweg {

template <class T>
struct FlatValues {
  const T* values;
  T operator[](int row) const { return values[row]; }
};

template <class T>
struct SameValue {
  T value;
  T operator[](int) const { return value; }
};

/// Calls f(a, b) with readers of the two arguments.
template <class A, class B, class F>
inline void WithShapes(const KernelCall& call, F&& f) {
  const Vector& a = *call.arguments[0];
  const Vector& b = *call.arguments[1];
  if (a.is_constant() && !b.is_constant()) {
    f(SameValue<A>{a.values<A>()[0]}, FlatValues<B>{b.values<B>()});
  } else if (b.is_constant() && !a.is_constant()) {
    f(FlatValues<A>{a.values<A>()}, SameValue<B>{b.values<B>()[0]});
  } else {
    f(FlatValues<A>{a.values<A>()}, FlatValues<B>{b.values<B>()});
  }
}

/// The rows to loop over where computing a row too many costs nothing but the time: all of them
/// when a good part is selected, because dense loops run several rows at a time.
inline Selection RowsOrAll(const KernelCall& call) {
  const bool dense = call.rows.all() || call.rows.count * 4 >= call.physical_rows;
  return dense ? Selection::All(call.physical_rows) : call.rows;
}

/// f(row) for the rows that are valid.
template <class F>
inline void ForEachValidRow(const KernelCall& call, F&& f) {
  if (call.valid == nullptr) {
    ForEachRow(call.rows, f);
  } else {
    ForEachRow(call.rows, [&](int row) {
      if (call.IsValid(row)) f(row);
    });
  }
}

/// What becomes of the rows for which `failed(row)`: the error of the lowest, or NULL.
template <class Failed, class Error>
[[gnu::noinline, gnu::cold]] void FailRows(const KernelCall& call, Vector* out, Failed failed,
                                           Error error) {
  if (call.on_failure == OnFailure::kIgnore) return;
  for (int i = 0; i < call.rows.count; ++i) {
    const int row = call.rows[i];
    if (!call.IsValid(row) || !failed(row)) continue;
    if (call.on_failure == OnFailure::kNull) {
      out->SetNull(row);
    } else {
      if (call.errors->Wants(row)) call.errors->Report(row, error(row));
      return;
    }
  }
}

}  // namespace thalweg
