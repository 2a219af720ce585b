// Batch: up to kBatchRows rows of one schema, columns as Vectors, with one optional selection
// shared by all columns and an optional row-kind column (DESIGN.md §4.1). No row kinds means
// insert-only. A Batch that was handed on is not changed by anybody; operators own scratch Batches
// and reuse them.
#pragma once

#include <cstdint>
#include <vector>

#include "base/memory.h"
#include "data/schema.h"
#include "data/selection.h"
#include "data/vector.h"

namespace thalweg {

inline constexpr int kBatchRows = 1024;

enum class RowKind : uint8_t { kInsert, kUpdateBefore, kUpdateAfter, kDelete };

/// Where the first row of a batch comes from; row r is at position + r. Rows are numbered by
/// (source, partition, position): the order of the epoch (DESIGN.md §4.6).
struct RowOrigin {
  int32_t source = 0;
  int32_t partition = 0;
  int64_t position = 0;
  auto operator<=>(const RowOrigin&) const = default;
};

class Batch {
 public:
  Batch() = default;
  explicit Batch(const SchemaPtr& schema);

  const SchemaPtr& schema() const { return schema_; }
  int column_count() const { return static_cast<int>(columns_.size()); }
  const Vector& column(int i) const { return columns_[i]; }
  Vector& mutable_column(int i) { return columns_[i]; }

  /// Physical rows in every column, selected or not.
  int physical_rows() const { return physical_rows_; }
  /// Rows that count.
  int row_count() const { return selected_ ? selected_count_ : physical_rows_; }
  Selection selection() const {
    return selected_ ? Selection{selection_.as<RowIndex>(), selected_count_}
                     : Selection::All(physical_rows_);
  }
  bool has_selection() const { return selected_; }

  bool has_row_kinds() const { return has_row_kinds_; }
  RowKind row_kind(int row) const {
    return has_row_kinds_ ? row_kinds_.as<RowKind>()[row] : RowKind::kInsert;
  }
  const RowOrigin& origin() const { return origin_; }

  // ---- writing (scratch batches)
  /// Empties this batch for `schema`, keeping buffers for reuse.
  void Reset(const SchemaPtr& schema);
  void SetRowCount(int physical_rows) { physical_rows_ = physical_rows; }
  void SetOrigin(const RowOrigin& origin) { origin_ = origin; }
  /// Room for `physical_rows` row numbers; then call SetSelected.
  RowIndex* MutableSelection();
  void SetSelected(int count);
  void ClearSelection() { selected_ = false; }
  RowKind* MutableRowKinds();
  void ClearRowKinds() { has_row_kinds_ = false; }
  /// Takes columns, selection, kinds and origin of `other` by sharing buffers; keeps its own schema
  /// (names) where it has one of as many columns.
  void ShareFrom(const Batch& other);
  /// The same for row count, selection, kinds and origin alone; the columns are the caller's.
  void ShareRowsFrom(const Batch& other);

  int64_t SizeBytes() const;

 private:
  SchemaPtr schema_;
  std::vector<Vector> columns_;
  int physical_rows_ = 0;
  bool selected_ = false;
  int selected_count_ = 0;
  Buffer selection_;
  bool has_row_kinds_ = false;
  Buffer row_kinds_;
  RowOrigin origin_;
};

/// Appends `rows` of `from` to the flat columns of `to`, which has no selection, copying long
/// strings unless the blocks they lie in are well used. The first rows that `to` gets give it its
/// origin. The one place where rows are compacted and gathered; allocates nothing in the steady
/// state.
void AppendRows(const Batch& from, const Selection& rows, Batch* to);
/// The same for one column; `to` must be flat and of the same physical type, or new.
void AppendValues(const Vector& from, const Selection& rows, Vector* to);
/// Rows start … start + count - 1 of any vector, also one longer than a batch (children of lists).
void AppendRange(const Vector& from, int start, int count, Vector* to);
/// The values of the `count` rows that `rows` names, in any order and as often as named, of any
/// vector, also one longer than a batch.
void AppendValuesAt(const Vector& from, const int32_t* rows, int count, Vector* to);
/// `count` nulls to a flat vector.
void AppendNulls(int count, Vector* to);

}  // namespace thalweg
