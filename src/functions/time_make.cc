// Times made from numbers and zones: make_date, make_timestamp, timestamp_seconds, unix_micros,
// from_utc_timestamp; and the times of the epoch: current_timestamp and its kin.
#include <algorithm>
#include <cmath>
#include <optional>

#include "data/calendar.h"
#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/row_function.h"
#include "functions/signature.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

using Text = std::string_view;

Status OutOfBounds(const std::string& what) {
  return Status::User("DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION",
                      {{"rangeMessage", what}, {"ansiConfig", "\"spark.sql.ansi.enabled\""}});
}

Result<int64_t> DaysOf(int32_t year, int32_t month, int32_t day) {
  if (std::abs(year) > 999'999'999) {
    return OutOfBounds("A year lies between -999999999 and 999999999, not " + std::to_string(year));
  }
  if (month < 1 || month > 12) {
    return OutOfBounds("A month lies between 1 and 12, not " + std::to_string(month));
  }
  if (day < 1 || day > DaysInMonth(year, month)) {
    return OutOfBounds("There is no day " + std::to_string(day) + " in month " +
                       std::to_string(month) + " of " + std::to_string(year));
  }
  return DaysFromCivil(year, month, day);
}

Result<int32_t> MakeDate(int32_t year, int32_t month, int32_t day) {
  THALWEG_ASSIGN_OR_RETURN(const int64_t days, DaysOf(year, month, day));
  if (days != static_cast<int32_t>(days)) return OutOfBounds("The date lies outside the calendar");
  return static_cast<int32_t>(days);
}

int32_t SameDays(int32_t days) {
  return days;
}
int64_t UnixSeconds(int64_t us) {
  return FloorDiv(us, kMicrosPerSecond);
}
int64_t UnixMillis(int64_t us) {
  return FloorDiv(us, kMicrosPerMilli);
}
int64_t UnixMicros(int64_t us) {
  return us;
}

Status TooLarge() {
  return Status::User("ARITHMETIC_OVERFLOW", {{"message", "long overflow"},
                                              {"alternative", ""},
                                              {"config", "\"spark.sql.ansi.enabled\""}});
}
Result<int64_t> FromSeconds(int64_t seconds) {
  int64_t us = 0;
  if (__builtin_mul_overflow(seconds, kMicrosPerSecond, &us)) return TooLarge();
  return us;
}
Result<int64_t> FromMillis(int64_t millis) {
  int64_t us = 0;
  if (__builtin_mul_overflow(millis, kMicrosPerMilli, &us)) return TooLarge();
  return us;
}
/// NaN and infinity are no time.
std::optional<int64_t> FromFractionalSeconds(double seconds) {
  if (!std::isfinite(seconds)) return std::nullopt;
  const double us = seconds * 1e6;
  if (us >= 9223372036854775807.0) return INT64_MAX;
  if (us <= -9223372036854775808.0) return INT64_MIN;
  return static_cast<int64_t>(us);
}

/// Wall clock time `text` names, moved from UTC into its zone or back.
Result<int64_t> FromUtc(int64_t us, Text zone) {
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* to, TimeZone::Find(zone));
  return to->ToLocal(us);
}
Result<int64_t> ToUtc(int64_t us, Text zone) {
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* from, TimeZone::Find(zone));
  return from->ToInstant(us);
}
Result<int64_t> ConvertZone(Text from, Text to, int64_t local_us) {
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* source, TimeZone::Find(from));
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* target, TimeZone::Find(to));
  return target->ToLocal(source->ToInstant(local_us));
}

/// Fields of a wall clock; seconds with up to six digits behind the point, 60 counts as the next
/// minute.
struct ClockFields {
  int32_t year, month, day, hour, minute;
  int64_t second_us;
};
Result<int64_t> LocalMicros(const ClockFields& f) {
  THALWEG_ASSIGN_OR_RETURN(const int64_t days, DaysOf(f.year, f.month, f.day));
  if (f.hour < 0 || f.hour > 23) {
    return OutOfBounds("An hour lies between 0 and 23, not " + std::to_string(f.hour));
  }
  if (f.minute < 0 || f.minute > 59) {
    return OutOfBounds("A minute lies between 0 and 59, not " + std::to_string(f.minute));
  }
  if (f.second_us < 0 || f.second_us > kMicrosPerMinute) {
    if (f.second_us > kMicrosPerMinute && f.second_us < kMicrosPerMinute + kMicrosPerSecond) {
      return Status::User("INVALID_FRACTION_OF_SECOND",
                          {{"secAndMicros", std::to_string(f.second_us / 1e6)}});
    }
    return OutOfBounds("Seconds lie between 0 and 59");
  }
  int64_t us = 0;
  if (__builtin_mul_overflow(days, kMicrosPerDay, &us)) {
    return OutOfBounds("The time lies outside the calendar");
  }
  return AddMicros(us, f.hour * kMicrosPerHour + f.minute * kMicrosPerMinute + f.second_us);
}

int32_t IntOf(const Vector& vector, int row) {
  return vector.values<int32_t>()[vector.is_constant() ? 0 : row];
}

/// make_timestamp(y, m, d, h, min, sec [, zone]); the zone is the session's or argument 6.
template <bool kLocal>
Status MakeTimestampKernel(const KernelCall& call, Vector* out) {
  int64_t* result = out->mutable_values<int64_t>();
  const auto* context = static_cast<const ZoneContext*>(call.context);
  const Vector& seconds = *call.arguments[5];
  const bool has_zone = context->zone == nullptr;
  ForEachValidRow(call, [&](int row) {
    const ClockFields fields = {
        IntOf(*call.arguments[0], row), IntOf(*call.arguments[1], row),
        IntOf(*call.arguments[2], row), IntOf(*call.arguments[3], row),
        IntOf(*call.arguments[4], row), seconds.values<int64_t>()[seconds.is_constant() ? 0 : row]};
    Result<int64_t> local = LocalMicros(fields);
    Status status = local.ok() ? Status::OK() : local.status();
    const TimeZone* zone = context->zone;
    if (status.ok() && has_zone) {
      const Vector& names = *call.arguments[6];
      const StringView name = names.Get<StringView>(row);
      const Result<const TimeZone*> found = TimeZone::Find(name.view());
      status = found.ok() ? Status::OK() : found.status();
      if (found.ok()) zone = *found;
    }
    if (!status.ok()) return detail::FailRow(call, row, status, out);
    result[row] = kLocal ? *local : zone->ToInstant(*local);
  });
  return Status::OK();
}

Result<ExprPtr> BindMakeTimestamp(const std::string& name, std::vector<ExprPtr> arguments,
                                  const BindSettings& settings, const SqlPlace& place) {
  const bool local = name.ends_with("_ntz");
  const size_t count = arguments.size();
  if (count != 6 && (count != 7 || local)) {
    if (count == 2 || count == 3) return NotSupportedYet(name + " of a date and a time", place);
    return WrongArgumentCount(name, local ? "6" : "[6, 7]", count, place);
  }
  for (size_t i = 0; i < count; ++i) {
    const DataType& type = *arguments[i]->type;
    const bool ok = i == 6 ? CastsImplicitly(type, 'S') : CastsImplicitly(type, 'I');
    if (!ok) {
      return UnexpectedArgumentType(name, arguments, static_cast<int>(i),
                                    i == 6 ? "\"STRING\"" : "\"INT\"", place);
    }
    const TypePtr wanted = i == 6 ? StringType() : i == 5 ? DecimalType(16, 6) : IntType();
    THALWEG_ASSIGN_OR_RETURN(arguments[i], CoerceTo(arguments[i], wanted, settings));
  }
  KernelSpec spec;
  spec.signature.name = name;
  for (const ExprPtr& argument : arguments) spec.signature.argument_types.push_back(argument->type);
  spec.signature.result_type = local ? TimestampNtzType() : TimestampType();
  spec.signature.parameters =
      (settings.ansi ? "ansi zone=" : "legacy zone=") + settings.session_zone;
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* zone, TimeZone::Find(settings.session_zone));
  spec.context = std::make_shared<ZoneContext>(count == 7 ? nullptr : zone);
  spec.kernel = local ? MakeTimestampKernel<true> : MakeTimestampKernel<false>;
  if (!settings.ansi || name.starts_with("try_")) spec.on_failure = OnFailure::kNull;
  if (spec.on_failure == OnFailure::kNull) {
    spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  }
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(arguments), place);
}

/// timestamp_seconds takes numbers of any kind.
Result<ExprPtr> BindTimestampSeconds(const std::string& name, std::vector<ExprPtr> arguments,
                                     const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 1) return WrongArgumentCount(name, "1", arguments.size(), place);
  const DataType& type = *arguments[0]->type;
  if (!type.IsNumeric() && !type.Is(TypeKind::kNull)) {
    if (type.Is(TypeKind::kString)) return NotSupportedYet(name + " of a text", place);
    return UnexpectedArgumentType(name, arguments, 0, "\"NUMERIC\"", place);
  }
  if (type.Is(TypeKind::kDecimal)) {
    return BindCast(arguments[0], {TimestampType(), CastMode::kAnsi, true, place}, settings);
  }
  const bool fractional = type.Is(TypeKind::kFloat) || type.Is(TypeKind::kDouble);
  const Overload overload =
      fractional ? Overload{"", "D", 't', RowKernel<FromFractionalSeconds>, kNullable}
                 : Overload{"", "L", 't', RowKernel<FromSeconds>};
  THALWEG_RETURN_NOT_OK(CoerceToLetters(name, overload.arguments, &arguments, settings, place));
  return MakeOverloadCall(overload, name, std::move(arguments), settings, place);
}

// ---- the epoch's time

Status NowKernel(const KernelCall& call, Vector* out) {
  int64_t* result = out->mutable_values<int64_t>();
  ForEachRow(call.rows, [&](int row) { result[row] = call.epoch.batch_time_us; });
  return Status::OK();
}
Status TodayKernel(const KernelCall& call, Vector* out) {
  ZoneCursor cursor(*static_cast<const ZoneContext*>(call.context)->zone);
  const auto today = static_cast<int32_t>(DayOfMicros(cursor.ToLocal(call.epoch.batch_time_us)));
  ForEachRow(call.rows, [&](int row) { out->mutable_values<int32_t>()[row] = today; });
  return Status::OK();
}
Status LocalNowKernel(const KernelCall& call, Vector* out) {
  ZoneCursor cursor(*static_cast<const ZoneContext*>(call.context)->zone);
  const int64_t now = cursor.ToLocal(call.epoch.batch_time_us);
  ForEachRow(call.rows, [&](int row) { out->mutable_values<int64_t>()[row] = now; });
  return Status::OK();
}

Result<ExprPtr> BindTimezone(const std::string& name, std::vector<ExprPtr> arguments,
                             const BindSettings& settings, const SqlPlace& place) {
  if (!arguments.empty()) return WrongArgumentCount(name, "0", arguments.size(), place);
  return MakeLiteral(Value::String(settings.session_zone));
}

/// convert_timezone([from,] to, time): without `from` the session's zone.
Result<ExprPtr> BindConvertZone(const std::string& name, std::vector<ExprPtr> arguments,
                                const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() == 2) {
    arguments.insert(arguments.begin(), MakeLiteral(Value::String(settings.session_zone)));
  }
  if (arguments.size() != 3) return WrongArgumentCount(name, "[2, 3]", arguments.size(), place);
  THALWEG_RETURN_NOT_OK(CoerceToLetters(name, "SSn", &arguments, settings, place));
  const Overload overload{"", "SSn", 'n', RowKernel<ConvertZone>};
  return MakeOverloadCall(overload, name, std::move(arguments), settings, place);
}

}  // namespace

void RegisterTimeMakers(FunctionRegistry* registry) {
  RegisterOverloads(registry, {{"make_date", "III", 'd', RowKernel<MakeDate>, kNullWithoutAnsi},
                               {"try_make_date", "III", 'd', RowKernel<MakeDate>, kNullOnFailure},
                               {"unix_date", "d", 'I', RowKernel<SameDays>, kExactTypes},
                               {"date_from_unix_date", "I", 'd', RowKernel<SameDays>},
                               {"unix_seconds", "t", 'L', RowKernel<UnixSeconds>, kExactTypes},
                               {"unix_millis", "t", 'L', RowKernel<UnixMillis>, kExactTypes},
                               {"unix_micros", "t", 'L', RowKernel<UnixMicros>, kExactTypes},
                               {"timestamp_millis", "L", 't', RowKernel<FromMillis>, kExactTypes},
                               {"timestamp_micros", "L", 't', RowKernel<UnixMicros>, kExactTypes},
                               {"from_utc_timestamp", "tS", 't', RowKernel<FromUtc>},
                               {"to_utc_timestamp", "tS", 't', RowKernel<ToUtc>},
                               {"current_timestamp", "", 't', NowKernel},
                               {"current_date", "", 'd', TodayKernel, kUsesZone},
                               {"localtimestamp", "", 'n', LocalNowKernel, kUsesZone}});
  RegisterAlias(registry, "now", "current_timestamp");
  RegisterAlias(registry, "curdate", "current_date");
  registry->Register({"timestamp_seconds", FunctionKind::kScalar, BindTimestampSeconds});
  registry->Register({"current_timezone", FunctionKind::kScalar, BindTimezone});
  registry->Register({"convert_timezone", FunctionKind::kScalar, BindConvertZone});
  for (const char* name :
       {"make_timestamp", "make_timestamp_ltz", "make_timestamp_ntz", "try_make_timestamp",
        "try_make_timestamp_ltz", "try_make_timestamp_ntz"}) {
    registry->Register({name, FunctionKind::kScalar, BindMakeTimestamp});
  }
}

}  // namespace thalweg
