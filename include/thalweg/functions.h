// Functions by name, as Spark's `functions`: each only writes down a call of the SQL function that
// it is named after, and the analyzer says what is wrong with it. A text where a Column is
// wanted names a column; where a std::string_view is (a pattern, a unit) it is a value.
// CallFunction(name, …) reaches every other function.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "thalweg/column.h"

namespace thalweg {
namespace api {

// ---- aggregates
inline Column Count(const Column& e) {
  return CallFunction("count", {e});
}
inline Column Sum(const Column& e) {
  return CallFunction("sum", {e});
}
inline Column Avg(const Column& e) {
  return CallFunction("avg", {e});
}
inline Column Min(const Column& e) {
  return CallFunction("min", {e});
}
inline Column Max(const Column& e) {
  return CallFunction("max", {e});
}
inline Column First(const Column& e) {
  return CallFunction("first", {e});
}
inline Column Last(const Column& e) {
  return CallFunction("last", {e});
}
inline Column AnyValue(const Column& e) {
  return CallFunction("any_value", {e});
}
inline Column CountIf(const Column& e) {
  return CallFunction("count_if", {e});
}
inline Column BoolAnd(const Column& e) {
  return CallFunction("bool_and", {e});
}
inline Column BoolOr(const Column& e) {
  return CallFunction("bool_or", {e});
}
inline Column BitAnd(const Column& e) {
  return CallFunction("bit_and", {e});
}
inline Column BitOr(const Column& e) {
  return CallFunction("bit_or", {e});
}
inline Column BitXor(const Column& e) {
  return CallFunction("bit_xor", {e});
}
inline Column CollectList(const Column& e) {
  return CallFunction("collect_list", {e});
}
/// Rows, whatever they hold.
inline Column CountAll() {
  return CallFunction("count", {Lit(1)});
}
/// count(DISTINCT …), sum(DISTINCT …).
THALWEG_EXPORT Column CountDistinct(std::vector<Column> columns);
THALWEG_EXPORT Column SumDistinct(const Column& column);

// ---- choices and NULL
/// CASE WHEN condition THEN value …: goes on with Column::When and Column::Otherwise.
template <Operand V>
Column When(const Column& condition, const V& value) {
  return CallFunction("when", {condition, ToOperand(value)});
}
inline Column Coalesce(std::vector<Column> columns) {
  return CallFunction("coalesce", std::move(columns));
}
inline Column NullIf(const Column& a, const Column& b) {
  return CallFunction("nullif", {a, b});
}
inline Column Greatest(std::vector<Column> columns) {
  return CallFunction("greatest", std::move(columns));
}
inline Column Least(std::vector<Column> columns) {
  return CallFunction("least", std::move(columns));
}

// ---- event time
/// The windows of `duration` ("10 minutes") that a time lies in, one every `slide`, beginning
/// `start` after the hour: a struct of start and end. For GroupBy and Select.
inline Column Window(const Column& time, std::string_view duration) {
  return CallFunction("window", {time, Lit(duration)});
}
inline Column Window(const Column& time, std::string_view duration, std::string_view slide) {
  return CallFunction("window", {time, Lit(duration), Lit(slide)});
}
inline Column Window(const Column& time, std::string_view duration, std::string_view slide,
                     std::string_view start) {
  return CallFunction("window", {time, Lit(duration), Lit(slide), Lit(start)});
}

// ---- numbers
inline Column Abs(const Column& e) {
  return CallFunction("abs", {e});
}
inline Column Sqrt(const Column& e) {
  return CallFunction("sqrt", {e});
}
inline Column Cbrt(const Column& e) {
  return CallFunction("cbrt", {e});
}
inline Column Exp(const Column& e) {
  return CallFunction("exp", {e});
}
inline Column Ln(const Column& e) {
  return CallFunction("ln", {e});
}
inline Column Log10(const Column& e) {
  return CallFunction("log10", {e});
}
inline Column Log2(const Column& e) {
  return CallFunction("log2", {e});
}
inline Column Sin(const Column& e) {
  return CallFunction("sin", {e});
}
inline Column Cos(const Column& e) {
  return CallFunction("cos", {e});
}
inline Column Tan(const Column& e) {
  return CallFunction("tan", {e});
}
inline Column Asin(const Column& e) {
  return CallFunction("asin", {e});
}
inline Column Acos(const Column& e) {
  return CallFunction("acos", {e});
}
inline Column Atan(const Column& e) {
  return CallFunction("atan", {e});
}
inline Column Radians(const Column& e) {
  return CallFunction("radians", {e});
}
inline Column Degrees(const Column& e) {
  return CallFunction("degrees", {e});
}
inline Column Ceil(const Column& e) {
  return CallFunction("ceil", {e});
}
inline Column Floor(const Column& e) {
  return CallFunction("floor", {e});
}
inline Column Signum(const Column& e) {
  return CallFunction("signum", {e});
}
inline Column Factorial(const Column& e) {
  return CallFunction("factorial", {e});
}
inline Column Hex(const Column& e) {
  return CallFunction("hex", {e});
}
inline Column Unhex(const Column& e) {
  return CallFunction("unhex", {e});
}
inline Column Bin(const Column& e) {
  return CallFunction("bin", {e});
}
inline Column Round(const Column& e, int scale = 0) {
  return CallFunction("round", {e, Lit(scale)});
}
inline Column Pow(const Column& base, const Column& exponent) {
  return CallFunction("pow", {base, exponent});
}
inline Column Atan2(const Column& y, const Column& x) {
  return CallFunction("atan2", {y, x});
}

// ---- texts
inline Column Upper(const Column& e) {
  return CallFunction("upper", {e});
}
inline Column Lower(const Column& e) {
  return CallFunction("lower", {e});
}
inline Column Trim(const Column& e) {
  return CallFunction("trim", {e});
}
inline Column Ltrim(const Column& e) {
  return CallFunction("ltrim", {e});
}
inline Column Rtrim(const Column& e) {
  return CallFunction("rtrim", {e});
}
inline Column Length(const Column& e) {
  return CallFunction("length", {e});
}
inline Column Reverse(const Column& e) {
  return CallFunction("reverse", {e});
}
inline Column Initcap(const Column& e) {
  return CallFunction("initcap", {e});
}
inline Column Ascii(const Column& e) {
  return CallFunction("ascii", {e});
}
inline Column Base64(const Column& e) {
  return CallFunction("base64", {e});
}
inline Column Unbase64(const Column& e) {
  return CallFunction("unbase64", {e});
}
inline Column Md5(const Column& e) {
  return CallFunction("md5", {e});
}
inline Column Sha1(const Column& e) {
  return CallFunction("sha1", {e});
}
inline Column Crc32(const Column& e) {
  return CallFunction("crc32", {e});
}
inline Column Soundex(const Column& e) {
  return CallFunction("soundex", {e});
}
inline Column Concat(std::vector<Column> columns) {
  return CallFunction("concat", std::move(columns));
}
inline Column ConcatWs(std::string_view separator, std::vector<Column> columns) {
  columns.insert(columns.begin(), Lit(separator));
  return CallFunction("concat_ws", std::move(columns));
}
/// `position` counts from 1, from the end if it is negative.
inline Column Substring(const Column& e, int position, int length) {
  return CallFunction("substring", {e, Lit(position), Lit(length)});
}
inline Column SubstringIndex(const Column& e, std::string_view delimiter, int count) {
  return CallFunction("substring_index", {e, Lit(delimiter), Lit(count)});
}
/// `pattern` is a regular expression.
inline Column Split(const Column& e, std::string_view pattern) {
  return CallFunction("split", {e, Lit(pattern)});
}
inline Column RegexpExtract(const Column& e, std::string_view pattern, int group = 1) {
  return CallFunction("regexp_extract", {e, Lit(pattern), Lit(group)});
}
inline Column RegexpReplace(const Column& e, std::string_view pattern,
                            std::string_view replacement) {
  return CallFunction("regexp_replace", {e, Lit(pattern), Lit(replacement)});
}
inline Column Replace(const Column& e, std::string_view search, std::string_view replacement) {
  return CallFunction("replace", {e, Lit(search), Lit(replacement)});
}
inline Column Lpad(const Column& e, int length, std::string_view pad) {
  return CallFunction("lpad", {e, Lit(length), Lit(pad)});
}
inline Column Rpad(const Column& e, int length, std::string_view pad) {
  return CallFunction("rpad", {e, Lit(length), Lit(pad)});
}
inline Column Sha2(const Column& e, int bits) {
  return CallFunction("sha2", {e, Lit(bits)});
}

// ---- times
inline Column Year(const Column& e) {
  return CallFunction("year", {e});
}
inline Column Quarter(const Column& e) {
  return CallFunction("quarter", {e});
}
inline Column Month(const Column& e) {
  return CallFunction("month", {e});
}
inline Column Day(const Column& e) {
  return CallFunction("day", {e});
}
inline Column DayOfWeek(const Column& e) {
  return CallFunction("dayofweek", {e});
}
inline Column DayOfYear(const Column& e) {
  return CallFunction("dayofyear", {e});
}
inline Column WeekOfYear(const Column& e) {
  return CallFunction("weekofyear", {e});
}
inline Column Hour(const Column& e) {
  return CallFunction("hour", {e});
}
inline Column Minute(const Column& e) {
  return CallFunction("minute", {e});
}
inline Column Second(const Column& e) {
  return CallFunction("second", {e});
}
inline Column LastDay(const Column& e) {
  return CallFunction("last_day", {e});
}
inline Column UnixSeconds(const Column& e) {
  return CallFunction("unix_seconds", {e});
}
inline Column UnixMillis(const Column& e) {
  return CallFunction("unix_millis", {e});
}
inline Column UnixMicros(const Column& e) {
  return CallFunction("unix_micros", {e});
}
inline Column TimestampSeconds(const Column& e) {
  return CallFunction("timestamp_seconds", {e});
}
inline Column TimestampMillis(const Column& e) {
  return CallFunction("timestamp_millis", {e});
}
inline Column TimestampMicros(const Column& e) {
  return CallFunction("timestamp_micros", {e});
}
inline Column WindowTime(const Column& e) {
  return CallFunction("window_time", {e});
}
inline Column CurrentTimestamp() {
  return CallFunction("current_timestamp", {});
}
inline Column CurrentDate() {
  return CallFunction("current_date", {});
}
inline Column ToDate(const Column& e) {
  return CallFunction("to_date", {e});
}
inline Column ToDate(const Column& e, std::string_view format) {
  return CallFunction("to_date", {e, Lit(format)});
}
inline Column ToTimestamp(const Column& e) {
  return CallFunction("to_timestamp", {e});
}
inline Column ToTimestamp(const Column& e, std::string_view format) {
  return CallFunction("to_timestamp", {e, Lit(format)});
}
inline Column DateFormat(const Column& e, std::string_view format) {
  return CallFunction("date_format", {e, Lit(format)});
}
/// `unit`: "hour", "day" …
inline Column DateTrunc(std::string_view unit, const Column& e) {
  return CallFunction("date_trunc", {Lit(unit), e});
}
inline Column DateAdd(const Column& e, int days) {
  return CallFunction("date_add", {e, Lit(days)});
}
inline Column DateDiff(const Column& end, const Column& start) {
  return CallFunction("datediff", {end, start});
}

// ---- arrays, maps, structs, JSON
inline Column Size(const Column& e) {
  return CallFunction("size", {e});
}
inline Column Cardinality(const Column& e) {
  return CallFunction("cardinality", {e});
}
inline Column ArrayDistinct(const Column& e) {
  return CallFunction("array_distinct", {e});
}
inline Column ArrayMax(const Column& e) {
  return CallFunction("array_max", {e});
}
inline Column ArrayMin(const Column& e) {
  return CallFunction("array_min", {e});
}
inline Column ArraySort(const Column& e) {
  return CallFunction("array_sort", {e});
}
inline Column Flatten(const Column& e) {
  return CallFunction("flatten", {e});
}
inline Column MapKeys(const Column& e) {
  return CallFunction("map_keys", {e});
}
inline Column MapValues(const Column& e) {
  return CallFunction("map_values", {e});
}
inline Column MapEntries(const Column& e) {
  return CallFunction("map_entries", {e});
}
inline Column Explode(const Column& e) {
  return CallFunction("explode", {e});
}
inline Column ExplodeOuter(const Column& e) {
  return CallFunction("explode_outer", {e});
}
inline Column PosExplode(const Column& e) {
  return CallFunction("posexplode", {e});
}
inline Column PosExplodeOuter(const Column& e) {
  return CallFunction("posexplode_outer", {e});
}
inline Column Inline(const Column& e) {
  return CallFunction("inline", {e});
}
inline Column Array(std::vector<Column> columns) {
  return CallFunction("array", std::move(columns));
}
inline Column Struct(std::vector<Column> columns) {
  return CallFunction("struct", std::move(columns));
}
/// Keys and values alternate.
inline Column CreateMap(std::vector<Column> columns) {
  return CallFunction("map", std::move(columns));
}
inline Column ArrayContains(const Column& e, const Value& value) {
  return CallFunction("array_contains", {e, Lit(value)});
}
inline Column ArrayJoin(const Column& e, std::string_view separator) {
  return CallFunction("array_join", {e, Lit(separator)});
}
/// An element of an array (from 1) or of a map (by key).
inline Column ElementAt(const Column& e, const Value& key) {
  return CallFunction("element_at", {e, Lit(key)});
}
/// `schema` as DDL.
inline Column FromJson(const Column& e, std::string_view schema) {
  return CallFunction("from_json", {e, Lit(schema)});
}
inline Column ToJson(const Column& e) {
  return CallFunction("to_json", {e});
}
inline Column GetJsonObject(const Column& e, std::string_view path) {
  return CallFunction("get_json_object", {e, Lit(path)});
}

}  // namespace api
}  // namespace thalweg
