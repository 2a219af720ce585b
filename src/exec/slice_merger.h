// SliceMerger: the groups of a window out of its slices (DESIGN.md §4.4). It keeps a table that
// holds the merge of the slices of one run, [covered.start, covered.end), and moves that run:
//
//   invertible aggregates   the slices that enter are added, those that leave are subtracted
//   others                  the table is emptied and all slices are added, oldest first
//
// An entry of the table is the block of the aggregates and a count of the slices that hold its key;
// a key without slices leaves. The table is derived from the slices, never stored. One a lane, on
// the lane's shards; lanes may share a table if they move it alike and it is invertible.
#pragma once

#include <cstdint>
#include <optional>

#include "base/hash.h"
#include "exec/grouping.h"
#include "exec/window_shape.h"
#include "state/sliced_table.h"

namespace thalweg {

struct ShardRange {
  int first = 0;
  int last = kShardCount;
};

/// The table that a SliceMerger of `grouping` works on.
GroupTableOptions MergedOptionsOf(const Grouping& grouping);

class SliceMerger {
 public:
  /// All outlive the merger.
  SliceMerger(const Grouping& grouping, SlicedTable* slices);

  /// Works on `table`, which holds the slices of `covered` for these shards.
  void Begin(GroupTable* table, const TimeRange& covered, const ShardRange& shards);
  /// Makes the table hold the slices that start in `run`.
  Status MoveTo(const TimeRange& run);
  /// Takes slices out that start before `start`; only where aggregates are invertible.
  Status LeaveBefore(int64_t start);
  const TimeRange& covered() const { return covered_; }
  GroupTable* table() { return table_; }

  /// Makes empty entries of the table for the keys that this epoch touched in `slice` …
  Status AddTouchedKeys(GroupTable* slice);
  /// … and merges into such entries what the slices of `run` hold for them, oldest first.
  Status MergeKeys(const EntryBatch& into, const TimeRange& run);
  /// Notes one more slice for the entry if `is_new`.
  void CountSlice(uint8_t* block, bool is_new) const { *SlicesOf(block) += is_new; }

 private:
  uint64_t* SlicesOf(uint8_t* block) const {
    return reinterpret_cast<uint64_t*>(block + grouping_.aggregates.block_bytes());
  }
  Status FoldRun(const TimeRange& run, bool subtract);
  Status FoldSlice(GroupTable* slice, bool subtract);
  Status AddEntries(const EntryBatch& entries);
  Status SubtractEntries(const EntryBatch& entries);

  const Grouping& grouping_;
  SlicedTable* const slices_;
  GroupTable* table_ = nullptr;
  TimeRange covered_;
  ShardRange shards_;
  ScanCursor cursor_;
  uint8_t* blocks_[kBatchRows];
  AggregateArena* arenas_[kBatchRows];
  // keys that leave the table
  uint64_t hashes_[kBatchRows];
  uint64_t words_[kBatchRows];
  StringView bytes_[kBatchRows];
  uint8_t nulls_[kBatchRows];
};

}  // namespace thalweg
