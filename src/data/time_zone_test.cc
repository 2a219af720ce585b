#include "data/time_zone.h"

#include <gtest/gtest.h>

#include "data/test_random.h"
#include "data/zone_file.h"

namespace thalweg {
namespace {

const TimeZone& Zone(std::string_view name) {
  const Result<const TimeZone*> zone = TimeZone::Find(name);
  EXPECT_TRUE(zone.ok()) << name;
  return zone.ok() ? **zone : TimeZone::Utc();
}

int64_t At(int64_t year, int month, int day, int hour, int minute) {
  return DaysFromCivil(year, month, day) * kMicrosPerDay + hour * kMicrosPerHour +
         minute * kMicrosPerMinute;
}

TEST(Calendar, DaysAndDatesAreInverse) {
  CivilDate before = CivilFromDays(-200001);
  for (int64_t days = -200000; days < 200000; ++days) {
    const CivilDate date = CivilFromDays(days);
    ASSERT_EQ(DaysFromCivil(date.year, date.month, date.day), days);
    const bool next_day = date.day == before.day + 1 && date.month == before.month;
    const bool next_month = date.day == 1 && before.day == DaysInMonth(before.year, before.month);
    ASSERT_TRUE(next_day || next_month);
    before = date;
  }
  for (const int64_t days : {INT32_MIN, INT32_MAX}) {
    const CivilDate date = CivilFromDays(days);
    EXPECT_EQ(DaysFromCivil(date.year, date.month, date.day), days);
  }
}

TEST(Calendar, WeekBeginsOnMonday) {
  EXPECT_EQ(DayOfWeek(0), 4);   // a Thursday
  EXPECT_EQ(DayOfWeek(-4), 7);  // a Sunday
}

TEST(TimeZone, NamesAreThoseOfJava) {
  const std::pair<const char*, const char*> kIds[] = {{"UTC", "UTC"},
                                                      {"Z", "Z"},
                                                      {"GMT", "GMT"},
                                                      {"GMT+1", "GMT+01:00"},
                                                      {"UTC+01:00", "UTC+01:00"},
                                                      {"UT-5", "UT-05:00"},
                                                      {"+01:00", "+01:00"},
                                                      {"+1", "+01:00"},
                                                      {"-8", "-08:00"},
                                                      {"+0130", "+01:30"},
                                                      {"+1:30", "+01:30"},
                                                      {"+01:3", "+01:03"},
                                                      {"-13:33:33", "-13:33:33"},
                                                      {"+00:00", "Z"},
                                                      {"EST", "-05:00"},
                                                      {"PST", "America/Los_Angeles"},
                                                      {"UTC+0", "UTC"},
                                                      {"GMT0", "GMT0"},
                                                      {"Europe/Berlin", "Europe/Berlin"}};
  for (const auto& [name, id] : kIds) EXPECT_EQ(Zone(name).id(), id) << name;
  EXPECT_EQ(Zone("-13:33:33").OffsetSeconds(0), -(13 * 3600 + 33 * 60 + 33));
  EXPECT_EQ(&Zone("Europe/Berlin"), &Zone("Europe/Berlin"));
}

TEST(TimeZone, OtherNamesAreRefused) {
  for (const char* name :
       {"", "X", "Mars/Base", "europe/berlin", "+19:00", "+18:00:01", "+01:60", "+1:2:3", "GMT+",
        "../../etc/passwd", "posix/Europe/Berlin", "Europe", "Europe/Berlin ", "01:00"}) {
    const Result<const TimeZone*> zone = TimeZone::Find(name);
    ASSERT_FALSE(zone.ok()) << name;
    EXPECT_EQ(zone.status().condition(), "INVALID_TIMEZONE");
  }
}

TEST(TimeZone, GapsMoveForwardAndOverlapsMeanTheEarlierInstant) {
  const TimeZone& berlin = Zone("Europe/Berlin");
  EXPECT_EQ(berlin.ToInstant(At(2024, 3, 31, 1, 59)), At(2024, 3, 31, 0, 59));
  EXPECT_EQ(berlin.ToInstant(At(2024, 3, 31, 2, 30)), At(2024, 3, 31, 1, 30));  // reads 03:30
  EXPECT_EQ(berlin.ToInstant(At(2024, 3, 31, 3, 0)), At(2024, 3, 31, 1, 0));
  EXPECT_EQ(berlin.ToInstant(At(2024, 10, 27, 2, 30)), At(2024, 10, 27, 0, 30));
  EXPECT_EQ(berlin.ToInstant(At(2024, 10, 27, 3, 0)), At(2024, 10, 27, 2, 0));
  EXPECT_EQ(berlin.ToLocal(At(2024, 10, 27, 1, 0)), At(2024, 10, 27, 2, 0));
}

TEST(TimeZone, TheYearlyRuleHoldsForEver) {
  const TimeZone& new_york = Zone("America/New_York");
  EXPECT_EQ(new_york.OffsetSeconds(At(2500, 1, 15, 0, 0)), -5 * 3600);
  EXPECT_EQ(new_york.OffsetSeconds(At(2500, 7, 15, 0, 0)), -4 * 3600);
  const TimeZone& sydney = Zone("Australia/Sydney");
  EXPECT_EQ(sydney.OffsetSeconds(At(2100, 1, 15, 0, 0)), 11 * 3600);
  EXPECT_EQ(sydney.OffsetSeconds(At(2100, 7, 15, 0, 0)), 10 * 3600);
}

TEST(TimeZone, ACursorSaysWhatTheZoneSays) {
  for (const char* name : {"Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "+05:30"}) {
    const TimeZone& zone = Zone(name);
    ZoneCursor cursor(zone);
    TestRandom random(3);
    for (int i = 0; i < 20000; ++i) {
      // Steps of days around a slow walk from 1800 to 2200, with leaps to the ends of time.
      int64_t us = At(1800 + i / 50, 1, 1, 0, 0) + random.Below(400) * kMicrosPerDay +
                   random.Below(86400) * kMicrosPerSecond;
      if (random.OneIn(1000)) us = static_cast<int64_t>(random.Next()) / 2;
      ASSERT_EQ(cursor.ToLocal(us), zone.ToLocal(us)) << name << " " << us;
      ASSERT_EQ(cursor.ToInstant(us), zone.ToInstant(us)) << name << " " << us;
    }
  }
}

TEST(ZoneRules, DamagedFilesAreRefusedOrReadWithoutHarm) {
  std::string bytes;
  ASSERT_TRUE(ReadZoneFile("Europe/Berlin", &bytes));
  ZoneRules rules;
  ASSERT_TRUE(ZoneRules::Parse(bytes, &rules));
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(ZoneRules::Parse(std::string_view(bytes).substr(0, length), &rules)) << length;
  }
  TestRandom random(5);
  for (int i = 0; i < 20000; ++i) {
    std::string damaged = bytes;
    for (int k = 0; k < 3; ++k) damaged[random.Below(static_cast<int>(bytes.size()))] ^= 1 << k;
    if (ZoneRules::Parse(damaged, &rules)) (void)rules.AtInstant(int64_t{i} * 1'000'000);
  }
}

TEST(ZoneRules, TheVersionOfTheDatabaseIsKnown) {
  EXPECT_NE(ZoneDatabaseVersion(), "");
}

}  // namespace
}  // namespace thalweg
