// SliceSplitter: the rows of a batch by slice of event time. Mostly all rows lie in one slice or in
// a few neighbours, which compares tell; for rows that are spread out a multiplication a row does.
// Rows with a NULL time have no slice.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "data/batch.h"
#include "exec/window_shape.h"

namespace thalweg {

class SliceSplitter {
 public:
  explicit SliceSplitter(const WindowShape& shape);

  struct Segment {
    TimeRange slice;
    Selection rows;  // in the order of the batch
  };

  /// The segments of `rows`, none empty, in any order; valid until the next call and while `rows`
  /// are.
  const std::vector<Segment>& Split(const Vector& times, const Selection& rows);

 private:
  static constexpr int kNeighboursMax = 6;
  static constexpr int kSlots = 4096;

  const int64_t* TimesOf(const Vector& times, Selection* rows);
  bool SplitNeighbours(const int64_t* times, const Selection& rows, const TimeRange& reach);
  void SplitSpread(const int64_t* times, const Selection& rows, const TimeRange& reach);
  TimeRange SliceFrom(int64_t base, int64_t time) const;
  int SegmentOf(const TimeRange& slice);

  const WindowShape shape_;
  const int64_t inner_edge_;  // where in a slide a second slice begins; 0: nowhere
  const double slides_per_us_;
  TimeRange current_;  // the slice of the last rows
  std::vector<Segment> segments_;
  std::array<int16_t, kSlots> segment_by_hash_;
  std::array<int16_t, kBatchRows> segment_of_row_;
  std::array<RowIndex, kBatchRows * kNeighboursMax> rows_;
  std::array<RowIndex, kBatchRows> not_null_;
  std::array<int64_t, kBatchRows> times_;  // of vectors that are not flat
};

}  // namespace thalweg
