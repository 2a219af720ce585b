#include "exec/window_shape.h"

#include <algorithm>

namespace thalweg {
namespace {

using Wide = __int128;  // times may lie at the ends of int64

template <class Int>
Int FloorTo(Int time, Int origin, Int step) {
  const Int rest = (time - origin) % step;
  return time - (rest < 0 ? rest + step : rest);
}

/// The largest origin + k * step that is <= time + offset.
int64_t FloorTo(int64_t time, int64_t offset, int64_t origin, int64_t step) {
  constexpr int64_t kSafe = int64_t{1} << 60;
  const auto safe = [](int64_t value) { return value > -kSafe && value < kSafe; };
  if (safe(time) && safe(offset) && safe(origin)) return FloorTo(time + offset, origin, step);
  return static_cast<int64_t>(FloorTo<Wide>(Wide{time} + offset, origin, step));
}

}  // namespace

int64_t WindowShape::LastWindowAt(int64_t time) const {
  return FloorTo(time, 0, start_us, slide_us);
}

int64_t WindowShape::FirstWindowEndingAfter(int64_t time) const {
  return FloorTo(time, slide_us - size_us, start_us, slide_us);
}

TimeRange WindowShape::SliceOf(int64_t time) const {
  const int64_t last_start = LastWindowAt(time);
  const int64_t last_end = FloorTo(time, -size_us, start_us, slide_us) + size_us;
  return {std::max(last_start, last_end), std::min(last_start, last_end) + slide_us};
}

}  // namespace thalweg
