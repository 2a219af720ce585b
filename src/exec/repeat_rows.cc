#include "exec/repeat_rows.h"

#include <algorithm>

namespace thalweg {
namespace {

constexpr int kCopiedBytesMax = 8;  // up to here a value costs no more than its row number

/// Nulls of the rows in the validity of `out`, which has none yet.
void RepeatNulls(const Vector& from, const RowIndex* rows, int count, Vector* out) {
  if (!from.may_have_nulls()) return;
  uint64_t* valid = out->mutable_validity();
  for (int i = 0; i < count; ++i) {
    if (from.IsNull(rows[i])) valid[i >> 6] &= ~(uint64_t{1} << (i & 63));
  }
}

template <class T>
void CopyValues(const Vector& from, const RowIndex* rows, int count, Vector* out) {
  const T* values = from.values<T>();
  T* copies = out->mutable_values<T>();
  for (int i = 0; i < count; ++i) copies[i] = values[rows[i]];
}

void CopyFlat(const Vector& from, const RowIndex* rows, int count, Vector* out) {
  out->ResetFlat(from.type(), count);
  switch (PhysicalWidth(from.physical())) {
    case 1:
      CopyValues<uint8_t>(from, rows, count, out);
      break;
    case 2:
      CopyValues<uint16_t>(from, rows, count, out);
      break;
    case 4:
      CopyValues<uint32_t>(from, rows, count, out);
      break;
    default:
      CopyValues<uint64_t>(from, rows, count, out);
      break;
  }
  RepeatNulls(from, rows, count, out);
}

}  // namespace

void RepeatValues(const Vector& from, const RowIndex* rows, int count, Vector* out) {
  const int width = PhysicalWidth(from.physical());
  if (from.is_constant() || from.physical() == PhysicalKind::kNull) {
    *out = from;
    out->SetSize(count);
  } else if (from.encoding() == Encoding::kDictionary) {
    out->ResetDictionary(from.child(0), count);
    CopyValues<int32_t>(from, rows, count, out);
    RepeatNulls(from, rows, count, out);
  } else if (width > 0 && width <= kCopiedBytesMax) {
    CopyFlat(from, rows, count, out);
  } else {
    Vector entries = from;
    entries.ClearValidity();  // a dictionary holds no nulls: they are those of its rows
    out->ResetDictionary(entries, count);
    std::copy_n(rows, count, out->mutable_values<int32_t>());
    RepeatNulls(from, rows, count, out);
  }
}

void RepeatRows(const Batch& from, const RowIndex* rows, int count, Batch* out) {
  for (int i = 0; i < from.column_count(); ++i) {
    RepeatValues(from.column(i), rows, count, &out->mutable_column(i));
  }
  out->ClearSelection();
  out->SetRowCount(count);
  RowOrigin origin = from.origin();
  if (count > 0) origin.position += rows[0];
  out->SetOrigin(origin);
  out->ClearRowKinds();
  if (!from.has_row_kinds()) return;
  RowKind* kinds = out->MutableRowKinds();
  for (int i = 0; i < count; ++i) kinds[i] = from.row_kind(rows[i]);
}

}  // namespace thalweg
