#include "streaming/watermark.h"

#include <gtest/gtest.h>

namespace thalweg {
namespace {

constexpr int64_t kSecond = 1'000'000;

EventTimeStats Max(int64_t max_us) {
  return {.count = 1, .max_us = max_us, .min_us = max_us, .sum_us = 0};
}

const EventTimeStats kNothing;

TEST(WatermarkTracker, IsMaxMinusDelayAndNeverGoesBack) {
  WatermarkTracker tracker({10 * kSecond}, WatermarkPolicy::kMin);
  EXPECT_EQ(tracker.current_us(), 0);
  EXPECT_EQ(tracker.Advance({Max(15 * kSecond)}), 5 * kSecond);
  EXPECT_EQ(tracker.Advance({Max(25 * kSecond)}), 15 * kSecond);
  EXPECT_EQ(tracker.Advance({Max(10 * kSecond)}), 15 * kSecond);
  EXPECT_EQ(tracker.Advance({kNothing}), 15 * kSecond);
  EXPECT_EQ(tracker.current_us(), 15 * kSecond);
}

TEST(WatermarkTracker, IsNeverNegative) {
  WatermarkTracker tracker({10 * kSecond}, WatermarkPolicy::kMin);
  EXPECT_EQ(tracker.Advance({Max(3 * kSecond)}), 0);
  EXPECT_EQ(tracker.Advance({Max(-3 * kSecond)}), 0);
  EXPECT_EQ(tracker.Advance({Max(11 * kSecond)}), 1 * kSecond);
}

TEST(WatermarkTracker, HasWholeMilliseconds) {
  WatermarkTracker tracker({0}, WatermarkPolicy::kMin);
  EXPECT_EQ(tracker.Advance({Max(10'000'500)}), 10'000'000);
  EXPECT_EQ(tracker.Advance({Max(10'000'999)}), 10'000'000);
  EXPECT_EQ(tracker.Advance({Max(10'001'000)}), 10'001'000);
  WatermarkTracker delayed({1'500}, WatermarkPolicy::kMax);
  EXPECT_EQ(delayed.Advance({Max(10'000'900)}), 9'999'000);
}

TEST(WatermarkTracker, FloorsTimesBefore1970) {
  WatermarkTracker tracker({-2 * kSecond}, WatermarkPolicy::kMin);
  EXPECT_EQ(tracker.Advance({Max(-1)}), 1'999'000);
}

// E16: delays 10 and 15 on inputs A and B of a union.
struct PolicyStep {
  int64_t a_s, b_s;  // 0: no data
  int64_t min_s, max_s;
};

TEST(WatermarkTracker, FollowsItsPolicyOverTwoInputs) {
  WatermarkTracker min({10 * kSecond, 15 * kSecond}, WatermarkPolicy::kMin);
  WatermarkTracker max({10 * kSecond, 15 * kSecond}, WatermarkPolicy::kMax);
  const PolicyStep steps[] = {
      {20, 30, 10, 15}, {120, 130, 110, 115}, {0, 150, 110, 135}, {150, 0, 135, 140}};
  for (const PolicyStep& step : steps) {
    const std::vector<EventTimeStats> stats = {step.a_s == 0 ? kNothing : Max(step.a_s * kSecond),
                                               step.b_s == 0 ? kNothing : Max(step.b_s * kSecond)};
    EXPECT_EQ(min.Advance(stats), step.min_s * kSecond) << step.a_s << " " << step.b_s;
    EXPECT_EQ(max.Advance(stats), step.max_s * kSecond) << step.a_s << " " << step.b_s;
  }
}

TEST(WatermarkTracker, AnInputWithoutDataSoFarCountsAsZero) {
  WatermarkTracker min({0, 0}, WatermarkPolicy::kMin);
  WatermarkTracker max({0, 0}, WatermarkPolicy::kMax);
  EXPECT_EQ(min.Advance({Max(kSecond), kNothing}), 0);
  EXPECT_EQ(max.Advance({Max(kSecond), kNothing}), kSecond);
  EXPECT_EQ(min.Advance({kNothing, Max(2 * kSecond)}), kSecond);
}

TEST(WatermarkTracker, AfterARestartHoldsTheOldValueUntilAllInputsPassIt) {
  WatermarkTracker min({10 * kSecond, 15 * kSecond}, WatermarkPolicy::kMin);
  min.Advance({Max(20 * kSecond), Max(30 * kSecond)});
  min.Restore(10 * kSecond);
  EXPECT_EQ(min.current_us(), 10 * kSecond);
  EXPECT_EQ(min.Advance({Max(120 * kSecond), kNothing}), 10 * kSecond);
  EXPECT_EQ(min.Advance({kNothing, Max(130 * kSecond)}), 110 * kSecond);
}

TEST(WatermarkTracker, WithoutNodesThereIsNone) {
  WatermarkTracker tracker({}, WatermarkPolicy::kMin);
  EXPECT_FALSE(tracker.has_watermark());
  EXPECT_EQ(tracker.Advance({}), 0);
}

PhysicalPlan PlanOf(std::vector<int64_t> delays_us) {
  PhysicalPlan plan;
  for (const int64_t delay_us : delays_us) {
    plan.nodes.push_back(std::make_unique<PhysicalNode>());
    plan.nodes.back()->watermark_delay_us = delay_us;
    plan.nodes.back()->id = static_cast<int>(plan.nodes.size()) - 1;
  }
  return plan;
}

/// Each node reads the one before it.
PhysicalPlan ChainOf(std::vector<int64_t> delays_us) {
  PhysicalPlan plan = PlanOf(std::move(delays_us));
  for (size_t i = 1; i < plan.nodes.size(); ++i) {
    plan.nodes[i]->inputs.emplace_back().node = plan.nodes[i - 1].get();
  }
  plan.root.node = plan.nodes.back().get();
  return plan;
}

TEST(PropagateWatermarks, GivesTheThresholdsToAllAboveTheWatermark) {
  const PhysicalPlan plan = ChainOf({-1, kSecond, -1, -1});
  std::vector<Thresholds> thresholds;
  PropagateWatermarks(plan, {.late_us = 5, .evict_us = 15, .evicted_us = 6}, &thresholds);
  ASSERT_EQ(thresholds.size(), 4u);
  EXPECT_EQ(thresholds[1].evict_until_us, kNoThreshold);
  for (const int above : {2, 3}) {
    EXPECT_EQ(thresholds[above].late_before_us, 5);
    EXPECT_EQ(thresholds[above].evict_until_us, 15);
    EXPECT_EQ(thresholds[above].evicted_us, 6);
  }
}

// A join hands on an older watermark than it gets, but none before there is one.
TEST(PropagateWatermarks, TheLowestInputCountsAndLagsAddUp) {
  PhysicalPlan plan = ChainOf({kSecond, -1, -1});
  plan.nodes[1]->state.watermark_lag_us = 7;
  plan.nodes[2]->inputs.emplace_back().node = plan.nodes[0].get();
  std::vector<Thresholds> thresholds;
  PropagateWatermarks(plan, {.late_us = 0, .evict_us = 15}, &thresholds);
  EXPECT_EQ(thresholds[1].evict_until_us, 15);
  EXPECT_EQ(thresholds[2].evict_until_us, 8);
  EXPECT_EQ(thresholds[2].late_before_us, 0);
}

TEST(PropagateWatermarks, StatefulNodesAskForEpochsWithoutRowsAboveAWatermark) {
  PhysicalPlan plan = ChainOf({-1, kSecond, -1});
  EXPECT_FALSE(ReleasesWithoutInput(plan));
  plan.nodes[0]->state.stateful = plan.nodes[0]->state.uses_event_time = true;
  EXPECT_FALSE(ReleasesWithoutInput(plan));
  plan.nodes[2]->state.stateful = plan.nodes[2]->state.uses_event_time = true;
  EXPECT_TRUE(ReleasesWithoutInput(plan));
  EXPECT_EQ(StatefulNodes(plan),
            (std::vector<const PhysicalNode*>{plan.nodes[2].get(), plan.nodes[0].get()}));
}

TEST(PropagateWatermarks, GivesNoneWithoutAWatermark) {
  const PhysicalPlan plan = PlanOf({-1, -1});
  std::vector<Thresholds> thresholds;
  PropagateWatermarks(plan, {.late_us = 5, .evict_us = 15}, &thresholds);
  ASSERT_EQ(thresholds.size(), 2u);
  EXPECT_EQ(thresholds[0].late_before_us, kNoThreshold);
  EXPECT_EQ(thresholds[1].evict_until_us, kNoThreshold);
}

}  // namespace
}  // namespace thalweg
