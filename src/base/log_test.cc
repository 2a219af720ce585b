#include "base/log.h"

#include <gtest/gtest.h>

#include "base/sim/sim_env.h"

namespace thalweg {
namespace {

std::string written;

class LogTest : public testing::Test {
 protected:
  void SetUp() override {
    written.clear();
    SetLogWriter([](std::string_view line) { written += line; });
  }
  void TearDown() override {
    SetLogWriter(nullptr);
    SetLogClock(nullptr);
    SetLogLevel(LogLevel::kWarning);
  }
};

TEST_F(LogTest, OnlyWhatReachesTheThreshold) {
  Log(LogLevel::kInfo, "quiet");
  Log(LogLevel::kWarning, "careful");
  Log(LogLevel::kError, "broken");
  EXPECT_EQ(written, "WARNING careful\nERROR broken\n");
  SetLogLevel(LogLevel::kDebug);
  EXPECT_TRUE(LogsAt(LogLevel::kDebug));
  Log(LogLevel::kDebug, "all");
  EXPECT_EQ(written, "WARNING careful\nERROR broken\nDEBUG all\n");
}

TEST_F(LogTest, LinesCarryTheTimeAndMessagesStayTogether) {
  SimWorld world({});
  SetLogClock(&world.NewLife().clock());
  world.AdvanceUs(61'000'000);
  Log(LogLevel::kError, "one\ntwo");
  EXPECT_EQ(written, "2024-01-01T00:01:01.000Z ERROR one\n  two\n");
}

TEST_F(LogTest, GoesToStderrByDefault) {
  SetLogWriter(nullptr);
  testing::internal::CaptureStderr();
  Log(LogLevel::kWarning, "seen");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "WARNING seen\n");
}

}  // namespace
}  // namespace thalweg
