// WatermarkTracker: rules W1 to W10 of the specification (reference: structured-streaming §1.5).
// Per node: max(event time) - delay, in whole ms (floor), never going back; global: min or max over
// nodes, never negative, never going back; a value made at the end of epoch n is used from n + 1.
#pragma once

#include <cstdint>
#include <vector>

#include "exec/operator.h"

namespace thalweg {

enum class WatermarkPolicy : uint8_t { kMin, kMax };

class WatermarkTracker {
 public:
  /// `delays_us` by watermark node.
  WatermarkTracker(std::vector<int64_t> delays_us, WatermarkPolicy policy);
  bool has_watermark() const { return !delays_us_.empty(); }
  /// The global watermark in µs (whole ms); 0 before any data.
  int64_t current_us() const { return global_us_; }
  /// After a restart: per-node maxima start from nothing, the global value does not go back (W9).
  void Restore(int64_t global_us);
  /// Statistics of one epoch by node; returns the global watermark for the next epoch.
  int64_t Advance(const std::vector<EventTimeStats>& stats);

 private:
  std::vector<int64_t> delays_us_;
  std::vector<int64_t> node_us_;
  WatermarkPolicy policy_;
  int64_t global_us_ = 0;
};

}  // namespace thalweg
