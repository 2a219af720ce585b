// Rows given out several times: what operators that make rows do to the columns of their input.
// Wide values become dictionaries over the input's, so that nothing is copied but row numbers.
#pragma once

#include "data/batch.h"

namespace thalweg {

/// out[i] = from[rows[i]], of any encodings.
void RepeatValues(const Vector& from, const RowIndex* rows, int count, Vector* out);

/// The first columns of `out` become those of `from` with row i = row rows[i], and so do row kinds
/// and row count. `rows` ascend.
void RepeatRows(const Batch& from, const RowIndex* rows, int count, Batch* out);

}  // namespace thalweg
