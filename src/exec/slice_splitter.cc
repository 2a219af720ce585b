#include "exec/slice_splitter.h"

#include "base/hash.h"

namespace thalweg {

const std::vector<SliceSplitter::Segment>& SliceSplitter::Split(const Vector& times,
                                                                const Selection& rows) {
  segments_.clear();
  Selection timed = rows;
  const int64_t* values = TimesOf(times, &timed);
  if (timed.count == 0) return segments_;
  if (!current_.Contains(values[timed[0]])) current_ = shape_.SliceOf(values[timed[0]]);
  if (AllInRange(values, timed)) {
    segments_.push_back({current_, timed});
  } else {
    SplitRows(values, timed);
  }
  return segments_;
}

const int64_t* SliceSplitter::TimesOf(const Vector& times, Selection* rows) {
  if (times.may_have_nulls()) {
    int count = 0;
    ForEachRow(*rows, [&](int row) {
      not_null_[count] = static_cast<RowIndex>(row);
      count += !times.IsNull(row);
    });
    *rows = {not_null_.data(), count};
  }
  if (times.is_flat()) return times.values<int64_t>();
  ForEachRow(*rows, [&](int row) { times_[row] = times.Get<int64_t>(row); });
  return times_.data();
}

bool SliceSplitter::AllInRange(const int64_t* times, const Selection& rows) const {
  // One unsigned compare a row: below the start wraps around.
  const uint64_t start = static_cast<uint64_t>(current_.start);
  const uint64_t width = static_cast<uint64_t>(current_.end) - start;
  bool outside = false;
  ForEachRow(rows, [&](int row) { outside |= static_cast<uint64_t>(times[row]) - start >= width; });
  return !outside;
}

void SliceSplitter::SplitRows(const int64_t* times, const Selection& rows) {
  segment_by_hash_.fill(-1);
  int segment = SegmentOf(times[rows[0]]);
  TimeRange slice = segments_[segment].slice;
  for (int i = 0; i < rows.count; ++i) {
    const int64_t time = times[rows[i]];
    if (!slice.Contains(time)) {
      segment = SegmentOf(time);
      slice = segments_[segment].slice;
    }
    segment_of_row_[i] = static_cast<int16_t>(segment);
    ++segments_[segment].rows.count;
  }
  current_ = slice;
  RowIndex* next = rows_.data();
  for (Segment& each : segments_) {
    each.rows.rows = next;
    next += each.rows.count;
    each.rows.count = 0;
  }
  for (int i = 0; i < rows.count; ++i) {
    Selection& into = segments_[segment_of_row_[i]].rows;
    const_cast<RowIndex*>(into.rows)[into.count++] = static_cast<RowIndex>(rows[i]);
  }
}

int SliceSplitter::SegmentOf(int64_t time) {
  const TimeRange slice = shape_.SliceOf(time);
  constexpr uint64_t kMask = 2047;
  uint64_t slot = HashWord(static_cast<uint64_t>(slice.start)) >> 40 & kMask;
  while (segment_by_hash_[slot] >= 0) {
    const int segment = segment_by_hash_[slot];
    if (segments_[segment].slice.start == slice.start) return segment;
    slot = (slot + 1) & kMask;
  }
  const int segment = static_cast<int>(segments_.size());
  segment_by_hash_[slot] = static_cast<int16_t>(segment);
  segments_.push_back({slice, {}});
  return segment;
}

}  // namespace thalweg
