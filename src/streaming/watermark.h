// Watermarks: rules W1 to W10 of the specification (reference: structured-streaming §1.5).
//
//   node     max(event time) - delay of the epochs since the start, in whole ms (floor), never
//            going back; a node that has seen nothing counts as 0
//   global   min or max over the nodes; never negative, never going back
//
// What is made of epoch n is used from n + 1 on: to evict there, and to tell late rows one epoch
// later. One thread: the query's coordinator.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "exec/epoch_runner.h"

namespace thalweg {

enum class WatermarkPolicy : uint8_t { kMin, kMax };

class WatermarkTracker {
 public:
  /// `delays_us` by watermark node.
  WatermarkTracker(std::vector<int64_t> delays_us, WatermarkPolicy policy);
  bool has_watermark() const { return !delays_ms_.empty(); }
  /// The global watermark in µs (whole ms); 0 before any data.
  int64_t current_us() const { return global_us_; }
  /// After a restart: the nodes start from nothing, the global value goes on from `global_us` (W9).
  void Restore(int64_t global_us);
  /// Statistics of one epoch by node; returns the global watermark for the next epoch.
  int64_t Advance(const std::vector<EventTimeStats>& stats);

 private:
  std::vector<int64_t> delays_ms_;
  std::vector<std::optional<int64_t>> nodes_ms_;
  WatermarkPolicy policy_;
  int64_t global_us_ = 0;
};

/// The global watermarks of one epoch.
struct EpochWatermarks {
  int64_t late_us = 0;     // tells late rows: that of the epoch before, with one threshold evict_us
  int64_t evict_us = 0;    // this epoch's
  int64_t evicted_us = 0;  // that of the epoch before
};

/// The thresholds of every node of `plan`, from its leaves up: the lowest watermark that flows in.
/// None where no watermark is declared below. While the global one is 0, so are all.
void PropagateWatermarks(const PhysicalPlan& plan, const EpochWatermarks& watermarks,
                         std::vector<Thresholds>* thresholds);

/// Some node would release something without input once its watermark has moved.
bool ReleasesWithoutInput(const PhysicalPlan& plan);

}  // namespace thalweg
