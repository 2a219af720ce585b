// What cast kernels share: one loop over the rows that are valid, with what becomes of those that
// have no value. Included by cast_*.cc only.
#pragma once

#include <string>

#include "functions/cast.h"
#include "functions/errors.h"
#include "functions/kernel_loops.h"

namespace thalweg {

inline const CastContext& ContextOf(const KernelCall& call) {
  return *static_cast<const CastContext*>(call.context);
}

/// The row has no value: its error, if it is the lowest, or NULL.
template <class Error>
[[gnu::noinline, gnu::cold]] void FailRow(const KernelCall& call, Vector* out, int row,
                                          const Error& error) {
  if (call.on_failure == OnFailure::kNull) {
    out->SetNull(row);
  } else if (call.on_failure == OnFailure::kRaise && call.errors->Wants(row)) {
    call.errors->Report(row, error(row));
  }
}

/// convert(value, &result) for each valid row; a row for which it is false fails with error(row).
template <class From, class To, class Convert, class Error>
Status ConvertRows(const KernelCall& call, Vector* out, const Convert& convert,
                   const Error& error) {
  To* result = out->mutable_values<To>();
  const From* values = call.arguments[0]->values<From>();
  ForEachValidRow(call, [&](int r) {
    if (!convert(values[r], &result[r])) FailRow(call, out, r, error);
  });
  return Status::OK();
}

/// The same where no value can fail: every row is computed, whatever stands under a NULL.
template <class From, class To, class Convert>
Status MapRows(const KernelCall& call, Vector* out, const Convert& convert) {
  To* result = out->mutable_values<To>();
  const From* values = call.arguments[0]->values<From>();
  ForEachRow(RowsOrAll(call), [&](int r) { result[r] = convert(values[r]); });
  return Status::OK();
}

/// CAST_OVERFLOW of a row, with the value as Spark prints it in SQL.
inline auto OverflowOf(const KernelCall& call) {
  return [&call](int row) {
    return CastOverflow(SqlOfValue(*call.arguments[0], row), *call.arguments[0]->type(),
                        *ContextOf(call).to, call.place);
  };
}

/// CAST_INVALID_INPUT of a row.
inline auto InvalidInputOf(const KernelCall& call) {
  return [&call](int row) {
    return CastInvalidInput(SqlOfValue(*call.arguments[0], row), *call.arguments[0]->type(),
                            *ContextOf(call).to, call.place);
  };
}

}  // namespace thalweg
