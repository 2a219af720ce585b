// Small steps on selections that operators and the frame share. Views: they own nothing.
#pragma once

#include "data/batch.h"

namespace thalweg {

/// Rows 0 … kBatchRows - 1 as a selection can hold them.
const RowIndex* IdentityRows();

/// The rows of `rows` from its `from`-th on, `count` of them.
inline Selection SubSelection(const Selection& rows, int from, int count) {
  if (!rows.all()) return {rows.rows + from, count};
  return from == 0 ? Selection::All(count) : Selection{IdentityRows() + from, count};
}

/// How many of the ascending rows of `rows` come before `row`.
int CountRowsBefore(const Selection& rows, int row);

/// Narrows `batch` to its selected rows before `row`.
void KeepRowsBefore(int row, Batch* batch);

}  // namespace thalweg
