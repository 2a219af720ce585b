#include "exec/slice_splitter.h"

#include <algorithm>

#include "base/hash.h"

namespace thalweg {
namespace {

constexpr int64_t kExactMax = int64_t{1} << 51;  // differences are whole numbers of a double

/// The first and the last time, both included.
TimeRange ReachOf(const int64_t* times, const Selection& rows) {
  TimeRange reach = {times[rows[0]], times[rows[0]]};
  ForEachRow(rows, [&](int row) {
    reach.start = std::min(reach.start, times[row]);
    reach.end = std::max(reach.end, times[row]);
  });
  return reach;
}

/// One pass without a branch: every row is written behind each of kCount slices and stays where it
/// belongs. Slice i writes from out[i * kBatchRows] on.
template <int kCount>
void Partition(const int64_t* times, const Selection& rows, const TimeRange* slices, RowIndex* out,
               int* found) {
  int64_t starts[kCount];
  uint64_t widths[kCount];
  int counts[kCount] = {};
  for (int i = 0; i < kCount; ++i) {
    starts[i] = slices[i].start;
    widths[i] = static_cast<uint64_t>(slices[i].end) - static_cast<uint64_t>(slices[i].start);
  }
  ForEachRow(rows, [&](int row) {
    const int64_t time = times[row];
    for (int i = 0; i < kCount; ++i) {
      out[i * kBatchRows + counts[i]] = static_cast<RowIndex>(row);
      // Below the start wraps around: one compare.
      counts[i] += static_cast<uint64_t>(time) - static_cast<uint64_t>(starts[i]) < widths[i];
    }
  });
  std::copy(counts, counts + kCount, found);
}

}  // namespace

SliceSplitter::SliceSplitter(const WindowShape& shape)
    : shape_(shape),
      inner_edge_(shape.size_us % shape.slide_us),
      slides_per_us_(1.0 / static_cast<double>(shape.slide_us)) {}

const std::vector<SliceSplitter::Segment>& SliceSplitter::Split(const Vector& times,
                                                                const Selection& rows) {
  segments_.clear();
  Selection timed = rows;
  const int64_t* values = TimesOf(times, &timed);
  if (timed.count == 0) return segments_;
  const TimeRange reach = ReachOf(values, timed);
  if (!current_.Contains(reach.start)) current_ = shape_.SliceOf(reach.start);
  if (reach.end < current_.end) {
    segments_.push_back({current_, timed});
  } else if (!SplitNeighbours(values, timed, reach)) {
    SplitSpread(values, timed, reach);
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

/// False, having done nothing, if the rows reach over too many slices.
bool SliceSplitter::SplitNeighbours(const int64_t* times, const Selection& rows,
                                    const TimeRange& reach) {
  TimeRange slices[kNeighboursMax];
  int count = 0;
  for (TimeRange slice = current_; slice.start <= reach.end; slice = shape_.SliceAfter(slice)) {
    if (count == kNeighboursMax) return false;
    slices[count++] = slice;
  }
  int found[kNeighboursMax] = {};
  switch (count) {
    case 2:
      Partition<2>(times, rows, slices, rows_.data(), found);
      break;
    case 3:
      Partition<3>(times, rows, slices, rows_.data(), found);
      break;
    default:
      for (int i = 0; i < count; ++i) {
        Partition<1>(times, rows, slices + i, rows_.data() + i * kBatchRows, found + i);
      }
  }
  for (int i = 0; i < count; ++i) {
    if (found[i] > 0) segments_.push_back({slices[i], {rows_.data() + i * kBatchRows, found[i]}});
  }
  return true;
}

/// Finds the slice of each row; then sorts rows by slice.
void SliceSplitter::SplitSpread(const int64_t* times, const Selection& rows,
                                const TimeRange& reach) {
  segment_by_hash_.fill(-1);
  // The rounding of a double is mended by one step up or down, as long as it is exact to the slide.
  const bool exact = reach.start > -kExactMax && reach.end < kExactMax;
  const int64_t base = shape_.LastWindowAt(reach.start);
  for (int i = 0; i < rows.count; ++i) {
    const int64_t time = times[rows[i]];
    const TimeRange slice = exact ? SliceFrom(base, time) : shape_.SliceOf(time);
    const int segment = SegmentOf(slice);
    segment_of_row_[i] = static_cast<int16_t>(segment);
    ++segments_[segment].rows.count;
  }
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

/// The slice of `time`, counted in slides from the window start `base`.
TimeRange SliceSplitter::SliceFrom(int64_t base, int64_t time) const {
  int64_t slides = static_cast<int64_t>(static_cast<double>(time - base) * slides_per_us_);
  slides -= base + slides * shape_.slide_us > time;
  slides += base + (slides + 1) * shape_.slide_us <= time;
  const int64_t start = base + slides * shape_.slide_us;
  const int64_t end = start + shape_.slide_us;
  if (inner_edge_ == 0) return {start, end};
  const int64_t edge = start + inner_edge_;
  return time < edge ? TimeRange{start, edge} : TimeRange{edge, end};
}

int SliceSplitter::SegmentOf(const TimeRange& slice) {
  uint64_t slot = HashWord(static_cast<uint64_t>(slice.start)) >> 32 & (kSlots - 1);
  while (segment_by_hash_[slot] >= 0) {
    const int segment = segment_by_hash_[slot];
    if (segments_[segment].slice.start == slice.start) return segment;
    slot = (slot + 1) & (kSlots - 1);
  }
  const int segment = static_cast<int>(segments_.size());
  segment_by_hash_[slot] = static_cast<int16_t>(segment);
  segments_.push_back({slice, {}});
  return segment;
}

}  // namespace thalweg
