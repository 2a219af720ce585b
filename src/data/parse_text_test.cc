#include "data/parse_text.h"

#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>

#include "data/test_random.h"
#include "data/test_rows.h"
#include "data/text.h"

namespace thalweg {
namespace {

// CAST(text AS type) printed again, or "no".
std::string Cast(std::string_view text, const TypePtr& type, std::string_view zone = "UTC") {
  const TimeZone& time_zone = **TimeZone::Find(zone);
  ZoneCursor cursor(time_zone);
  Value value;
  if (!ParseValueText(text, type, cursor, &value)) return "no";
  std::string out;
  AppendValueText(value, time_zone, &out);
  return out;
}

TEST(ParseText, Booleans) {
  for (const char* text : {"t", "TRUE", " y ", "Yes", "1"}) {
    EXPECT_EQ(Cast(text, BooleanType()), "true") << text;
  }
  for (const char* text : {"f", "False", "N", "no\n", "0"}) {
    EXPECT_EQ(Cast(text, BooleanType()), "false") << text;
  }
  for (const char* text : {"", "2", "tr", "on"}) EXPECT_EQ(Cast(text, BooleanType()), "no") << text;
}

TEST(ParseText, Integers) {
  EXPECT_EQ(Cast(" +12 ", IntType()), "12");
  EXPECT_EQ(Cast("-128", TinyintType()), "-128");
  EXPECT_EQ(Cast("128", TinyintType()), "no");
  EXPECT_EQ(Cast("9223372036854775807", BigintType()), "9223372036854775807");
  EXPECT_EQ(Cast("-9223372036854775808", BigintType()), "-9223372036854775808");
  EXPECT_EQ(Cast("9223372036854775808", BigintType()), "no");
  for (const char* text : {"", "-", "+", "1.0", "1e3", "0x1", "1 2", "--1"}) {
    EXPECT_EQ(Cast(text, BigintType()), "no") << text;
  }
  int64_t value = 0;
  EXPECT_TRUE(ParseInt64("-12.9", true, &value));
  EXPECT_EQ(value, -12);
  EXPECT_TRUE(ParseInt64(".5", true, &value));
  EXPECT_EQ(value, 0);
  EXPECT_FALSE(ParseInt64("1.2.3", true, &value));
}

TEST(ParseText, Doubles) {
  const std::pair<const char*, const char*> kTexts[] = {{"1", "1.0"},
                                                        {" .5 ", "0.5"},
                                                        {"5.", "5.0"},
                                                        {"-1e3", "-1000.0"},
                                                        {"1E+2", "100.0"},
                                                        {"1d", "1.0"},
                                                        {"1.5F", "1.5"},
                                                        {"NaN", "NaN"},
                                                        {"nan", "NaN"},
                                                        {"-inf", "-Infinity"},
                                                        {"+Infinity", "Infinity"},
                                                        {"1e400", "Infinity"},
                                                        {"-1e-400", "-0.0"},
                                                        {"0x1.8p1", "3.0"},
                                                        {"-0", "-0.0"},
                                                        {"0.0000001e9", "100.0"}};
  for (const auto& [text, expected] : kTexts) EXPECT_EQ(Cast(text, DoubleType()), expected) << text;
  for (const char* text : {"", ".", "e5", "1e", "1 2", "d", "0x1", "infinit", "--1", "1_0"}) {
    EXPECT_EQ(Cast(text, DoubleType()), "no") << text;
  }
  EXPECT_EQ(Cast("16777217", FloatType()), "1.6777216E7");
}

TEST(ParseText, DoublesAreThoseOfStrtod) {
  TestRandom random(2);
  for (int i = 0; i < 20000; ++i) {
    std::string text = std::to_string(random.Next() >> random.Below(64));
    text.insert(random.Below(static_cast<int>(text.size()) + 1), ".");
    text += "e" + std::to_string(random.Below(640) - 320);
    double value = 0;
    ASSERT_TRUE(ParseDouble(text, &value));
    ASSERT_EQ(value, std::strtod(text.c_str(), nullptr)) << text;
  }
}

TEST(ParseText, Decimals) {
  EXPECT_EQ(Cast("1.005", DecimalType(10, 2)), "1.01");
  EXPECT_EQ(Cast("-1.005", DecimalType(10, 2)), "-1.01");
  EXPECT_EQ(Cast("1.00499", DecimalType(10, 2)), "1.00");
  EXPECT_EQ(Cast(".5", DecimalType(10, 0)), "1");
  EXPECT_EQ(Cast("0.05", DecimalType(10, 0)), "0");
  EXPECT_EQ(Cast("12e2", DecimalType(10, 2)), "1200.00");
  EXPECT_EQ(Cast("12e-3", DecimalType(10, 2)), "0.01");
  EXPECT_EQ(Cast("99.995", DecimalType(4, 2)), "no");
  EXPECT_EQ(Cast("00000000000000000000000000000000000000000000001", DecimalType(2, 0)), "1");
  EXPECT_EQ(Cast(std::string(38, '9'), DecimalType(38, 0)), std::string(38, '9'));
  EXPECT_EQ(Cast("1e38", DecimalType(38, 0)), "no");
  EXPECT_EQ(Cast("1e-1000000000000", DecimalType(38, 0)), "0");
  int128_t value = 0;
  EXPECT_EQ(ParseDecimal("1e999999999999", 38, 0, &value), DecimalText::kOverflow);
  EXPECT_EQ(ParseDecimal("1e", 38, 0, &value), DecimalText::kMalformed);
}

TEST(ParseText, Dates) {
  const std::pair<const char*, const char*> kTexts[] = {
      {"2024", "2024-01-01"},           {"2024-2", "2024-02-01"},
      {" 2024-02-29 ", "2024-02-29"},   {"2024-2-9T12", "2024-02-09"},
      {"2024-02-29 xyz", "2024-02-29"}, {"-0001-01-01", "-0001-01-01"},
      {"+12345-01-01", "+12345-01-01"}, {"0000-01-01", "0000-01-01"}};
  for (const auto& [text, expected] : kTexts) EXPECT_EQ(Cast(text, DateType()), expected) << text;
  for (const char* text : {"", "24", "2024-13", "2023-02-29", "2024-1-", "2024-1-1-1", "2024 x",
                           "20240101", "2024/01/01", "2024-001-1", "-", "9999999-01-01"}) {
    EXPECT_EQ(Cast(text, DateType()), "no") << text;
  }
}

TEST(ParseText, Timestamps) {
  const std::pair<const char*, const char*> kTexts[] = {
      {"2024-01-01 00:00:05", "2024-01-01 00:00:05"},
      {"2024-01-01T00:00:05.1234567Z", "2024-01-01 00:00:05.123456"},
      {"2024-01-01 1:2", "2024-01-01 01:02:00"},
      {"2024-01-01 10", "2024-01-01 10:00:00"},
      {"2024", "2024-01-01 00:00:00"},
      {" 2024-01-01 ", "2024-01-01 00:00:00"},
      {"2024-01-01 00:00:05+01:00", "2023-12-31 23:00:05"},
      {"2024-01-01 00:00:05.5 Europe/Berlin", "2023-12-31 23:00:05.5"},
      {"2024-01-01 00:00:05 UTC+3", "2023-12-31 21:00:05"},
      {"2024-01-01 00:00:05.", "2024-01-01 00:00:05"},
      {"-0001-01-01 00:00:00", "-0001-01-01 00:00:00"}};
  for (const auto& [text, expected] : kTexts) {
    EXPECT_EQ(Cast(text, TimestampType()), expected) << text;
  }
  for (const char* text :
       {"", "x", "2024-01-01 24:00:00", "2024-01-01 00:60:00", "2024-01-01 00:00:60", "2024-02-30",
        "2024-01-01 10:00 UTC+3", "2024-01-01 00:00:05 Mars", "2024-01-01T", "24-01-01 00:00:00",
        "2024-01-0100:00:00", "2024-01-01 00:00:05Z5", "10:00", "T10:00", "999999-01-01"}) {
    EXPECT_EQ(Cast(text, TimestampType()), "no") << text;
  }
  EXPECT_EQ(Cast("2024-01-01 00:00:05Z", TimestampNtzType()), "2024-01-01 00:00:05");
  EXPECT_EQ(Cast("2024-07-01 00:00", TimestampType(), "Europe/Berlin"), "2024-07-01 00:00:00");
  EXPECT_EQ(Cast("2024-03-31 02:30:00", TimestampType(), "Europe/Berlin"), "2024-03-31 03:30:00");
}

TEST(ParseText, TheCommonFormIsReadAsTheGeneralOne) {
  TestRandom random(4);
  const char kSwaps[] = "0159-: .TZ+";
  ZoneCursor cursor(**TimeZone::Find("America/New_York"));
  for (int i = 0; i < 50000; ++i) {
    std::string text = "2024-02-28 23:59:58.123456Z";
    text.resize(10 + random.Below(18));
    if (random.OneIn(2))
      text[random.Below(static_cast<int>(text.size()))] = kSwaps[random.Below(11)];
    int64_t us = 0;
    const bool ok = ParseTimestamp(text, cursor, &us);
    TimestampText parts;
    const bool expected = ParseTimestampText(text, &parts) && !parts.just_time;
    ASSERT_EQ(ok, expected) << text;
    if (!ok) continue;
    const TimeZone& zone = parts.zone != nullptr ? *parts.zone : cursor.zone();
    ASSERT_EQ(us, zone.ToInstant(parts.date_days * kMicrosPerDay + parts.time_us)) << text;
  }
}

TEST(ParseText, Times) {
  const TypePtr time = TimeType(6);
  EXPECT_EQ(Cast("1:2", time), "01:02:00");
  EXPECT_EQ(Cast("T23:59:59.999999", time), "23:59:59.999999");
  EXPECT_EQ(Cast("12:30 am", time), "00:30:00");
  EXPECT_EQ(Cast("12:30PM", time), "12:30:00");
  for (const char* text : {"", "24:00", "12", "2024-01-01 12:00", "12:00:00Z", "13:00 pm", "am"}) {
    EXPECT_EQ(Cast(text, time), "no") << text;
  }
}

TEST(ParseText, CalendarIntervals) {
  const TypePtr type = CalendarIntervalType();
  EXPECT_EQ(Cast("1 year 2 months 3 weeks 4 days 5 hours 6 minutes 7.5 seconds", type),
            "1 years 2 months 25 days 5 hours 6 minutes 7.5 seconds");
  EXPECT_EQ(Cast(" INTERVAL -1 Day +.5 seconds", type), "-1 days 0.5 seconds");
  EXPECT_EQ(Cast("interval -1 Day .5 seconds", type), "-1 days 0.5 seconds");
  EXPECT_EQ(Cast("- 10 milliseconds 1 microsecond", type), "-0.009999 seconds");
  EXPECT_EQ(Cast("1 second 1 second", type), "2 seconds");
  for (const char* text :
       {"", "interval", "1", "1 dayx", "day", "1.5 days", "intervals 1 day", "1 day 2",
        "99999999999 years", "9223372036854775808 seconds", "1day", "1. day", ". seconds"}) {
    EXPECT_EQ(Cast(text, type), "no") << text;
  }
}

TEST(ParseText, AnsiIntervals) {
  using enum IntervalUnit;
  const TypePtr year_month = YearMonthIntervalType(kYear, kMonth);
  EXPECT_EQ(Cast("-1-2", year_month), "INTERVAL '-1-2' YEAR TO MONTH");
  EXPECT_EQ(Cast("interval -'-1-2' year to month", year_month), "INTERVAL '1-2' YEAR TO MONTH");
  EXPECT_EQ(Cast("1-12", year_month), "no");
  EXPECT_EQ(Cast("1", year_month), "no");
  EXPECT_EQ(Cast("INTERVAL '1' YEAR", year_month), "no");
  EXPECT_EQ(Cast("14", YearMonthIntervalType(kMonth, kMonth)), "INTERVAL '14' MONTH");
  const TypePtr day_second = DayTimeIntervalType(kDay, kSecond);
  EXPECT_EQ(Cast("1 2:03:04.5678909", day_second), "INTERVAL '1 02:03:04.56789' DAY TO SECOND");
  EXPECT_EQ(Cast("-106751991 04:00:54.775808", day_second),
            "INTERVAL '-106751991 04:00:54.775808' DAY TO SECOND");
  EXPECT_EQ(Cast("106751991 04:00:54.775808", day_second), "no");
  EXPECT_EQ(Cast("1 24:00:00", day_second), "no");
  EXPECT_EQ(Cast("26:03", DayTimeIntervalType(kHour, kMinute)), "INTERVAL '26:03' HOUR TO MINUTE");
}

TEST(ParseText, EveryValueReadsBackAsItPrints) {
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    TestRandom random(seed);
    const TypePtr type = RandomType(random, 0);
    if (type->Is(TypeKind::kNull) || type->physical() == PhysicalKind::kString) continue;
    if (type->Is(TypeKind::kTime)) continue;  // values have more digits than a cast reads
    const Value value = RandomValue(type, random, 0);
    std::string text;
    AppendValueText(value, TimeZone::Utc(), &text);
    ZoneCursor cursor(TimeZone::Utc());
    Value again;
    ASSERT_TRUE(ParseValueText(text, type, cursor, &again)) << type->Sql() << " " << text;
    ASSERT_TRUE(again == value) << type->Sql() << " " << text;
  }
}

TEST(TestRows, TextToRowsToText) {
  const char* rows =
      "1, ann, [1, null], {x -> {1, a}}\n"
      "null, 'a, b', null, {}\n";
  const Batch batch =
      MakeBatch("a INT, s STRING, l ARRAY<INT>, m MAP<STRING, STRUCT<u: INT, v: STRING>>", rows);
  ASSERT_EQ(batch.row_count(), 2);
  EXPECT_EQ(GetValue(batch.column(1), 1).text(), "a, b");
  EXPECT_EQ(SortedRows(batch), "1, ann, [1, null], {x -> {1, a}}\nnull, a, b, null, {}\n");
  EXPECT_EQ(MakeVector(DateType(), "2024-01-01, null").size(), 2);
}

}  // namespace
}  // namespace thalweg
