#include "streaming/watermark.h"

#include <algorithm>

namespace thalweg {
namespace {

int64_t FloorToMs(int64_t us) {
  const int64_t ms = us / 1000;
  return us % 1000 < 0 ? ms - 1 : ms;
}

}  // namespace

WatermarkTracker::WatermarkTracker(std::vector<int64_t> delays_us, WatermarkPolicy policy)
    : delays_ms_(std::move(delays_us)), nodes_ms_(delays_ms_.size()), policy_(policy) {
  for (int64_t& delay : delays_ms_) delay = FloorToMs(delay);
}

void WatermarkTracker::Restore(int64_t global_us) {
  std::fill(nodes_ms_.begin(), nodes_ms_.end(), std::nullopt);
  global_us_ = global_us;
}

int64_t WatermarkTracker::Advance(const std::vector<EventTimeStats>& stats) {
  THALWEG_CHECK(stats.size() == delays_ms_.size(), "event time statistics are one per node");
  if (stats.empty()) return global_us_;
  int64_t chosen_ms = 0;
  for (size_t i = 0; i < stats.size(); ++i) {
    std::optional<int64_t>& node_ms = nodes_ms_[i];
    if (stats[i].count > 0) {
      const int64_t seen_ms = FloorToMs(stats[i].max_us) - delays_ms_[i];
      node_ms = std::max(node_ms.value_or(seen_ms), seen_ms);
    } else if (!node_ms.has_value()) {
      node_ms = 0;
    }
    if (i == 0) {
      chosen_ms = *node_ms;
    } else {
      chosen_ms = policy_ == WatermarkPolicy::kMin ? std::min(chosen_ms, *node_ms)
                                                   : std::max(chosen_ms, *node_ms);
    }
  }
  global_us_ = std::max(global_us_, chosen_ms * 1000);
  return global_us_;
}

void PropagateWatermarks(const PhysicalPlan& plan, const EpochWatermarks& watermarks,
                         std::vector<Thresholds>* thresholds) {
  const bool any = std::any_of(plan.nodes.begin(), plan.nodes.end(),
                               [](const auto& node) { return node->watermark_delay_us >= 0; });
  // Every operator built so far hands its input's watermark on unchanged, so that each node gets
  // the global one.
  Thresholds global;
  if (any) global = {watermarks.late_us, watermarks.evict_us};
  thresholds->assign(plan.nodes.size(), global);
}

}  // namespace thalweg
