// A case that crashes, hangs or ends its process is wrong, and the others are played all the same.
#include "worker_pool.h"

#include <unistd.h>

#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace thalweg {
namespace {

Verdict Misbehave(size_t i) {
  if (i == 1) {
    if (write(STDERR_FILENO, "last words", 10) != 10) return {};
    abort();
  }
  if (i == 3) pause();
  if (i == 5) _exit(3);
  if (i == 6) return Unsupported(std::string(1'000'000, 'x'));
  return {};
}

TEST(WorkerPool, SurvivesItsCases) {
  for (const int workers : {1, 3}) {
    std::vector<Verdict> verdicts(9);
    std::vector<int> times(9);
    PlayInWorkers(9, Misbehave,
                  [&](size_t i, Verdict verdict) {
                    verdicts[i] = std::move(verdict);
                    ++times[i];
                  },
                  {.workers = workers, .seconds_max = 1});
    EXPECT_EQ(times, std::vector<int>(9, 1));
    for (const size_t good : {0, 2, 4, 7, 8}) EXPECT_EQ(verdicts[good].outcome, Outcome::kPassed);
    for (const size_t bad : {1, 3, 5}) EXPECT_EQ(verdicts[bad].outcome, Outcome::kWrong);
    EXPECT_NE(verdicts[1].text.find("last words"), std::string::npos);
    EXPECT_NE(verdicts[3].text.find("no end after 1 s"), std::string::npos);
    EXPECT_NE(verdicts[5].text.find("code 3"), std::string::npos);
    EXPECT_EQ(verdicts[6].outcome, Outcome::kUnsupported);
    EXPECT_EQ(verdicts[6].text.size(), 1'000'000u);
  }
}

TEST(Verdict, ARefusalIsComparedByConditionAndState) {
  const nlohmann::json state = "22012";
  const Status divide = Status::User("DIVIDE_BY_ZERO");
  EXPECT_EQ(CompareError("DIVIDE_BY_ZERO", state, divide).outcome, Outcome::kPassed);
  EXPECT_EQ(CompareError("DIVIDE_BY_ZERO", "22013", divide).outcome, Outcome::kWrong);
  EXPECT_EQ(CompareError("CAST_INVALID_INPUT", state, divide).outcome, Outcome::kWrong);
  EXPECT_EQ(CompareError("_LEGACY_ERROR_TEMP_3102", nullptr, divide).outcome, Outcome::kPassed);
  EXPECT_EQ(CompareError("_LEGACY_ERROR_TEMP_3102", nullptr, Status::Bug("x")).outcome,
            Outcome::kWrong);
  EXPECT_EQ(CompareError("DIVIDE_BY_ZERO", state, NotSupportedYet("x")).outcome,
            Outcome::kUnsupported);
}

}  // namespace
}  // namespace thalweg
