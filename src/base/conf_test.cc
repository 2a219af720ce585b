#include "base/conf.h"

#include <gtest/gtest.h>

namespace thalweg {
namespace {

TEST(ConfTest, DefaultsAndTypedReads) {
  Conf conf;
  EXPECT_TRUE(conf.GetBool("spark.sql.ansi.enabled"));
  EXPECT_EQ(conf.GetInt("spark.sql.shuffle.partitions"), 200);
  EXPECT_EQ(conf.GetDurationUs("thalweg.state.sealInterval"), 1'000'000);
  EXPECT_EQ(conf.GetBytes("thalweg.state.sealBytes"), 64 << 20);
  EXPECT_FALSE(conf.IsSet("spark.sql.ansi.enabled"));
  ASSERT_TRUE(conf.Set("spark.sql.ansi.enabled", " FALSE ").ok());
  EXPECT_FALSE(conf.GetBool("spark.sql.ansi.enabled"));
  EXPECT_TRUE(conf.IsSet("spark.sql.ansi.enabled"));
  conf.Unset("spark.sql.ansi.enabled");
  EXPECT_TRUE(conf.GetBool("spark.sql.ansi.enabled"));
}

TEST(ConfTest, UnknownKeysOfOursAreRefusedWithTheNearest) {
  Conf conf;
  const Status status = conf.Set("spark.sql.shufle.partitions", "8");
  EXPECT_EQ(status.condition(), "SQL_CONF_NOT_FOUND");
  EXPECT_NE(status.message().find("Did you mean \"spark.sql.shuffle.partitions\"?"),
            std::string::npos)
      << status.ToString();
  EXPECT_EQ(conf.Set("thalweg.durabilty", "power").condition(), "SQL_CONF_NOT_FOUND");
  EXPECT_TRUE(conf.values().empty());
}

TEST(ConfTest, OtherKeysAreKept) {
  Conf conf;
  ASSERT_TRUE(conf.Set("spark.app.name", "mine").ok());
  EXPECT_EQ(conf.Get("spark.app.name"), "mine");
  EXPECT_EQ(conf.Get("spark.app.other"), "");
}

TEST(ConfTest, ValuesMustHaveTheTypeOfTheKey) {
  Conf conf;
  for (const auto& [key, value] : {std::pair{"spark.sql.ansi.enabled", "yes"},
                                   std::pair{"spark.sql.shuffle.partitions", "2.5"},
                                   std::pair{"thalweg.state.sealInterval", "10 parsecs"},
                                   std::pair{"thalweg.state.sealBytes", "lots"}}) {
    const Status status = conf.Set(key, value);
    EXPECT_EQ(status.condition(), "INVALID_CONF_VALUE.TYPE_MISMATCH") << key;
    EXPECT_NE(status.message().find(value), std::string::npos);
  }
}

TEST(ConfTest, NumbersStayInRangeAndChoicesAreSpelledOut) {
  Conf conf;
  EXPECT_NE(conf.Set("thalweg.exec.batchRows", "1025").message().find("from 1 to 1024"),
            std::string::npos);
  EXPECT_FALSE(conf.Set("spark.sql.shuffle.partitions", "0").ok());
  EXPECT_FALSE(conf.Set("thalweg.epoch.minInterval", "-1s").ok());
  EXPECT_TRUE(conf.Set("thalweg.exec.batchRows", "1").ok());
  const Status status = conf.Set("thalweg.durability", "pwer");
  EXPECT_EQ(status.condition(), "INVALID_CONF_VALUE.OUT_OF_RANGE_OF_OPTIONS");
  EXPECT_NE(status.message().find("process, power"), std::string::npos);
  ASSERT_TRUE(conf.Set("spark.sql.mapKeyDedupPolicy", "last_win").ok());
  EXPECT_EQ(conf.Get("spark.sql.mapKeyDedupPolicy"), "LAST_WIN");
}

TEST(ConfTest, WhatIsNotBuiltIsRefusedUnlessItIsTheDefault) {
  Conf conf;
  EXPECT_TRUE(conf.Set("spark.sql.storeAssignmentPolicy", "ansi").ok());
  EXPECT_EQ(conf.Set("spark.sql.storeAssignmentPolicy", "LEGACY").condition(),
            "THALWEG_NOT_SUPPORTED_YET");
  EXPECT_TRUE(conf.Set("spark.sql.legacy.anything", "false").ok());
  EXPECT_EQ(conf.Set("spark.sql.legacy.anything", "true").condition(), "THALWEG_NOT_SUPPORTED_YET");
}

TEST(ConfTest, AKeyBelongsToItsLongestFamily) {
  EXPECT_STREQ(FindConfEntry("spark.sql.streaming.stateStore.rocksdb.formatVersion")->key,
               "spark.sql.streaming.stateStore.*");
  EXPECT_STREQ(FindConfEntry("spark.sql.streaming.stateStore.providerClass")->key,
               "spark.sql.streaming.stateStore.providerClass");
  EXPECT_EQ(FindConfEntry("spark.sql.streaming.stateStore."), nullptr);
}

TEST(ConfTest, TableIsSortedAndItsDefaultsFit) {
  std::string previous;
  for (const ConfEntry& entry : {
#define X(key, type, use, default_value, meaning) \
  ConfEntry{key, ConfType::type, ConfUse::use, default_value, meaning},
#include "base/conf_entries.inc"
#undef X
       }) {
    EXPECT_LT(previous, entry.key);
    previous = entry.key;
    Conf conf;
    if (!previous.ends_with(".*")) {
      EXPECT_TRUE(conf.Set(entry.key, entry.default_value).ok()) << entry.key;
    }
  }
}

TEST(ConfDeathTest, AReadOfTheWrongTypeIsABug) {
  EXPECT_DEATH((void)Conf().GetInt("spark.sql.ansi.enabled"), "conf_entries.inc");
}

TEST(ConfTest, Durations) {
  EXPECT_EQ(ParseDurationUs("10 seconds"), 10'000'000);
  EXPECT_EQ(ParseDurationUs("5ms"), 5000);
  EXPECT_EQ(ParseDurationUs("2"), 2000);
  EXPECT_EQ(ParseDurationUs("7us"), 7);
  EXPECT_EQ(ParseDurationUs(" 1 Minute "), 60'000'000);
  EXPECT_EQ(ParseDurationUs("3h"), 10'800'000'000);
  EXPECT_EQ(ParseDurationUs(""), std::nullopt);
  EXPECT_EQ(ParseDurationUs("seconds"), std::nullopt);
  EXPECT_EQ(ParseDurationUs("9223372036854775807 d"), std::nullopt);
}

TEST(ConfTest, Bytes) {
  EXPECT_EQ(ParseBytes("64m"), 64 << 20);
  EXPECT_EQ(ParseBytes("1g"), 1 << 30);
  EXPECT_EQ(ParseBytes("1024"), 1024);
  EXPECT_EQ(ParseBytes("2 KB"), 2048);
  EXPECT_EQ(ParseBytes("-1"), -1);
  EXPECT_EQ(ParseBytes("1x"), std::nullopt);
}

TEST(NearestNameTest, FindsTyposAndNothingFar) {
  const std::vector<std::string_view> names = {"json", "parquet", "orc", "csv"};
  EXPECT_EQ(NearestName("jsno", names), "json");
  EXPECT_EQ(NearestName("PARQET", names), "parquet");
  EXPECT_EQ(NearestName("avro", names), "");
  EXPECT_EQ(NearestName("", names), "");
  EXPECT_EQ(NearestName("json", {}), "");
}

}  // namespace
}  // namespace thalweg
