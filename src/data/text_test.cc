#include "data/text.h"

#include <bit>
#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>

#include "data/test_random.h"
#include "data/time_zone.h"

namespace thalweg {
namespace {

template <class Append, class... Arguments>
std::string Text(Append append, Arguments... arguments) {
  std::string out;
  append(arguments..., &out);
  return out;
}

std::string DoubleText(double value) {
  return Text(AppendDouble, value);
}
std::string FloatText(float value) {
  return Text(AppendFloat, value);
}

TEST(Text, DoublesPrintAsJavaPrintsThem) {
  EXPECT_EQ(DoubleText(0.0), "0.0");
  EXPECT_EQ(DoubleText(-0.0), "-0.0");
  EXPECT_EQ(DoubleText(1), "1.0");
  EXPECT_EQ(DoubleText(-123.25), "-123.25");
  EXPECT_EQ(DoubleText(0.001), "0.001");
  EXPECT_EQ(DoubleText(0.0123), "0.0123");
  EXPECT_EQ(DoubleText(0.00099), "9.9E-4");
  EXPECT_EQ(DoubleText(9999999), "9999999.0");
  EXPECT_EQ(DoubleText(1e7), "1.0E7");
  EXPECT_EQ(DoubleText(1e10), "1.0E10");
  EXPECT_EQ(DoubleText(12345678.9), "1.23456789E7");
  EXPECT_EQ(DoubleText(2e23), "2.0E23");
  EXPECT_EQ(DoubleText(1.0E23), "1.0E23");
  EXPECT_EQ(DoubleText(8.41E21), "8.41E21");
  EXPECT_EQ(DoubleText(5e-324), "4.9E-324");
  EXPECT_EQ(DoubleText(1.7976931348623157e308), "1.7976931348623157E308");
  EXPECT_EQ(DoubleText(9007199254740993.0), "9.007199254740992E15");
  EXPECT_EQ(DoubleText(std::nan("")), "NaN");
  EXPECT_EQ(DoubleText(-HUGE_VAL), "-Infinity");
}

TEST(Text, FloatsPrintAsJavaPrintsThem) {
  EXPECT_EQ(FloatText(1.1f), "1.1");
  EXPECT_EQ(FloatText(1e10f), "1.0E10");
  EXPECT_EQ(FloatText(1.4e-45f), "1.4E-45");
  EXPECT_EQ(FloatText(3.4028235e38f), "3.4028235E38");
  EXPECT_EQ(FloatText(16777216.0f), "1.6777216E7");
}

TEST(Text, DoublesReadBackTheSame) {
  TestRandom random(1);
  for (int i = 0; i < 100000; ++i) {
    const double value = std::bit_cast<double>(random.Next());
    if (std::isnan(value)) continue;
    const std::string text = DoubleText(value);
    ASSERT_EQ(std::strtod(text.c_str(), nullptr), value) << text;
    ASSERT_LE(text.size(), 24u);
  }
}

TEST(Text, Decimals) {
  const auto text = [](int128_t unscaled, int scale) {
    return Text(AppendDecimal, unscaled, scale);
  };
  EXPECT_EQ(text(0, 0), "0");
  EXPECT_EQ(text(0, 2), "0.00");
  EXPECT_EQ(text(-5, 2), "-0.05");
  EXPECT_EQ(text(12345, 2), "123.45");
  EXPECT_EQ(text(1, 20), "0.00000000000000000001");
  int128_t max = 1;
  for (int i = 0; i < 38; ++i) max *= 10;
  EXPECT_EQ(text(max - 1, 0), std::string(38, '9'));
  EXPECT_EQ(text(1 - max, 18), "-" + std::string(20, '9') + "." + std::string(18, '9'));
  EXPECT_EQ(text(int128_t{10'000'000'000} * 1'000'000'000, 0), "10000000000000000000");
  EXPECT_EQ(text(int128_t{10'000'000'000} * 1'000'000'000 + 5, 0), "10000000000000000005");
}

TEST(Text, DecimalsWithExponent) {
  const auto text = [](int128_t unscaled, int scale) {
    return Text(AppendDecimalScientific, unscaled, scale);
  };
  EXPECT_EQ(text(1, 6), "0.000001");
  EXPECT_EQ(text(1, 7), "1E-7");
  EXPECT_EQ(text(-123, 10), "-1.23E-8");
  EXPECT_EQ(text(0, 7), "0E-7");
}

TEST(Text, DatesAndTimes) {
  EXPECT_EQ(Text(AppendDate, 0), "1970-01-01");
  EXPECT_EQ(Text(AppendDate, -719162), "0001-01-01");
  EXPECT_EQ(Text(AppendDate, -719529), "-0001-12-31");
  EXPECT_EQ(Text(AppendDate, 2932897), "+10000-01-01");
  EXPECT_EQ(Text(AppendTimestampNtz, 1'704'067'205'123'000), "2024-01-01 00:00:05.123");
  EXPECT_EQ(Text(AppendTimestampNtz, -1), "1969-12-31 23:59:59.999999");
  EXPECT_EQ(Text(AppendTimestampNtz, INT64_MIN), "-290308-12-21 19:59:05.224192");
  EXPECT_EQ(Text(AppendTime, 3'723'000'000'100), "01:02:03.0000001");
  EXPECT_EQ(Text(AppendIsoMillisUtc, 1'704'067'205'123'999), "2024-01-01T00:00:05.123Z");
  EXPECT_EQ(Text(AppendIsoMillisUtc, 0), "1970-01-01T00:00:00.000Z");
}

TEST(Text, TimestampsShowTheWallClockOfTheZone) {
  const TimeZone& berlin = **TimeZone::Find("Europe/Berlin");
  std::string out;
  AppendTimestamp(1'720'000'000'000'000, berlin, &out);
  EXPECT_EQ(out, "2024-07-03 11:46:40");
}

TEST(Text, Intervals) {
  const auto day_time = [](int64_t us, IntervalUnit first, IntervalUnit last) {
    std::string out;
    AppendDayTimeInterval(us, *DayTimeIntervalType(first, last), &out);
    return out;
  };
  const auto year_month = [](int32_t months, IntervalUnit first, IntervalUnit last) {
    std::string out;
    AppendYearMonthInterval(months, *YearMonthIntervalType(first, last), &out);
    return out;
  };
  using enum IntervalUnit;
  EXPECT_EQ(day_time(93'784'500'000, kDay, kSecond), "INTERVAL '1 02:03:04.5' DAY TO SECOND");
  EXPECT_EQ(day_time(-1, kSecond, kSecond), "INTERVAL '-00.000001' SECOND");
  EXPECT_EQ(day_time(93'784'500'000, kHour, kMinute), "INTERVAL '26:03' HOUR TO MINUTE");
  EXPECT_EQ(day_time(INT64_MIN, kDay, kSecond),
            "INTERVAL '-106751991 04:00:54.775808' DAY TO SECOND");
  EXPECT_EQ(year_month(-14, kYear, kMonth), "INTERVAL '-1-2' YEAR TO MONTH");
  EXPECT_EQ(year_month(14, kMonth, kMonth), "INTERVAL '14' MONTH");
  EXPECT_EQ(year_month(14, kYear, kYear), "INTERVAL '1' YEAR");
  const auto calendar = [](CalendarInterval interval) {
    std::string out;
    AppendCalendarInterval(interval, &out);
    return out;
  };
  EXPECT_EQ(calendar({}), "0 seconds");
  EXPECT_EQ(calendar({14, -3, 3'723'500'000}),
            "1 years 2 months -3 days 1 hours 2 minutes 3.5 seconds");
  EXPECT_EQ(calendar({0, 0, -500'000}), "-0.5 seconds");
}

TEST(Text, NestedValues) {
  const TypePtr map = MapType(StringType(), ArrayType(IntType()));
  const Value array(ArrayType(IntType()), Value::List{Value::Int(1), Value(IntType())});
  const Value value(map, Value::List{Value::String("a"), array, Value::String("b"), Value()});
  std::string out;
  AppendValueText(value, TimeZone::Utc(), &out);
  EXPECT_EQ(out, "{a -> [1, null], b -> null}");
}

}  // namespace
}  // namespace thalweg
