// Arithmetic of days, months and times by functions: date_add, months_between, date_trunc,
// timestampadd and their kin. Rules: Spark's DateTimeUtils.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "data/calendar.h"
#include "data/parse_text.h"
#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/row_function.h"
#include "functions/signature.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

using Text = std::string_view;

std::string Upper(Text text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

// ---- days

int32_t DateAdd(int32_t days, int32_t more) {
  return static_cast<int32_t>(static_cast<uint32_t>(days) + static_cast<uint32_t>(more));
}
int32_t DateSub(int32_t days, int32_t fewer) {
  return static_cast<int32_t>(static_cast<uint32_t>(days) - static_cast<uint32_t>(fewer));
}
int32_t DateDiff(int32_t end, int32_t start) {
  return DateSub(end, start);
}

/// The day `months` later, the last one of its month at most.
int64_t PlusMonths(int64_t days, int64_t months) {
  const CivilDate date = CivilFromDays(days);
  const int64_t month = int64_t{date.year} * 12 + date.month - 1 + months;
  const int64_t year = FloorDiv(month, 12);
  const int month_of_year = static_cast<int>(FloorMod(month, 12)) + 1;
  return DaysFromCivil(year, month_of_year, std::min(date.day, DaysInMonth(year, month_of_year)));
}
int32_t AddMonths(int32_t days, int32_t months) {
  return static_cast<int32_t>(PlusMonths(days, months));
}
int32_t LastDay(int32_t days) {
  const CivilDate date = CivilFromDays(days);
  return days + DaysInMonth(date.year, date.month) - date.day;
}

/// "MO", "Mon", "monday": 1 … 7; 0: none.
int DayOfName(Text name) {
  static constexpr std::array<Text, 7> kNames = {"MONDAY", "TUESDAY",  "WEDNESDAY", "THURSDAY",
                                                 "FRIDAY", "SATURDAY", "SUNDAY"};
  const std::string upper = Upper(name);
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (upper == kNames[i] || upper == kNames[i].substr(0, 2) || upper == kNames[i].substr(0, 3)) {
      return static_cast<int>(i) + 1;
    }
  }
  return 0;
}
Result<int32_t> NextDay(int32_t days, Text name) {
  const int wanted = DayOfName(TrimText(name));
  if (wanted == 0) return Status::User("ILLEGAL_DAY_OF_WEEK", {{"string", std::string(name)}});
  const int today = DayOfWeek(days);
  return days + (wanted - today + 6) % 7 + 1;
}

// ---- truncation

enum class Unit : uint8_t {
  kNone,
  kMicrosecond,
  kMillisecond,
  kSecond,
  kMinute,
  kHour,
  kDay,
  kWeek,
  kMonth,
  kQuarter,
  kYear
};

Unit TruncationUnit(Text format) {
  const std::string upper = Upper(format);
  static constexpr std::pair<Text, Unit> kUnits[] = {{"MICROSECOND", Unit::kMicrosecond},
                                                     {"MILLISECOND", Unit::kMillisecond},
                                                     {"SECOND", Unit::kSecond},
                                                     {"MINUTE", Unit::kMinute},
                                                     {"HOUR", Unit::kHour},
                                                     {"DAY", Unit::kDay},
                                                     {"DD", Unit::kDay},
                                                     {"WEEK", Unit::kWeek},
                                                     {"MON", Unit::kMonth},
                                                     {"MONTH", Unit::kMonth},
                                                     {"MM", Unit::kMonth},
                                                     {"QUARTER", Unit::kQuarter},
                                                     {"YEAR", Unit::kYear},
                                                     {"YYYY", Unit::kYear},
                                                     {"YY", Unit::kYear}};
  for (const auto& [name, unit] : kUnits) {
    if (upper == name) return unit;
  }
  return Unit::kNone;
}

int64_t TruncateDay(int64_t days, Unit unit) {
  const CivilDate date = CivilFromDays(days);
  switch (unit) {
    case Unit::kWeek:
      return days - DayOfWeek(days) + 1;
    case Unit::kMonth:
      return days - date.day + 1;
    case Unit::kQuarter:
      return DaysFromCivil(date.year, (date.month - 1) / 3 * 3 + 1, 1);
    case Unit::kYear:
      return DaysFromCivil(date.year, 1, 1);
    default:
      return days;
  }
}

std::optional<int32_t> Trunc(int32_t days, Text format) {
  const Unit unit = TruncationUnit(format);
  if (unit < Unit::kWeek) return std::nullopt;
  return static_cast<int32_t>(TruncateDay(days, unit));
}

std::optional<int64_t> DateTrunc(ZoneCursor& zone, Text format, int64_t us) {
  const Unit unit = TruncationUnit(format);
  switch (unit) {
    case Unit::kNone:
      return std::nullopt;
    case Unit::kMicrosecond:
      return us;
    case Unit::kMillisecond:
      return us - FloorMod(us, kMicrosPerMilli);
    case Unit::kSecond:
      return us - FloorMod(us, kMicrosPerSecond);
    case Unit::kMinute:
    case Unit::kHour: {
      // Offsets of past times are not whole minutes everywhere: cut the wall clock, keep the
      // offset.
      const int64_t local = zone.ToLocal(us);
      return us - FloorMod(local, unit == Unit::kHour ? kMicrosPerHour : kMicrosPerMinute);
    }
    default:
      return zone.ToInstant(TruncateDay(DayOfMicros(zone.ToLocal(us)), unit) * kMicrosPerDay);
  }
}

// ---- months between

double MonthsBetweenRounded(ZoneCursor& zone, int64_t left_us, int64_t right_us, bool round) {
  const int64_t left = zone.ToLocal(left_us), right = zone.ToLocal(right_us);
  const int64_t left_day = DayOfMicros(left), right_day = DayOfMicros(right);
  const CivilDate a = CivilFromDays(left_day), b = CivilFromDays(right_day);
  const double months = (int64_t{a.year} - b.year) * 12.0 + (a.month - b.month);
  const bool both_last =
      a.day == DaysInMonth(a.year, a.month) && b.day == DaysInMonth(b.year, b.month);
  if (a.day == b.day || both_last) return months;
  const int64_t left_seconds = FloorMod(left, kMicrosPerDay) / kMicrosPerSecond;
  const int64_t right_seconds = FloorMod(right, kMicrosPerDay) / kMicrosPerSecond;
  const int64_t seconds = (a.day - b.day) * kSecondsPerDay + left_seconds - right_seconds;
  const double difference = months + static_cast<double>(seconds) / (31.0 * kSecondsPerDay);
  if (!round) return difference;
  return std::round(difference * 1e8) / 1e8;
}
double MonthsBetween(ZoneCursor& zone, int64_t left_us, int64_t right_us) {
  return MonthsBetweenRounded(zone, left_us, right_us, true);
}

// ---- timestampadd, timestampdiff

Status BadUnit(const char* function, Text unit) {
  return Status::User("INVALID_PARAMETER_VALUE.TIME_UNIT",
                      {{"functionName", std::string("`") + function + "`"},
                       {"parameter", "`unit`"},
                       {"invalidValue", "'" + std::string(unit) + "'"}});
}

/// µs of a unit of fixed length; months of the others (negative).
int64_t UnitLength(Text unit) {
  const std::string upper = Upper(unit);
  static constexpr std::pair<Text, int64_t> kUnits[] = {{"MICROSECOND", 1},
                                                        {"MILLISECOND", kMicrosPerMilli},
                                                        {"SECOND", kMicrosPerSecond},
                                                        {"MINUTE", kMicrosPerMinute},
                                                        {"HOUR", kMicrosPerHour},
                                                        {"DAY", kMicrosPerDay},
                                                        {"DAYOFYEAR", kMicrosPerDay},
                                                        {"WEEK", 7 * kMicrosPerDay},
                                                        {"MONTH", -1},
                                                        {"QUARTER", -3},
                                                        {"YEAR", -12}};
  for (const auto& [name, length] : kUnits) {
    if (upper == name) return length;
  }
  return 0;
}

Result<int64_t> TimestampAdd(ZoneCursor& zone, Text unit, int64_t count, int64_t us) {
  const int64_t length = UnitLength(unit);
  if (length == 0) return BadUnit("TIMESTAMPADD", unit);
  const auto overflow = [] {
    return Status::User("DATETIME_OVERFLOW", {{"operation", "adding to a timestamp"}});
  };
  int64_t sum = 0;
  if (length > 0 && length < kMicrosPerDay) {
    if (__builtin_mul_overflow(count, length, &sum) || __builtin_add_overflow(sum, us, &sum)) {
      return overflow();
    }
    return sum;
  }
  const int64_t local = zone.ToLocal(us);
  const int64_t of_day = FloorMod(local, kMicrosPerDay);
  if (std::abs(count) > int64_t{4'000'000'000}) return overflow();
  const int64_t day = length > 0 ? DayOfMicros(local) + count * (length / kMicrosPerDay)
                                 : PlusMonths(DayOfMicros(local), -length * count);
  if (__builtin_mul_overflow(day, kMicrosPerDay, &sum) ||
      __builtin_add_overflow(sum, of_day, &sum)) {
    return overflow();
  }
  return zone.ToInstant(sum);
}

Result<int64_t> TimestampDiff(ZoneCursor& zone, Text unit, int64_t start_us, int64_t end_us) {
  const int64_t length = UnitLength(unit);
  if (length == 0) return BadUnit("TIMESTAMPDIFF", unit);
  const int64_t start = zone.ToLocal(start_us), end = zone.ToLocal(end_us);
  if (length > 0) return (end - start) / length;
  const int64_t start_day = DayOfMicros(start), end_day = DayOfMicros(end);
  const CivilDate a = CivilFromDays(start_day), b = CivilFromDays(end_day);
  int64_t months = (int64_t{b.year} - a.year) * 12 + b.month - a.month;
  const auto rest = [](const CivilDate& date, int64_t local) {
    return date.day * kMicrosPerDay + FloorMod(local, kMicrosPerDay);
  };
  if (months > 0 && rest(b, end) < rest(a, start)) --months;
  if (months < 0 && rest(b, end) > rest(a, start)) ++months;
  return months / -length;
}

/// date_add and date_sub take whole numbers up to INT, or a text.
Result<ExprPtr> BindDateAdd(const std::string& name, std::vector<ExprPtr> arguments,
                            const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 2) return WrongArgumentCount(name, "2", arguments.size(), place);
  const DataType& count = *arguments[1]->type;
  const bool whole = count.Is(TypeKind::kTinyint) || count.Is(TypeKind::kSmallint) ||
                     count.Is(TypeKind::kInt) || count.Is(TypeKind::kString) ||
                     count.Is(TypeKind::kNull);
  if (!whole && CastsImplicitly(*arguments[0]->type, 'd')) {
    return UnexpectedArgumentType(name, arguments, 1, "(\"INT\" or \"SMALLINT\" or \"TINYINT\")",
                                  place);
  }
  THALWEG_RETURN_NOT_OK(CoerceToLetters(name, "dI", &arguments, settings, place));
  const Overload overload{"", "dI", 'd',
                          name == "date_sub" ? RowKernel<DateSub> : RowKernel<DateAdd>};
  return MakeOverloadCall(overload, name, std::move(arguments), settings, place);
}

}  // namespace

void RegisterTimeArithmetic(FunctionRegistry* registry) {
  for (const char* name : {"date_add", "dateadd", "date_sub"}) {
    registry->Register({name, FunctionKind::kScalar, BindDateAdd});
  }
  RegisterOverloads(registry,
                    {{"datediff", "dd", 'I', RowKernel<DateDiff>},
                     {"add_months", "dI", 'd', RowKernel<AddMonths>},
                     {"last_day", "d", 'd', RowKernel<LastDay>},
                     {"next_day", "dS", 'd', RowKernel<NextDay>, kNullWithoutAnsi},
                     {"trunc", "dS", 'd', RowKernel<Trunc>, kNullable},
                     {"date_trunc", "St", 't', RowKernel<DateTrunc>, kNullable | kUsesZone},
                     {"months_between", "tt", 'D', RowKernel<MonthsBetween>, kUsesZone},
                     {"months_between", "tto", 'D', RowKernel<MonthsBetweenRounded>, kUsesZone},
                     {"timestampadd", "SLt", 't', RowKernel<TimestampAdd>, kUsesZone},
                     {"timestampdiff", "Stt", 'L', RowKernel<TimestampDiff>, kUsesZone}});
  RegisterAlias(registry, "date_diff", "datediff");
}

}  // namespace thalweg
