#include "data/time_pattern.h"

#include <cstdio>

#include <gtest/gtest.h>

#include "data/calendar.h"
#include "data/text.h"

namespace thalweg {
namespace {

using Use = TimePattern::Use;
using Outcome = TimePattern::Outcome;

constexpr int64_t kInstantUs = 1'707'138'245'067'089;  // 2024-02-05 13:04:05.067089

std::string Print(const std::string& pattern, int64_t us, const char* zone = "UTC") {
  Result<TimePattern> compiled = TimePattern::Compile(pattern, Use::kPrinting, false);
  if (!compiled.ok()) return compiled.status().condition();
  ZoneCursor cursor(**TimeZone::Find(zone));
  std::string text;
  const Status status = compiled->Print(us, cursor, &text);
  return status.ok() ? text : status.condition();
}

/// The wall clock time, or what happened instead.
std::string Parse(const std::string& pattern, const std::string& text) {
  Result<TimePattern> compiled = TimePattern::Compile(pattern, Use::kParsing, false);
  if (!compiled.ok()) return compiled.status().condition();
  ParsedTime parsed;
  switch (compiled->Parse(text, &parsed)) {
    case Outcome::kMalformed:
      return "malformed";
    case Outcome::kNotBuilt:
      return "not built";
    default:
      break;
  }
  std::string out;
  ZoneCursor utc(TimeZone::Utc());
  AppendTimestampNtz(parsed.Instant(utc), &out);
  return out;
}

TEST(TimePattern, PrintsEveryLetter) {
  EXPECT_EQ(Print("y yy yyy yyyy yyyyy", kInstantUs), "2024 24 2024 2024 02024");
  EXPECT_EQ(Print("M MM MMM MMMM L LL LLL LLLL", kInstantUs),
            "2 02 Feb February 2 02 Feb February");
  EXPECT_EQ(Print("d dd D DD DDD F", kInstantUs), "5 05 36 36 036 5");
  EXPECT_EQ(Print("E EEEE a G GGGG", kInstantUs), "Mon Monday PM AD Anno Domini");
  EXPECT_EQ(Print("Q QQ QQQ QQQQ q", kInstantUs), "1 01 Q1 1st quarter 1");
  EXPECT_EQ(Print("H HH h hh k K m s", kInstantUs), "13 13 1 01 13 1 4 5");
  EXPECT_EQ(Print("S SSS SSSSSS SSSSSSSSS", kInstantUs), "0 067 067089 067089000");
  EXPECT_EQ(Print("HH 'o''clock' [mm] ''", kInstantUs), "13 o'clock 04 '");
  EXPECT_EQ(Print("", kInstantUs), "");
}

TEST(TimePattern, PrintsYearsBeforeAndAfter) {
  const int64_t before = DaysFromCivil(-5, 12, 5) * kMicrosPerDay;
  EXPECT_EQ(Print("y yy yyy yyyy", before), "-5 05 -005 -0005");
  EXPECT_EQ(Print("y yy yyy yyyy G", before), "6 06 006 0006 BC");
  EXPECT_EQ(Print("y yyy yyyy yyyyyy", DaysFromCivil(12345, 1, 1) * kMicrosPerDay),
            "12345 12345 +12345 012345");
}

TEST(TimePattern, PrintsZones) {
  EXPECT_EQ(Print("z zzzz VV O OOOO X XX XXX XXXX XXXXX", kInstantUs),
            "UTC Coordinated Universal Time UTC GMT GMT Z Z Z Z Z");
  EXPECT_EQ(Print("x xx xxx xxxx xxxxx Z ZZZZ ZZZZZ", kInstantUs),
            "+00 +0000 +00:00 +0000 +00:00 +0000 GMT Z");
  EXPECT_EQ(Print("z zzzz VV O OOOO X XXX Z", kInstantUs, "America/New_York"),
            "EST Eastern Standard Time America/New_York GMT-5 GMT-05:00 -05 -05:00 -0500");
  EXPECT_EQ(Print("z", kInstantUs + 180 * kMicrosPerDay, "America/New_York"), "EDT");
  EXPECT_EQ(Print("z VV O X", kInstantUs, "+05:30"), "+05:30 +05:30 GMT+5:30 +0530");
  const int64_t old = DaysFromCivil(1850, 2, 5) * kMicrosPerDay;
  EXPECT_EQ(Print("O X XX XXX XXXX XXXXX", old, "America/New_York"),
            "GMT-4:56:02 -0456 -0456 -04:56 -045602 -04:56:02");
  EXPECT_EQ(Print("z", old, "America/New_York"), "THALWEG_NOT_SUPPORTED_YET");
  EXPECT_EQ(Print("z", kInstantUs, "Asia/Kathmandu"), "THALWEG_NOT_SUPPORTED_YET");
}

TEST(TimePattern, RefusesPatterns) {
  const std::string recognition =
      "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION";
  for (const char* pattern : {"u", "MMMMM", "EEEEE", "YYYY", "w", "W", "yyyy#", "yyyy]", "aa",
                              "yyyyyyy", "SSSSSSSSSS", "HHH"}) {
    EXPECT_EQ(Print(pattern, 0), recognition) << pattern;
  }
  EXPECT_EQ(Print("e", 0), "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN");
  for (const char* pattern : {"ppH", "n", "N", "A", "B"}) {
    EXPECT_EQ(Print(pattern, 0), "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER") << pattern;
  }
  EXPECT_EQ(Print("QQQQQ", 0), "INVALID_DATETIME_PATTERN.LENGTH");
  for (const char* pattern : {"XXXXXX", "V", "yyyy 'abc", "J", "OO", "V]"}) {
    EXPECT_EQ(Print(pattern, 0), "INVALID_DATETIME_PATTERN.WITH_SUGGESTION") << pattern;
  }
  EXPECT_EQ(Parse("yyyy EEE", "2024 Mon"), recognition);
  EXPECT_EQ(Parse("QQ", "01"), "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER");
  EXPECT_EQ(TimePattern::Compile("YYYY", Use::kParsing, true).status().condition(),
            "INVALID_DATETIME_PATTERN.WITH_SUGGESTION");
}

TEST(TimePattern, ParsesNumbersThatTouch) {
  EXPECT_EQ(Parse("yyyyMMdd", "20240229"), "2024-02-29 00:00:00");
  EXPECT_EQ(Parse("yyyyMMddHHmmss.S", "20240101123456.5"), "2024-01-01 12:34:56.5");
  EXPECT_EQ(Parse("yyyyMMddHHmmssS", "202401011234565"), "2024-01-01 12:34:56.5");
  EXPECT_EQ(Parse("yyyyMMddHHmmssSSS", "20240101123456567"), "malformed");
  EXPECT_EQ(Parse("Hmmss", "12345"), "1970-01-01 01:23:45");
  EXPECT_EQ(Parse("yyyyMMd", "2024015"), "malformed");
}

TEST(TimePattern, CompletesAndResolves) {
  EXPECT_EQ(Parse("", ""), "1970-01-01 00:00:00");
  EXPECT_EQ(Parse("MM/yyyy", "02/2024"), "2024-02-01 00:00:00");
  EXPECT_EQ(Parse("HH:mm", "10:00"), "1970-01-01 10:00:00");
  EXPECT_EQ(Parse("yy M d", "99 1 1"), "2099-01-01 00:00:00");
  EXPECT_EQ(Parse("MM-dd", "02-29"), "malformed");
  EXPECT_EQ(Parse("DDD MM", "045 03"), "malformed");
  EXPECT_EQ(Parse("DDD", "045"), "1970-02-14 00:00:00");
  EXPECT_EQ(Parse("yyyy DDD", "2024 366"), "2024-12-31 00:00:00");
  EXPECT_EQ(Parse("h a", "10 pm"), "1970-01-01 22:00:00");
  EXPECT_EQ(Parse("a", "pm"), "1970-01-01 12:00:00");
  EXPECT_EQ(Parse("HH a", "13 AM"), "malformed");
  EXPECT_EQ(Parse("y G", "2024 AD"), "2024-01-01 00:00:00");
  EXPECT_EQ(Parse("y[ G]", "2024"), "1970-01-01 00:00:00");
  EXPECT_EQ(Parse("d MMM yyyy", "3 fEb 2024"), "2024-02-03 00:00:00");
}

TEST(TimePattern, ParsesZones) {
  EXPECT_EQ(Parse("yyyy XXX", "2024 +01:00"), "2023-12-31 23:00:00");
  EXPECT_EQ(Parse("yyyy X", "2024 +0130"), "2023-12-31 22:30:00");
  EXPECT_EQ(Parse("yyyy XXX", "2024 +0100"), "malformed");
  EXPECT_EQ(Parse("yyyy XXX", "2024 +19:00"), "malformed");
  EXPECT_EQ(Parse("yyyy VV", "2024 Asia/Tokyo"), "2023-12-31 15:00:00");
  EXPECT_EQ(Parse("yyyy VV", "2024 UTC+01:00"), "2023-12-31 23:00:00");
  EXPECT_EQ(Parse("yyyy VV", "2024 UTC5"), "malformed");
  EXPECT_EQ(Parse("yyyy O", "2024 GMT+5"), "2023-12-31 19:00:00");
  EXPECT_EQ(Parse("yyyy z", "2024 UTC"), "2024-01-01 00:00:00");
  EXPECT_EQ(Parse("yyyy z", "2024 PST"), "not built");
}

TEST(TimePattern, RefusesTexts) {
  EXPECT_EQ(Parse("yyyy-MM-dd", "2024-1-1"), "malformed");
  EXPECT_EQ(Parse("yyyy-MM-dd", "2024-02-30"), "malformed");
  EXPECT_EQ(Parse("yyyy-MM-dd", "2024-02-28 x"), "malformed");
  EXPECT_EQ(Parse("yyyy-MM-dd", "12345-01-01"), "malformed");
  EXPECT_EQ(Parse("yyyy-MM-dd", "+12345-01-01"), "+12345-01-01 00:00:00");
  EXPECT_EQ(Parse("yyyy", ""), "malformed");
  EXPECT_EQ(Parse("HH", "24"), "malformed");
  EXPECT_EQ(Parse("yyyy", "99999999999999999999"), "malformed");
  EXPECT_EQ(Parse("yyyyyy", "999999"), "not built");
}

/// The slow twin: fields by printf.
std::string PrintSlowly(int64_t us) {
  const int64_t days = FloorDiv(us, kMicrosPerDay), of_day = FloorMod(us, kMicrosPerDay);
  const CivilDate date = CivilFromDays(days);
  const auto hour = static_cast<int>(of_day / kMicrosPerHour);
  char text[96];
  std::snprintf(text, sizeof text, "%02d.%02d.%04d %02d %s %02d:%02d.%06d", date.day, date.month,
                date.year, (hour + 11) % 12 + 1, hour < 12 ? "AM" : "PM",
                static_cast<int>(of_day / kMicrosPerMinute % 60),
                static_cast<int>(of_day / kMicrosPerSecond % 60),
                static_cast<int>(of_day % kMicrosPerSecond));
  return text;
}

TEST(TimePattern, AgreesWithTheSlowTwin) {
  const std::string pattern = "dd.MM.yyyy hh a mm:ss.SSSSSS";
  const TimePattern print = *TimePattern::Compile(pattern, Use::kPrinting, false);
  const TimePattern parse = *TimePattern::Compile(pattern, Use::kParsing, false);
  ZoneCursor utc(TimeZone::Utc());
  uint64_t random = 88172645463325252ull;
  for (int i = 0; i < 20'000; ++i) {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    constexpr int64_t kFrom = DaysFromCivil(1, 1, 1) * kMicrosPerDay;
    constexpr int64_t kTo = DaysFromCivil(9999, 12, 31) * kMicrosPerDay;
    const int64_t us = kFrom + static_cast<int64_t>(random % static_cast<uint64_t>(kTo - kFrom));
    std::string text;
    ASSERT_TRUE(print.Print(us, utc, &text).ok());
    ASSERT_EQ(text, PrintSlowly(us));
    ParsedTime parsed;
    ASSERT_EQ(parse.Parse(text, &parsed), Outcome::kOk) << text;
    ASSERT_EQ(parsed.local_us, us) << text;
  }
}

}  // namespace
}  // namespace thalweg
