// JoinTable: the build side of a join.
//
//   rows   the columns that are kept of each row, numbered in the order in which they came
//   keys   key ─▶ its first and its last row          next   row ─▶ the next row of the same key
//   marks  rows that have found a partner, where somebody wants to know
//
// Lane 0 alone adds rows; once they are complete, all lanes read. Marks may be set by several lanes
// at once. Everything that grows is reserved from the budget. Without keys every row is a candidate
// for every other.
#pragma once

#include <optional>
#include <vector>

#include "base/memory.h"
#include "data/batch.h"
#include "state/group_table.h"

namespace thalweg {

struct JoinTableOptions {
  std::vector<TypePtr> column_types;  // of what is kept of a row
  std::vector<TypePtr> key_types;     // empty: no keys
  bool one_row_a_key = false;         // others of the same key make no difference
  bool marks = false;
};

class JoinTable {
 public:
  /// `budget` outlives the table.
  JoinTable(JoinTableOptions options, MemoryBudget* budget);
  ~JoinTable();
  JoinTable(const JoinTable&) = delete;
  JoinTable& operator=(const JoinTable&) = delete;

  // ---- lane 0, before anything is looked up
  void Clear();
  /// Keeps `rows` of `columns`, one vector for each of column_types.
  Status Append(const Vector* const* columns, const Selection& rows);
  /// Row numbers[i] has key i of `keys`.
  Status Link(const KeyBatch& keys, const int32_t* numbers);

  // ---- all lanes
  bool has_keys() const { return keys_.has_value(); }
  int32_t row_count() const { return row_count_; }
  /// No key has two rows.
  bool unique() const { return !next_; }
  /// first[i] = the first row of key i; -1: none.
  void Find(const KeyBatch& keys, int32_t* first) const;
  /// The next candidate after `row`; -1: none.
  int32_t Next(int32_t row) const {
    if (!keys_) return row + 1 < row_count_ ? row + 1 : -1;
    return next_ ? next_->as<int32_t>()[row] - 1 : -1;
  }
  const TypePtr& type(int i) const { return options_.column_types[i]; }
  /// Appends the values of column `i` in `rows` to `to`; NULL where the row is -1.
  void Gather(int i, const int32_t* rows, int count, Vector* to) const;
  /// The same, where nobody looks at what stands for -1.
  void GatherKnown(int i, const int32_t* rows, int count, Vector* to) const;
  void Mark(int32_t row);
  bool marked(int32_t row) const { return marks_.as<uint8_t>()[row] != 0; }
  void ClearMarks();

 private:
  struct KeyRows {  // both + 1, so that zeros are a new entry
    int32_t first;
    int32_t last;
  };

  Status ReserveRows(const Vector* const* columns, const Selection& rows);
  Status SetReserved(int64_t bytes);
  int64_t ColumnBytes() const;
  Status GrowArray(int64_t bytes, Array* array);
  Status Chain(KeyRows* key, int32_t row);

  const JoinTableOptions options_;
  MemoryBudget* const budget_;
  std::vector<Vector> columns_;
  int32_t row_count_ = 0;
  std::optional<GroupTable> keys_;
  std::optional<Array> next_;  // made for the first key that has a second row
  Array marks_;
  int64_t reserved_bytes_ = 0;  // for columns
  int64_t arrays_reserved_bytes_ = 0;
  int32_t weigh_at_rows_ = 0;  // when the columns are next measured
};

}  // namespace thalweg
