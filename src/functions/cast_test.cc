// Casts, as recorded from Spark (conformance/expressions/cast_*.jsonl): values as text, errors as
// their condition, NULL.
#include <gtest/gtest.h>

#include "data/parse_text.h"
#include "data/text.h"
#include "functions/slow_twin.h"

namespace thalweg {
namespace {

constexpr CastMode kAnsi = CastMode::kAnsi;
constexpr CastMode kLegacy = CastMode::kLegacy;
constexpr CastMode kTry = CastMode::kTry;

Value Read(const std::string& text, const TypePtr& type, const TimeZone& zone) {
  if (type->Is(TypeKind::kString)) return Value::String(text);
  ZoneCursor cursor(zone);
  Value value(type);
  EXPECT_TRUE(ParseValueText(text, type, cursor, &value)) << text << " as " << type->Sql();
  return value;
}

/// The text of CAST(value AS to), "NULL" or the condition; once as a constant, once as a column.
std::string CastOf(const std::string& text, const TypePtr& from, const TypePtr& to,
                   CastMode mode = kAnsi, const std::string& zone_name = "UTC") {
  const TimeZone& zone = **TimeZone::Find(zone_name);
  auto column = std::make_shared<Attribute>();
  column->id = NextExpressionId();
  column->column = "c";
  column->type = from;
  Batch batch(Schema::Make({{"c", from, true, ""}}));
  Vector values;
  values.ResetFlat(from, 0);
  for (int i = 0; i < 3; ++i) AppendValue(Read(text, from, zone), &values);
  batch.mutable_column(0) = values;
  batch.SetRowCount(3);
  BindSettings settings;
  settings.session_zone = zone_name;
  const Result<ExprPtr> cast = BindCast(column, {to, mode, false, {}}, settings);
  if (!cast.ok()) return cast.status().condition();
  const auto evaluator = *ExpressionEvaluator::Make({*cast}, {column});
  RowErrors errors;
  const Vector* out = nullptr;
  const RowIndex rows[] = {1, 2};
  EXPECT_TRUE(evaluator->Evaluate(0, batch, {rows, 2}, &errors, &out).ok());
  if (!errors.empty()) return errors.status().condition();
  std::string result;
  AppendValueText(GetValue(*out, 2), zone, &result);
  return result;
}

TEST(CastTest, StringsToNumbers) {
  EXPECT_EQ(CastOf(" 12 ", StringType(), SmallintType()), "12");
  EXPECT_EQ(CastOf("12.7", StringType(), IntType()), "CAST_INVALID_INPUT");
  EXPECT_EQ(CastOf("12.7", StringType(), IntType(), kLegacy), "12");
  EXPECT_EQ(CastOf("12.7", StringType(), IntType(), kTry), "NULL");
  EXPECT_EQ(CastOf("9223372036854775808", StringType(), BigintType()), "CAST_INVALID_INPUT");
  EXPECT_EQ(CastOf("-Infinity", StringType(), FloatType()), "-Infinity");
  EXPECT_EQ(CastOf("1e3", StringType(), DoubleType()), "1000.0");
  EXPECT_EQ(CastOf("0x1A", StringType(), DoubleType()), "CAST_INVALID_INPUT");
  EXPECT_EQ(CastOf("1e3", StringType(), DecimalType(5, 2)),
            "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION");
  EXPECT_EQ(CastOf(".5", StringType(), DecimalType(38, 18)), "0.500000000000000000");
  EXPECT_EQ(CastOf("1e50", StringType(), DecimalType(5, 2)), "NUMERIC_OUT_OF_SUPPORTED_RANGE");
  EXPECT_EQ(CastOf("yes", StringType(), BooleanType()), "true");
  EXPECT_EQ(CastOf("off", StringType(), BooleanType(), kLegacy), "NULL");
}

TEST(CastTest, StringsToTimesAndIntervals) {
  const TypePtr months = YearMonthIntervalType(IntervalUnit::kYear, IntervalUnit::kMonth);
  const TypePtr seconds = DayTimeIntervalType(IntervalUnit::kDay, IntervalUnit::kSecond);
  EXPECT_EQ(CastOf("2024-2-3", StringType(), DateType()), "2024-02-03");
  EXPECT_EQ(CastOf("2024-02-29T12:34:56+02:00", StringType(), TimestampType()),
            "2024-02-29 10:34:56");
  EXPECT_EQ(CastOf("2024-02-29T12:34:56+02:00", StringType(), TimestampNtzType(), kTry),
            "2024-02-29 12:34:56");
  EXPECT_EQ(CastOf("12:30:45.5", StringType(), TimestampNtzType()), "CAST_INVALID_INPUT");
  EXPECT_EQ(CastOf("12:30:45.5", StringType(), TimestampType()), "1970-01-01 12:30:45.5");
  EXPECT_EQ(CastOf("1883-11-18 12:00:00", StringType(), TimestampType(), kAnsi, "Asia/Kolkata"),
            "1883-11-18 12:00:00");
  EXPECT_EQ(CastOf("T", StringType(), months, kLegacy),
            "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING");
  EXPECT_EQ(CastOf("+5", StringType(), seconds),
            "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE");
  EXPECT_EQ(CastOf("3 04:05:06", StringType(), seconds), "INTERVAL '3 04:05:06' DAY TO SECOND");
  EXPECT_EQ(CastOf("abc", StringType(), CalendarIntervalType()), "NULL");
  EXPECT_EQ(CastOf("10:00:00 PM", StringType(), TimeType(6)), "22:00:00");
}

TEST(CastTest, Decimals) {
  EXPECT_EQ(CastOf("123.456", DecimalType(6, 3), DecimalType(5, 2)), "123.46");
  EXPECT_EQ(CastOf("-2.345", DecimalType(4, 3), DecimalType(3, 2)), "-2.35");
  EXPECT_EQ(CastOf("99999.99999", DecimalType(10, 5), DecimalType(6, 3)),
            "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION");
  EXPECT_EQ(CastOf("1234.5", DecimalType(5, 1), DecimalType(3, 1), kLegacy), "NULL");
  EXPECT_EQ(CastOf("99999999999999999999.99", DecimalType(22, 2), IntType(), kLegacy),
            "1661992959");
  EXPECT_EQ(CastOf("99999999999999999999.99", DecimalType(22, 2), BigintType(), kLegacy),
            "7766279631452241919");
  EXPECT_EQ(CastOf("99999999999999999999.99", DecimalType(22, 2), BigintType()), "CAST_OVERFLOW");
  EXPECT_EQ(CastOf("-128.99", DecimalType(5, 2), TinyintType()), "-128");
  EXPECT_EQ(CastOf("99999999999999999999.99", DecimalType(22, 2), DoubleType()), "1.0E20");
  EXPECT_EQ(CastOf("1.0E-10", FloatType(), DecimalType(38, 18)), "0.000000000100000001");
  EXPECT_EQ(CastOf("-Infinity", FloatType(), DecimalType(38, 18)), "NULL");
  EXPECT_EQ(CastOf("1.0E20", DoubleType(), DecimalType(38, 18)),
            "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION");
  EXPECT_EQ(CastOf("2.355", DoubleType(), DecimalType(3, 2)), "2.36");
  EXPECT_EQ(CastOf("true", BooleanType(), DecimalType(5, 2)), "1.00");
  EXPECT_EQ(CastOf("0", DecimalType(10, 8), StringType()), "0.00000000");
  EXPECT_EQ(CastOf("0", DecimalType(10, 8), StringType(), kLegacy), "0E-8");
}

TEST(CastTest, Times) {
  const std::string new_york = "America/New_York";
  EXPECT_EQ(CastOf("2024-07-01", DateType(), TimestampType(), kAnsi, new_york),
            "2024-07-01 00:00:00");
  EXPECT_EQ(CastOf("2024-10-27 01:30:00Z", TimestampType(), TimestampNtzType(), kAnsi, new_york),
            "2024-10-26 21:30:00");
  EXPECT_EQ(CastOf("2024-07-01 02:00:00Z", TimestampType(), DateType(), kAnsi, new_york),
            "2024-06-30");
  EXPECT_EQ(CastOf("-128.99", DecimalType(5, 2), TimestampType()), "1969-12-31 23:57:51.01");
  EXPECT_EQ(CastOf("99999999999999999999.99", DecimalType(22, 2), TimestampType(), kTry),
            "-78449-06-15 02:58:04.586224");
  EXPECT_EQ(CastOf("9223372036854775807", BigintType(), TimestampType()),
            "+294247-01-10 04:00:54.775807");
  EXPECT_EQ(CastOf("-1.9999999", DoubleType(), TimestampType()), "1969-12-31 23:59:58.000001");
  EXPECT_EQ(CastOf("NaN", DoubleType(), TimestampType()), "CAST_INVALID_INPUT");
  EXPECT_EQ(CastOf("NaN", DoubleType(), TimestampType(), kLegacy), "NULL");
  EXPECT_EQ(CastOf("1969-12-31 23:59:59.5", TimestampType(), DecimalType(38, 18)),
            "-0.500000000000000000");
  EXPECT_EQ(CastOf("2024-01-01 00:00:00", TimestampType(), TinyintType()), "CAST_OVERFLOW");
  EXPECT_EQ(CastOf("12:34:56.789", TimeType(6), TimeType(1)), "12:34:56.7");
  EXPECT_EQ(CastOf("12:34:56.5", TimeType(6), DecimalType(10, 2)), "45296.50");
}

TEST(CastTest, Intervals) {
  const TypePtr months = YearMonthIntervalType(IntervalUnit::kYear, IntervalUnit::kMonth);
  const TypePtr seconds = DayTimeIntervalType(IntervalUnit::kDay, IntervalUnit::kSecond);
  const TypePtr hours = DayTimeIntervalType(IntervalUnit::kHour, IntervalUnit::kHour);
  const TypePtr minutes = DayTimeIntervalType(IntervalUnit::kMinute, IntervalUnit::kMinute);
  EXPECT_EQ(CastOf("1-2", months, IntType()), "14");
  EXPECT_EQ(CastOf("1 02:03:04.5", seconds, SmallintType(), kLegacy), "CAST_OVERFLOW");
  EXPECT_EQ(CastOf("1 02:03:04.5", seconds, DecimalType(38, 18)), "93784.500000000000000000");
  EXPECT_EQ(CastOf("90", minutes, hours), "INTERVAL '01' HOUR");
  EXPECT_EQ(CastOf("5", IntType(), hours), "INTERVAL '05' HOUR");
  EXPECT_EQ(CastOf("123.456", DecimalType(6, 3), seconds),
            "INTERVAL '0 00:02:03.456' DAY TO SECOND");
  EXPECT_EQ(CastOf("123.456", DecimalType(6, 3), months), "INTERVAL '10-3' YEAR TO MONTH");
  EXPECT_EQ(CastOf("9223372036854775807", BigintType(), months), "CAST_OVERFLOW");
}

TEST(CastTest, NestedValues) {
  const TypePtr strings = ArrayType(StringType());
  const TypePtr pair = StructType({{"x", IntType(), true, ""}, {"y", StringType(), true, ""}});
  const TypePtr other = StructType({{"p", StringType(), true, ""}, {"q", IntType(), true, ""}});
  EXPECT_EQ(CastOf("['1', null, '-7']", strings, ArrayType(IntType())), "[1, null, -7]");
  EXPECT_EQ(CastOf("['1', 'b']", strings, ArrayType(IntType())), "CAST_INVALID_INPUT");
  EXPECT_EQ(CastOf("['1', 'b']", strings, ArrayType(IntType()), kTry), "[1, null]");
  EXPECT_EQ(CastOf("{1 -> 2}", MapType(IntType(), IntType()), MapType(StringType(), DoubleType())),
            "{1 -> 2.0}");
  EXPECT_EQ(CastOf("{1, '2'}", pair, other), "{1, 2}");
  EXPECT_EQ(CastOf("{1, 'b'}", pair, other), "CAST_INVALID_INPUT");
  EXPECT_EQ(CastOf("{1, '2'}", pair, StringType()), "{1, 2}");
  EXPECT_EQ(CastOf("[null, 1]", ArrayType(IntType()), StringType()), "[null, 1]");
}

TEST(CastTest, PairsThatSparkRefuses) {
  const auto refused = [](const TypePtr& from, const TypePtr& to, CastMode mode = kAnsi) {
    auto column = std::make_shared<Attribute>();
    column->type = from;
    const std::string condition = BindCast(column, {to, mode, false, {}}, {}).status().condition();
    const size_t dot = condition.find("CAST_");
    return dot == std::string::npos ? condition : condition.substr(dot + 5);
  };
  EXPECT_EQ(refused(BooleanType(), BinaryType()), "WITHOUT_SUGGESTION");
  EXPECT_EQ(refused(BooleanType(), TimestampType()), "WITH_CONF_SUGGESTION");
  EXPECT_EQ(refused(TinyintType(), BinaryType()), "WITH_CONF_SUGGESTION");
  EXPECT_EQ(refused(TinyintType(), BinaryType(), kTry), "WITHOUT_SUGGESTION");
  EXPECT_EQ(refused(TinyintType(), BinaryType(), kLegacy), "");
  EXPECT_EQ(refused(IntType(), DateType(), kTry), "WITH_FUNC_SUGGESTION");
  EXPECT_EQ(refused(DateType(), BooleanType()), "WITH_CONF_SUGGESTION");
  EXPECT_EQ(refused(DateType(), FloatType()), "WITH_FUNC_SUGGESTION");
  EXPECT_EQ(refused(IntType(), TimestampNtzType()), "WITHOUT_SUGGESTION");
  EXPECT_EQ(refused(FloatType(), YearMonthIntervalType(IntervalUnit::kYear, IntervalUnit::kYear)),
            "WITHOUT_SUGGESTION");
  EXPECT_EQ(refused(CalendarIntervalType(), BigintType()), "WITHOUT_SUGGESTION");
  EXPECT_EQ(refused(ArrayType(IntType()), IntType()), "WITHOUT_SUGGESTION");
  EXPECT_EQ(refused(StringType(), ArrayType(IntType())), "WITHOUT_SUGGESTION");
  EXPECT_EQ(refused(MapType(StringType(), IntType()), MapType(IntType(), IntType()), kLegacy),
            "WITHOUT_SUGGESTION");
  EXPECT_EQ(refused(VariantType(), IntType()), "THALWEG_NOT_SUPPORTED_YET");
}

}  // namespace
}  // namespace thalweg
