// Dates, times and intervals with + - * /, as recorded from Spark (date_arith, date_dst, interval).
#include <gtest/gtest.h>

#include "data/parse_text.h"
#include "data/text.h"
#include "functions/slow_twin.h"

namespace thalweg {
namespace {

const TypePtr kMonths = YearMonthIntervalType(IntervalUnit::kYear, IntervalUnit::kMonth);
const TypePtr kSeconds = DayTimeIntervalType(IntervalUnit::kDay, IntervalUnit::kSecond);
const TypePtr kDays = DayTimeIntervalType(IntervalUnit::kDay, IntervalUnit::kDay);

struct Typed {
  std::string text;
  TypePtr type;
};

class Setting {
 public:
  explicit Setting(std::string zone = "UTC", bool ansi = true) {
    settings_.session_zone = std::move(zone);
    settings_.ansi = ansi;
  }

  /// The text of the result, "NULL" or the condition.
  std::string operator()(const Typed& a, const char* op, const Typed& b) const {
    const TimeZone& zone = **TimeZone::Find(settings_.session_zone);
    const Result<ExprPtr> call =
        FunctionRegistry::BuiltIn().Bind(op, {Read(a, zone), Read(b, zone)}, settings_);
    if (!call.ok()) return call.status().condition();
    const auto evaluator = *ExpressionEvaluator::Make({*call}, {});
    Batch one(Schema::Make({}));
    one.SetRowCount(1);
    RowErrors errors;
    const Vector* out = nullptr;
    EXPECT_TRUE(evaluator->Evaluate(0, one, Selection::All(1), &errors, &out).ok());
    if (!errors.empty()) return errors.status().condition();
    std::string text;
    AppendValueText(GetValue(*out, 0), zone, &text);
    return text;
  }

 private:
  static ExprPtr Read(const Typed& typed, const TimeZone& zone) {
    if (typed.type->Is(TypeKind::kString)) return MakeLiteral(Value::String(typed.text));
    ZoneCursor cursor(zone);
    Value value(typed.type);
    EXPECT_TRUE(ParseValueText(typed.text, typed.type, cursor, &value)) << typed.text;
    return MakeLiteral(value);
  }
  BindSettings settings_;
};

Typed Date(const char* text) {
  return {text, DateType()};
}
Typed Timestamp(const char* text) {
  return {text, TimestampType()};
}
Typed Int(const char* text) {
  return {text, IntType()};
}

TEST(TimeArithmeticTest, Dates) {
  const Setting eval;
  EXPECT_EQ(eval(Int("1"), "+", Date("2024-01-31")), "2024-02-01");
  EXPECT_EQ(eval(Date("2024-03-01"), "-", Date("2024-02-01")), "INTERVAL '29' DAY");
  EXPECT_EQ(eval(Date("2024-01-31"), "+", {"1", kDays}), "2024-02-01");
  EXPECT_EQ(eval(Date("2024-01-31"), "+", {"1 02:03:04.5", kSeconds}), "2024-02-01 02:03:04.5");
  EXPECT_EQ(eval(Date("2024-02-29"), "-", {"1-0", kMonths}), "2023-02-28");
  EXPECT_EQ(eval(Date("2024-01-01"), "-", Timestamp("2023-12-31 12:00:00")),
            "INTERVAL '0 12:00:00' DAY TO SECOND");
  EXPECT_EQ(eval(Date("2024-01-01"), "+", {"1", StringType()}),
            "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
  EXPECT_EQ(eval(Date("2024-01-01"), "+", {"1", BigintType()}),
            "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
  EXPECT_EQ(eval(Date("2024-01-01"), "-", {"2023-12-31", StringType()}), "INTERVAL '1' DAY");
  EXPECT_EQ(eval(Date("2024-01-01"), "+", {"1 month 2 days", CalendarIntervalType()}),
            "2024-02-03");
  EXPECT_EQ(eval(Date("2024-01-01"), "+", {"12 hours", CalendarIntervalType()}),
            "INVALID_INTERVAL_WITH_MICROSECONDS_ADDITION");
  const Setting legacy("UTC", false);
  EXPECT_EQ(legacy(Date("2024-01-01"), "+", {"36 hours", CalendarIntervalType()}), "2024-01-02");
}

TEST(TimeArithmeticTest, TimestampsMoveOnTheWallClock) {
  const Setting utc;
  const Setting new_york("America/New_York");
  EXPECT_EQ(utc(Timestamp("2024-01-31 00:00:00"), "+", {"1-2", kMonths}), "2025-03-31 00:00:00");
  EXPECT_EQ(utc(Timestamp("2024-01-31 12:00:00"), "-", {"1 02:03:04.5", kSeconds}),
            "2024-01-30 09:56:55.5");
  EXPECT_EQ(utc(Timestamp("2024-01-01 00:00:00"), "+", Int("1")),
            "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES");
  EXPECT_EQ(utc({"2024-01-01", StringType()}, "+", {"1", kDays}), "2024-01-02 00:00:00");
  EXPECT_EQ(new_york(Timestamp("2024-03-09 02:30:00"), "+", {"1", kDays}), "2024-03-10 03:30:00");
  EXPECT_EQ(new_york(Timestamp("2024-03-09 02:30:00"), "+", {"1 00:00:00", kSeconds}),
            "2024-03-10 03:30:00");
  EXPECT_EQ(new_york(Timestamp("2024-03-10 03:30:00"), "-", Timestamp("2024-03-10 01:30:00")),
            "INTERVAL '0 02:00:00' DAY TO SECOND");
  // The second 01:30 stays the second one.
  EXPECT_EQ(new_york(Timestamp("2024-11-03 06:30:00Z"), "+", {"0 01:00:00", kSeconds}),
            "2024-11-03 02:30:00");
  EXPECT_EQ(new_york(Timestamp("2024-11-03 06:30:00Z"), "-", Timestamp("2024-11-03 05:30:00Z")),
            "INTERVAL '0 00:00:00' DAY TO SECOND");
  EXPECT_EQ(utc({"10:00:00", TimeType(6)}, "+", {"1 00:00:00", kSeconds}), "DATETIME_OVERFLOW");
}

TEST(TimeArithmeticTest, Intervals) {
  const Setting eval;
  const Typed quarter = {"-0-3", kMonths};
  EXPECT_EQ(eval(quarter, "*", {"1.5", DecimalType(2, 1)}), "INTERVAL '-0-5' YEAR TO MONTH");
  EXPECT_EQ(eval(Int("2"), "*", quarter), "INTERVAL '-0-6' YEAR TO MONTH");
  EXPECT_EQ(eval(quarter, "/", Int("2")), "INTERVAL '-0-2' YEAR TO MONTH");
  EXPECT_EQ(eval(quarter, "/", {"0.5", DoubleType()}), "INTERVAL '-0-6' YEAR TO MONTH");
  EXPECT_EQ(eval(quarter, "/", Int("0")), "INTERVAL_DIVIDED_BY_ZERO");
  EXPECT_EQ(eval(quarter, "try_divide", Int("0")), "NULL");
  EXPECT_EQ(eval(quarter, "+", {"1", kDays}), "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
  EXPECT_EQ(eval({"1", kDays}, "/", {"1", kDays}), "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
  EXPECT_EQ(eval({"2", kDays}, "div", {"1 12:00:00", kSeconds}), "1");
  EXPECT_EQ(eval({"178956970-7", kMonths}, "+", {"0-1", kMonths}),
            "INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION");
  EXPECT_EQ(eval({"178956970-7", kMonths}, "try_add", {"0-1", kMonths}), "NULL");
  const Typed calendar = {"14 months 25 days 18367.25 seconds", CalendarIntervalType()};
  EXPECT_EQ(eval(calendar, "*", {"1.5", DecimalType(2, 1)}),
            "1 years 9 months 37 days 19 hours 39 minutes 10.875 seconds");
  EXPECT_EQ(eval(calendar, "-", calendar), "0 seconds");
}

}  // namespace
}  // namespace thalweg
