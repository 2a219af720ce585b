// What operators share that are keyed by event time: how a row's event time is read (a TIMESTAMP,
// or the end of a window), and the slices in which entries lie by it. A slice is dropped as a whole
// once all its times are final, so that an entry may outlive its time by less than a slice: what is
// final is told by the time in the entry, never by its absence.
//
// Stamps are how times stand in entries: ordered like the times and never 0, which is "new". Rows
// without a time lie in a slice of their own, never late and never final. One thread at a time.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "data/aggregate.h"
#include "exec/slice_splitter.h"
#include "state/sliced_table.h"

namespace thalweg {

inline constexpr int64_t kTimelessSlice = std::numeric_limits<int64_t>::max();
inline constexpr uint64_t kTimelessStamp = std::numeric_limits<uint64_t>::max();

inline uint64_t StampOf(int64_t time_us) {
  return static_cast<uint64_t>(time_us) ^ uint64_t { 1 } << 63;
}

/// The stamp at `offset` of an entry's block.
inline uint64_t& StampIn(uint8_t* block, int offset = 0) {
  return *reinterpret_cast<uint64_t*>(block + offset);
}

/// Slices by event time: some hundred within the delay, so that changing it a little keeps them.
WindowShape EventTimeSlices(int64_t delay_us);

/// The event time in `row` of a TIMESTAMP column or of one of windows; false: it is NULL.
bool EventTimeAt(const Vector& column, int row, int64_t* time_us);

/// The event times of selected rows as a TIMESTAMP vector.
class EventTimeReader {
 public:
  /// Valid until the next call and while `column` is held.
  const Vector& Read(const Vector& column, const Selection& rows);

 private:
  Vector times_;  // of windows: their ends
};

/// Rows by whether their time is at most a threshold, in order.
struct LateSplit {
  RowIndex late[kBatchRows];
  RowIndex on_time[kBatchRows];
  int late_count = 0;
  int on_time_count = 0;
  void Split(const Vector& times, const Selection& rows, int64_t late_before_us);
  Selection late_rows() const { return {late, late_count}; }
  Selection on_time_rows() const { return {on_time, on_time_count}; }
};

/// The rows of a batch by slice, those without a time included.
class EventTimeSplitter {
 public:
  explicit EventTimeSplitter(const WindowShape& shape) : splitter_(shape) {}

  /// Calls fold(start of the slice, rows) for each slice that has rows.
  template <class Fold>
  Status ForEachSlice(const Vector& times, const Selection& rows, Fold&& fold) {
    for (const auto& segment : splitter_.Split(times, rows)) {
      THALWEG_RETURN_NOT_OK(fold(segment.slice.start, segment.rows));
    }
    const Selection timeless = Timeless(times, rows);
    return timeless.count == 0 ? Status::OK() : fold(kTimelessSlice, timeless);
  }

 private:
  Selection Timeless(const Vector& times, const Selection& rows);

  SliceSplitter splitter_;
  RowIndex timeless_[kBatchRows];
};

/// Entries picked out of a scan or keys out of a batch, one by one, at most kBatchRows.
class PickedEntries {
 public:
  /// Begins anew; what is picked lies in `from`, which stays valid.
  void Begin(const EntryBatch& from);
  void Begin(const KeyBatch& from);
  void Add(int i);
  int count() const { return count_; }
  EntryBatch entries() const;

 private:
  EntryBatch from_;
  int count_ = 0;
  uint64_t hashes_[kBatchRows];
  uint64_t words_[kBatchRows];
  StringView bytes_[kBatchRows];
  uint8_t nulls_[kBatchRows];
  uint8_t* blocks_[kBatchRows];
  AggregateArena* arenas_[kBatchRows];
};

/// Entries whose stamp, at `offset`, says that they are not final at `evict_until_us`, by a walk
/// over slices that may hold others.
int64_t LiveEntries(SlicedTable* slices, int64_t evict_until_us, int offset);

/// An aggregate of the event time column that keeps the stamp of a group keyed by it; no output.
std::shared_ptr<const Aggregate> NewEventTimeStamp();

}  // namespace thalweg
