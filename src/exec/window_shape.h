// WindowShape: the windows of window(time, size, slide, start) and the slices between their edges.
// Windows are [start + k * slide, + size); a slice lies between two neighbouring edges, so that
// each window is a run of whole slices. Pure arithmetic in µs; 0 < slide <= size.
#pragma once

#include <cstdint>

namespace thalweg {

/// [start, end)
struct TimeRange {
  int64_t start = 0;
  int64_t end = 0;
  bool Contains(int64_t time) const { return start <= time && time < end; }
};

struct WindowShape {
  int64_t size_us = 0;
  int64_t slide_us = 0;
  int64_t start_us = 0;

  /// Every window is one slice.
  bool tumbling() const { return size_us == slide_us; }
  /// Start of the last window that starts at or before `time`.
  int64_t LastWindowAt(int64_t time) const;
  /// Start of the first window that ends after `time`.
  int64_t FirstWindowEndingAfter(int64_t time) const;
  TimeRange SliceOf(int64_t time) const;
  /// There are one or two slices a slide: where a slice ends and where the last but one began.
  TimeRange SliceAfter(const TimeRange& slice) const {
    const bool two = slice.end < slice.start + slide_us;
    return {slice.end, two ? slice.start + slide_us : slice.end + slide_us};
  }
  /// Windows that hold the slice which starts at `slice`: starts from .start to .end, both
  /// included.
  TimeRange WindowsOf(int64_t slice) const {
    return {FirstWindowEndingAfter(slice), LastWindowAt(slice)};
  }
};

}  // namespace thalweg
