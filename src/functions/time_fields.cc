// Fields of dates, timestamps and intervals: year(d), hour(t), extract(f FROM x), date_part(f, x).
#include <algorithm>
#include <map>

#include "data/calendar.h"
#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/row_function.h"
#include "functions/signature.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

int32_t Year(int32_t days) {
  return CivilFromDays(days).year;
}
int32_t Quarter(int32_t days) {
  return (CivilFromDays(days).month - 1) / 3 + 1;
}
int32_t Month(int32_t days) {
  return CivilFromDays(days).month;
}
int32_t Day(int32_t days) {
  return CivilFromDays(days).day;
}
int32_t DayOfWeekFromSunday(int32_t days) {
  return DayOfWeek(days) % 7 + 1;
}
int32_t DayOfWeekIso(int32_t days) {
  return DayOfWeek(days);
}
int32_t WeekDay(int32_t days) {
  return DayOfWeek(days) - 1;
}
int32_t DayOfYear(int32_t days) {
  return static_cast<int32_t>(days - DaysFromCivil(CivilFromDays(days).year, 1, 1)) + 1;
}
/// The Thursday of a day's ISO week lies in the week's year.
int32_t ThursdayOf(int32_t days) {
  return days - DayOfWeek(days) + 4;
}
int32_t WeekOfYear(int32_t days) {
  return (DayOfYear(ThursdayOf(days)) - 1) / 7 + 1;
}
int32_t YearOfWeek(int32_t days) {
  return Year(ThursdayOf(days));
}

constexpr const char* kDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
void DayName(int32_t days, std::string* out) {
  out->append(kDays[DayOfWeek(days) - 1]);
}
void MonthName(int32_t days, std::string* out) {
  out->append(kMonths[Month(days) - 1]);
}

int64_t OfDay(int64_t local_us) {
  return FloorMod(local_us, kMicrosPerDay);
}
int32_t LocalHour(int64_t local_us) {
  return static_cast<int32_t>(OfDay(local_us) / kMicrosPerHour);
}
int32_t LocalMinute(int64_t local_us) {
  return static_cast<int32_t>(OfDay(local_us) / kMicrosPerMinute % 60);
}
int32_t LocalSecond(int64_t local_us) {
  return static_cast<int32_t>(OfDay(local_us) / kMicrosPerSecond % 60);
}
int64_t LocalSecondWithFraction(int64_t local_us) {
  return OfDay(local_us) % kMicrosPerMinute;
}
int32_t Hour(ZoneCursor& zone, int64_t us) {
  return LocalHour(zone.ToLocal(us));
}
int32_t Minute(ZoneCursor& zone, int64_t us) {
  return LocalMinute(zone.ToLocal(us));
}
int32_t Second(ZoneCursor& zone, int64_t us) {
  return LocalSecond(zone.ToLocal(us));
}
int64_t SecondWithFraction(ZoneCursor& zone, int64_t us) {
  return LocalSecondWithFraction(zone.ToLocal(us));
}

// Intervals: truncated towards zero, so that all fields have the interval's sign.
int32_t YearsOf(int32_t months) {
  return months / 12;
}
int8_t MonthsOf(int32_t months) {
  return static_cast<int8_t>(months % 12);
}
int32_t DaysOf(int64_t us) {
  return static_cast<int32_t>(us / kMicrosPerDay);
}
int8_t HoursOf(int64_t us) {
  return static_cast<int8_t>(us % kMicrosPerDay / kMicrosPerHour);
}
int8_t MinutesOf(int64_t us) {
  return static_cast<int8_t>(us % kMicrosPerHour / kMicrosPerMinute);
}
int64_t SecondsOf(int64_t us) {
  return us % kMicrosPerMinute;
}

/// A field by what it is taken from; null kernels: there is no such field.
struct Field {
  std::vector<std::string_view> names;
  Overload of_date;
  Overload of_timestamp;  // in the session's zone
  Overload of_local;      // TIMESTAMP_NTZ
  Overload of_months;
  Overload of_micros;
};

constexpr Overload kNone{nullptr, "", 'I', nullptr};

Overload OfDate(Kernel kernel) {
  return {"extract", "d", 'I', kernel};
}

const std::vector<Field>& Fields() {
  static const auto& fields = *new std::vector<Field>{
      {{"YEAR", "Y", "YEARS", "YR", "YRS"},
       OfDate(RowKernel<Year>),
       kNone,
       kNone,
       {"extract", "", 'I', RowKernel<YearsOf>},
       kNone},
      {{"YEAROFWEEK"}, OfDate(RowKernel<YearOfWeek>), kNone, kNone, kNone, kNone},
      {{"QUARTER", "QTR"}, OfDate(RowKernel<Quarter>), kNone, kNone, kNone, kNone},
      {{"MONTH", "MON", "MONS", "MONTHS"},
       OfDate(RowKernel<Month>),
       kNone,
       kNone,
       {"extract", "", 'y', RowKernel<MonthsOf>},
       kNone},
      {{"WEEK", "W", "WEEKS"}, OfDate(RowKernel<WeekOfYear>), kNone, kNone, kNone, kNone},
      {{"DAY", "D", "DAYS"},
       OfDate(RowKernel<Day>),
       kNone,
       kNone,
       kNone,
       {"extract", "", 'I', RowKernel<DaysOf>}},
      {{"DAYOFWEEK", "DOW"}, OfDate(RowKernel<DayOfWeekFromSunday>), kNone, kNone, kNone, kNone},
      {{"DAYOFWEEK_ISO", "DOW_ISO"}, OfDate(RowKernel<DayOfWeekIso>), kNone, kNone, kNone, kNone},
      {{"DOY"}, OfDate(RowKernel<DayOfYear>), kNone, kNone, kNone, kNone},
      {{"HOUR", "H", "HOURS", "HR", "HRS"},
       kNone,
       {"extract", "t", 'I', RowKernel<Hour>, kUsesZone},
       {"extract", "n", 'I', RowKernel<LocalHour>},
       kNone,
       {"extract", "", 'y', RowKernel<HoursOf>}},
      {{"MINUTE", "M", "MIN", "MINS", "MINUTES"},
       kNone,
       {"extract", "t", 'I', RowKernel<Minute>, kUsesZone},
       {"extract", "n", 'I', RowKernel<LocalMinute>},
       kNone,
       {"extract", "", 'y', RowKernel<MinutesOf>}},
      {{"SECOND", "S", "SEC", "SECONDS", "SECS"},
       kNone,
       {"extract", "t", 's', RowKernel<SecondWithFraction>, kUsesZone},
       {"extract", "n", 's', RowKernel<LocalSecondWithFraction>},
       kNone,
       {"extract", "", 's', RowKernel<SecondsOf>}},
  };
  return fields;
}

const Field* FindField(std::string name) {
  for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  for (const Field& field : Fields()) {
    if (std::find(field.names.begin(), field.names.end(), name) != field.names.end()) {
      return &field;
    }
  }
  return nullptr;
}

/// The overload of the field for a source, casting the source where Spark does.
Result<Overload> Choose(const Field& field, ExprPtr* source, const BindSettings& settings) {
  switch ((*source)->type->kind()) {
    case TypeKind::kYearMonthInterval:
      return field.of_months;
    case TypeKind::kDayTimeInterval:
      return field.of_micros;
    case TypeKind::kTimestampNtz:
      if (field.of_date.kernel == nullptr) return field.of_local;
      break;
    default:
      break;
  }
  const bool of_day = field.of_date.kernel != nullptr;
  if (of_day && (*source)->type->Is(TypeKind::kString)) {
    THALWEG_ASSIGN_OR_RETURN(*source, CoerceTo(*source, TimestampType(), settings));
  }
  THALWEG_ASSIGN_OR_RETURN(*source,
                           CoerceTo(*source, of_day ? DateType() : TimestampType(), settings));
  return of_day ? field.of_date : field.of_timestamp;
}

Result<ExprPtr> BindExtract(const std::string& name, std::vector<ExprPtr> arguments,
                            const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 2) return WrongArgumentCount(name, "2", arguments.size(), place);
  const auto* literal = As<Literal>(arguments[0]);
  if (literal == nullptr || !literal->type->Is(TypeKind::kString)) {
    return NotSupportedYet("a field of " + name + " that is no constant text", place);
  }
  ExprPtr source = arguments[1];
  const TypeKind kind = source->type->kind();
  if (kind == TypeKind::kCalendarInterval || kind == TypeKind::kTime) {
    return NotSupportedYet(name + " of " + source->type->Sql(), place);
  }
  const bool interval = kind == TypeKind::kYearMonthInterval || kind == TypeKind::kDayTimeInterval;
  if (!interval && !CastsImplicitly(*source->type, 't')) {
    return NotSupportedYet(name + " of " + source->type->Sql(), place);
  }
  if (literal->value.is_null()) return MakeLiteral(Value(DoubleType()));
  const Field* field = FindField(literal->value.text());
  Overload overload = kNone;
  if (field != nullptr) {
    THALWEG_ASSIGN_OR_RETURN(overload, Choose(*field, &source, settings));
  }
  if (overload.kernel == nullptr) {
    return Status::User(
        "INVALID_EXTRACT_FIELD",
        {{"field", "`" + literal->value.text() + "`"}, {"expr", QuotedExpr(arguments[1])}}, place);
  }
  return MakeOverloadCall(overload, name + "_" + literal->value.text(), {std::move(source)},
                          settings, place);
}

}  // namespace

void RegisterTimeFields(FunctionRegistry* registry) {
  RegisterOverloads(registry, {{"year", "d", 'I', RowKernel<Year>},
                               {"quarter", "d", 'I', RowKernel<Quarter>},
                               {"month", "d", 'I', RowKernel<Month>},
                               {"day", "d", 'I', RowKernel<Day>},
                               {"dayofweek", "d", 'I', RowKernel<DayOfWeekFromSunday>},
                               {"weekday", "d", 'I', RowKernel<WeekDay>},
                               {"dayofyear", "d", 'I', RowKernel<DayOfYear>},
                               {"weekofyear", "d", 'I', RowKernel<WeekOfYear>},
                               {"dayname", "d", 'S', RowKernel<DayName>},
                               {"monthname", "d", 'S', RowKernel<MonthName>},
                               {"hour", "t", 'I', RowKernel<Hour>, kUsesZone},
                               {"hour", "n", 'I', RowKernel<LocalHour>},
                               {"minute", "t", 'I', RowKernel<Minute>, kUsesZone},
                               {"minute", "n", 'I', RowKernel<LocalMinute>},
                               {"second", "t", 'I', RowKernel<Second>, kUsesZone},
                               {"second", "n", 'I', RowKernel<LocalSecond>}});
  RegisterAlias(registry, "dayofmonth", "day");
  for (const char* name : {"extract", "date_part", "datepart"}) {
    registry->Register({name, FunctionKind::kScalar, BindExtract});
  }
}

}  // namespace thalweg
