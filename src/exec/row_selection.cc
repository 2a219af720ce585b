#include "exec/row_selection.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace thalweg {
namespace {

constexpr std::array<RowIndex, kBatchRows> MakeIdentity() {
  std::array<RowIndex, kBatchRows> rows{};
  for (int i = 0; i < kBatchRows; ++i) rows[i] = static_cast<RowIndex>(i);
  return rows;
}

constexpr std::array<RowIndex, kBatchRows> kIdentityRows = MakeIdentity();

}  // namespace

const RowIndex* IdentityRows() {
  return kIdentityRows.data();
}

int CountRowsBefore(const Selection& rows, int row) {
  if (rows.all()) return std::min(rows.count, row);
  return static_cast<int>(std::lower_bound(rows.rows, rows.rows + rows.count, row) - rows.rows);
}

void KeepRowsBefore(int row, Batch* batch) {
  const Selection rows = batch->selection();
  const int kept = CountRowsBefore(rows, row);
  const RowIndex* from = rows.all() ? IdentityRows() : rows.rows;
  RowIndex copy[kBatchRows];
  std::memcpy(copy, from, sizeof(RowIndex) * kept);
  std::memcpy(batch->MutableSelection(), copy, sizeof(RowIndex) * kept);
  batch->SetSelected(kept);
}

}  // namespace thalweg
