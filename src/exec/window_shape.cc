#include "exec/window_shape.h"

#include <algorithm>

namespace thalweg {
namespace {

using Wide = __int128;  // times may lie at the ends of int64

/// The largest origin + k * step that is <= time.
int64_t FloorTo(Wide time, Wide origin, Wide step) {
  Wide rest = (time - origin) % step;
  if (rest < 0) rest += step;
  return static_cast<int64_t>(time - rest);
}

}  // namespace

int64_t WindowShape::LastWindowAt(int64_t time) const {
  return FloorTo(time, start_us, slide_us);
}

int64_t WindowShape::FirstWindowEndingAfter(int64_t time) const {
  return FloorTo(Wide{time} - size_us + slide_us, start_us, slide_us);
}

TimeRange WindowShape::SliceOf(int64_t time) const {
  const int64_t last_start = LastWindowAt(time);
  const int64_t last_end = FloorTo(time, Wide{start_us} + size_us, slide_us);
  return {std::max(last_start, last_end), std::min(last_start, last_end) + slide_us};
}

}  // namespace thalweg
