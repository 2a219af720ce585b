// Gate 1's proof: kill the query at every Env call, and at random ones, and what has come out
// equals the batch answer over what has gone in, bit for bit.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "crash_run.h"

namespace thalweg {
namespace {

struct Mode {
  const char* name;
  bool power_durability;
  CrashKind crash_kind;
};
constexpr Mode kModes[] = {
    {"kill_under_process", false, CrashKind::kProcess},
    {"kill_under_power", true, CrashKind::kProcess},
    {"power_loss_under_power", true, CrashKind::kPower},
};

Scenario MakeScenario(uint64_t seed, const Mode& mode, bool sliding, int workers, int rows);
std::string Replay(const Scenario& scenario, const CrashPoints& crash);

// ---- every Env call, once

using EveryCallCase = std::tuple<int, int, bool, int, int>;  // seed, mode, sliding, workers, rows

class EveryCall : public testing::TestWithParam<EveryCallCase> {};

TEST_P(EveryCall, EqualsTheBatchAnswer) {
  const auto [seed, mode, sliding, workers, rows] = GetParam();
  const Scenario scenario = MakeScenario(seed, kModes[mode], sliding, workers, rows);
  const RunReport whole = RunScenario(scenario, {});
  ASSERT_EQ(whole.failure, "") << Replay(scenario, {});
  ASSERT_GT(whole.rows_out, 10);
  ASSERT_EQ(whole.late_rows > 0, scenario.late_rows);
  for (int64_t call = 1; call <= whole.calls; ++call) {
    const RunReport report = RunScenario(scenario, {call});
    ASSERT_TRUE(report.crashed) << Replay(scenario, {call});
    ASSERT_EQ(report.failure, "") << Replay(scenario, {call});
  }
}

std::string CaseName(const testing::TestParamInfo<EveryCallCase>& info) {
  const auto [seed, mode, sliding, workers, rows] = info.param;
  return fmt::format("seed{}_{}_{}_{}workers_{}rows", seed, kModes[mode].name,
                     sliding ? "sliding" : "tumbling", workers, rows);
}

INSTANTIATE_TEST_SUITE_P(Crash, EveryCall,
                         testing::Combine(testing::Range(1, 6), testing::Range(0, 3),
                                          testing::Bool(), testing::Values(1, 3),
                                          testing::Values(1, 1024)),
                         CaseName);

// ---- one random call of 1,000 further runs; half of them die again while they recover

constexpr int kRandomRuns = 1000;
constexpr int kShards = 10;

class RandomCall : public testing::TestWithParam<int> {};

TEST_P(RandomCall, EqualsTheBatchAnswer) {
  for (int run = GetParam(); run < kRandomRuns; run += kShards) {
    const uint64_t seed = 1000 + run;
    const Scenario scenario = MakeScenario(seed, kModes[run / 4 % 3], run % 2 == 0,
                                           run % 4 < 2 ? 1 : 3, run / 12 % 2 == 0 ? 1 : 1024);
    const RunReport whole = RunScenario(scenario, {});
    ASSERT_EQ(whole.failure, "") << Replay(scenario, {});
    SimWorld numbers({seed});
    CrashPoints crash;
    crash.at = 1 + static_cast<int64_t>(numbers.Random() % static_cast<uint64_t>(whole.calls));
    if (run / 24 % 2 == 0) crash.again = 1 + static_cast<int64_t>(numbers.Random() % 40);
    const RunReport report = RunScenario(scenario, crash);
    ASSERT_TRUE(report.crashed) << Replay(scenario, crash);
    ASSERT_EQ(report.failure, "") << Replay(scenario, crash);
  }
}

INSTANTIATE_TEST_SUITE_P(Crash, RandomCall, testing::Range(0, kShards));

// ---- a loss of power under `process` need not be survived: a query that cannot go on from what is
// left is refused, but never gives a wrong row

class PowerLossUnderProcess : public testing::TestWithParam<int> {};

TEST_P(PowerLossUnderProcess, IsRightOrRefused) {
  constexpr Mode kMode = {"power_loss_under_process", false, CrashKind::kPower};
  int64_t right = 0, refused = 0;
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const Scenario scenario = MakeScenario(seed, kMode, GetParam() == 1, 3, 1024);
    const int64_t calls = RunScenario(scenario, {}).calls;
    for (int64_t call = 1; call <= calls; ++call) {
      const RunReport report = RunScenario(scenario, {call});
      ++(report.refused ? refused : right);
      ASSERT_TRUE(report.refused || report.failure.empty())
          << report.failure << Replay(scenario, {call});
    }
  }
  EXPECT_GT(right, 0);
  EXPECT_GT(refused, 0) << "a loss that nothing notices is no loss";
}

INSTANTIATE_TEST_SUITE_P(Crash, PowerLossUnderProcess, testing::Range(0, 2));

// ---- the proof can fail: a step that is left out is noticed

class SkippedStepTest : public testing::TestWithParam<SkippedStep> {};

TEST_P(SkippedStepTest, IsNoticed) {
  int64_t noticed = 0;
  for (const uint64_t seed : {1, 3, 5}) {
    Scenario scenario = MakeScenario(seed, kModes[0], false, 1, 1024);
    const int64_t calls = RunScenario(scenario, {}).calls;
    scenario.skipped = GetParam();
    for (int64_t call = 1; call <= calls; ++call) {
      noticed += !RunScenario(scenario, {call}).failure.empty();
    }
  }
  EXPECT_GT(noticed, 0) << "no crash shows that the step was skipped";
}

std::string StepName(const testing::TestParamInfo<SkippedStep>& info) {
  const char* names[] = {"none", "epoch_record", "state_seal", "sink_commit"};
  return names[static_cast<int>(info.param)];
}

INSTANTIATE_TEST_SUITE_P(Crash, SkippedStepTest,
                         testing::Values(SkippedStep::kEpochRecord, SkippedStep::kStateSeal,
                                         SkippedStep::kSinkCommit),
                         StepName);

Scenario MakeScenario(uint64_t seed, const Mode& mode, bool sliding, int workers, int rows) {
  Scenario scenario;
  scenario.seed = seed;
  scenario.workers = workers;
  scenario.rows_per_batch = rows;
  scenario.sliding = sliding;
  scenario.late_rows = seed % 2 == 0;
  scenario.power_durability = mode.power_durability;
  scenario.crash_kind = mode.crash_kind;
  return scenario;
}

std::string Replay(const Scenario& scenario, const CrashPoints& crash) {
  return fmt::format("play it again: simulation_test {} --crash-at {} --again-at {}",
                     scenario.ToString(), crash.at, crash.again);
}

}  // namespace
}  // namespace thalweg
