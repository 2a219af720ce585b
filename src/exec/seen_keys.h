// SeenKeys: what a Deduplicate remembers, by how long it remembers.
//
//   for ever        key                             keys without an event time, and batch queries
//   by event time   key, the event time among it    until the watermark passes that time
//   within          key -> expiry                   event time of the first row + delay
//
// Lanes note keys of their shards at the same time, each with a KeyLane of its own; the rest is the
// NodeState contract (exec/operator.h).
#pragma once

#include <memory>
#include <vector>

#include "exec/event_time_key.h"
#include "exec/operator.h"
#include "state/group_table.h"
#include "state/sliced_table.h"

namespace thalweg {

struct Deduplication {
  std::vector<int> key_columns;  // none: all rows are one
  std::vector<TypePtr> key_types;
  bool normalize_floats = true;  // batch queries take -0.0 for 0.0 and one NaN for all
  int time_column = -1;          // of the event time; -1: no row is late
  int64_t delay_us = 0;          // of its watermark
  bool keyed_by_time = false;    // it is one of the keys
  std::string keys_text;         // for EXPLAIN
};

/// How a table of seen keys is made; its blocks hold stamps.
GroupTableOptions SeenKeyOptions(const Deduplication& what);

/// What a lane works with.
class KeyLane {
 public:
  explicit KeyLane(const Deduplication& what);

  /// The keys of `rows`, valid until the next call.
  Status Encode(const Batch& batch, const Selection& rows, KeyBatch* keys);
  EventTimeSplitter& splitter() { return splitter_; }

  uint8_t* blocks[kBatchRows];
  uint8_t first[kBatchRows];  // by row: 1 if its key is new

 private:
  const Deduplication& what_;
  KeyEncoder encoder_;
  std::vector<const Vector*> columns_;
  EventTimeSplitter splitter_;
};

/// Rows that are not late, and their event times (null without a time column).
struct TimedRows {
  const Batch& batch;
  Selection rows;
  const Vector* times = nullptr;
};

class SeenKeys : public NodeState {
 public:
  /// Sets lane->first, all 0 before, of `rows`.
  virtual Status Note(const TimedRows& rows, KeyLane* lane) = 0;
  /// Spark's numRowsTotal, by a walk.
  virtual int64_t LogicalRows() = 0;
};

std::unique_ptr<SeenKeys> SeenForEver(GroupTable* table);
std::unique_ptr<SeenKeys> SeenByEventTime(SlicedTable* slices, const Deduplication& what);
/// An index of the keys is derived from `slices` and reserved from `budget`.
std::unique_ptr<SeenKeys> SeenWithin(SlicedTable* slices, const Deduplication& what,
                                     MemoryBudget* budget);

}  // namespace thalweg
