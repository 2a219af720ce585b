// SliceSplitter: the rows of a batch by slice of event time. Mostly all rows lie in one slice,
// which a compare a row tells; a division is done once per slice. Rows with a NULL time have no
// slice.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "data/batch.h"
#include "exec/window_shape.h"

namespace thalweg {

class SliceSplitter {
 public:
  explicit SliceSplitter(const WindowShape& shape) : shape_(shape) {}

  struct Segment {
    TimeRange slice;
    Selection rows;  // in the order of the batch
  };

  /// The segments of `rows`, in the order in which their slices first appear; valid until the next
  /// call and while `rows` are.
  const std::vector<Segment>& Split(const Vector& times, const Selection& rows);

 private:
  const int64_t* TimesOf(const Vector& times, Selection* rows);
  bool AllInRange(const int64_t* times, const Selection& rows) const;
  void SplitRows(const int64_t* times, const Selection& rows);
  int SegmentOf(int64_t time);

  const WindowShape shape_;
  TimeRange current_;  // the slice of the last rows
  std::vector<Segment> segments_;
  std::array<int16_t, 2048> segment_by_hash_;
  std::array<int16_t, kBatchRows> segment_of_row_;
  std::array<RowIndex, kBatchRows> rows_;
  std::array<RowIndex, kBatchRows> not_null_;
  std::array<int64_t, kBatchRows> times_;  // of vectors that are not flat
};

}  // namespace thalweg
