#include "streaming/watermark.h"

#include <algorithm>

namespace thalweg {
namespace {

int64_t FloorToMs(int64_t us) {
  const int64_t ms = us / 1000;
  return us % 1000 < 0 ? ms - 1 : ms;
}

Thresholds OutputOf(const PhysicalNode& node, const EpochWatermarks& watermarks,
                    const std::vector<Thresholds>& thresholds);
Thresholds LowerOf(const Thresholds& a, const Thresholds& b);
bool HasWatermark(const PhysicalNode& node, const std::vector<Thresholds>& thresholds);

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
  thresholds->assign(plan.nodes.size(), Thresholds());
  for (const auto& node : plan.nodes) {
    Thresholds& of_node = (*thresholds)[static_cast<size_t>(node->id)];
    bool first = true;
    for (const PhysicalInput& input : node->inputs) {
      if (input.node == nullptr) continue;
      const Thresholds below = OutputOf(*input.node, watermarks, *thresholds);
      if (below.evict_until_us == kNoThreshold) continue;
      of_node = first ? below : LowerOf(of_node, below);
      first = false;
    }
  }
}

bool ReleasesWithoutInput(const PhysicalPlan& plan) {
  std::vector<Thresholds> thresholds;
  PropagateWatermarks(plan, EpochWatermarks(), &thresholds);
  return std::any_of(plan.nodes.begin(), plan.nodes.end(), [&](const auto& node) {
    return node->state.stateful && node->state.uses_event_time && HasWatermark(*node, thresholds);
  });
}

namespace {

/// What `node` hands on.
Thresholds OutputOf(const PhysicalNode& node, const EpochWatermarks& watermarks,
                    const std::vector<Thresholds>& thresholds) {
  if (node.watermark_delay_us >= 0) {
    return {watermarks.late_us, watermarks.evict_us, watermarks.evicted_us};
  }
  Thresholds out = thresholds[static_cast<size_t>(node.id)];
  if (out.evict_until_us == kNoThreshold) return out;
  if (watermarks.late_us != 0) out.late_before_us -= node.state.watermark_lag_us;
  if (watermarks.evict_us != 0) out.evict_until_us -= node.state.watermark_lag_us;
  if (watermarks.evicted_us != 0) out.evicted_us -= node.state.watermark_lag_us;
  return out;
}

Thresholds LowerOf(const Thresholds& a, const Thresholds& b) {
  return {std::min(a.late_before_us, b.late_before_us),
          std::min(a.evict_until_us, b.evict_until_us), std::min(a.evicted_us, b.evicted_us)};
}

bool HasWatermark(const PhysicalNode& node, const std::vector<Thresholds>& thresholds) {
  return thresholds[static_cast<size_t>(node.id)].evict_until_us != kNoThreshold;
}

}  // namespace
}  // namespace thalweg
