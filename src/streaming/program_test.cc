#include "streaming/program.h"

#include <gtest/gtest.h>

namespace thalweg {
namespace {

PhysicalPlan Plan() {
  PhysicalPlan plan;
  plan.fingerprint = "f00d";
  return plan;
}

std::string Difference(const ProgramRecord& logged, const ProgramRecord& now) {
  const Status status = CheckSameProgram(logged, now);
  if (status.ok()) return "";
  EXPECT_EQ(status.condition(), "STATE_REPLAY_PROGRAM_CHANGED");
  return status.message();
}

TEST(Program, TheSameProgramIsTheSame) {
  const ProgramRecord program = ProgramOf(Plan(), Conf(), "tzdata=2024a\n");
  EXPECT_EQ(program, ProgramOf(Plan(), Conf(), "tzdata=2024a\n"));
  EXPECT_TRUE(CheckSameProgram(program, program).ok());
}

TEST(Program, ADifferenceIsNamedWithBothSides) {
  const ProgramRecord logged = ProgramOf(Plan(), Conf(), "tzdata=2024a\nicu=72\n");
  ProgramRecord now = logged;
  now.plan_fingerprint = "cafe";
  EXPECT_NE(Difference(logged, now).find("the query's plan differs (logged f00d, now cafe)"),
            std::string::npos)
      << Difference(logged, now);
  now = logged;
  now.build = "other";
  EXPECT_NE(Difference(logged, now).find("the build differs"), std::string::npos);
  now = ProgramOf(Plan(), Conf(), "tzdata=2024b\nicu=72\n");
  EXPECT_NE(Difference(logged, now).find("tzdata differs (logged 2024a, now 2024b)"),
            std::string::npos);
  now = ProgramOf(Plan(), Conf(), "tzdata=2024a\nicu=72\nudf f=2\n");
  EXPECT_NE(Difference(logged, now).find("udf f differs (logged nothing, now 2)"),
            std::string::npos);
  Conf conf;
  ASSERT_TRUE(conf.Set("spark.sql.session.timeZone", "Europe/Paris").ok());
  now = ProgramOf(Plan(), conf, "tzdata=2024a\nicu=72\n");
  EXPECT_NE(Difference(logged, now)
                .find("spark.sql.session.timeZone differs (logged UTC, now Europe/Paris)"),
            std::string::npos);
}

TEST(Program, TheCheckpointsWatermarkPolicyWins) {
  Conf session;
  ASSERT_TRUE(session.Set("spark.sql.streaming.multipleWatermarkPolicy", "max").ok());
  ASSERT_TRUE(session.Set("spark.sql.session.timeZone", "Europe/Paris").ok());
  const ProgramRecord logged = ProgramOf(Plan(), Conf(), "");
  ASSERT_TRUE(ApplyPinnedConf(logged, &session).ok());
  EXPECT_EQ(session.Get("spark.sql.streaming.multipleWatermarkPolicy"), "min");
  EXPECT_EQ(session.Get("spark.sql.session.timeZone"), "Europe/Paris");
}

}  // namespace
}  // namespace thalweg
