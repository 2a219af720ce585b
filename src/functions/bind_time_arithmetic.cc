// What + - * / mean with a date, time or interval: Spark's BinaryArithmeticWithDatetimeResolver.
#include "data/time_zone.h"
#include "functions/arithmetic.h"
#include "functions/arithmetic_time.h"
#include "functions/coercion.h"
#include "functions/errors.h"

namespace thalweg {
namespace {

constexpr const char* kDayCount = "(\"INT\" or \"SMALLINT\" or \"TINYINT\")";
constexpr const char* kTimestamps = "(\"TIMESTAMP\" or \"TIMESTAMP WITHOUT TIME ZONE\")";

bool IsTimestamp(const DataType& type) {
  return type.Is(TypeKind::kTimestamp) || type.Is(TypeKind::kTimestampNtz);
}
bool IsUnitInterval(const DataType& type) {
  return type.Is(TypeKind::kYearMonthInterval) || type.Is(TypeKind::kDayTimeInterval);
}
bool IsInterval(const DataType& type) {
  return IsUnitInterval(type) || type.Is(TypeKind::kCalendarInterval);
}

/// Both sides of `call` as `types`, computed by `kernel`.
Result<ExprPtr> Make(const ArithmeticCall& call, Kernel kernel, const TypePtr& result) {
  const DataType& time = *call.arguments[0]->type;
  auto context = std::make_shared<TimeContext>();
  context->zone = &TimeZone::Utc();
  context->ansi = call.mode != CastMode::kLegacy;
  std::string parameters = ModeName(call.mode);
  if (time.Is(TypeKind::kTimestamp) || time.Is(TypeKind::kDate)) {
    THALWEG_ASSIGN_OR_RETURN(context->zone, TimeZone::Find(call.settings.session_zone));
    if (!time.Is(TypeKind::kDate)) parameters += ",zone=" + context->zone->id();
  }
  KernelSpec spec;
  spec.signature = {call.op,
                    {call.arguments[0]->type, call.arguments[1]->type},
                    result,
                    std::move(parameters),
                    true};
  spec.kernel = kernel;
  spec.context = std::move(context);
  spec.on_failure = call.mode == CastMode::kTry ? OnFailure::kNull : OnFailure::kRaise;
  if (call.mode == CastMode::kTry || time.Is(TypeKind::kTime)) {
    spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  }
  return MakeCall(MakeKernelFunction(std::move(spec)), call.arguments, call.place);
}

Result<ExprPtr> Unexpected(const ArithmeticCall& call, int index, const char* required) {
  return UnexpectedArgumentType(call.op, call.arguments, index, required, call.place);
}

/// DATE ± days; the days stand second.
Result<ExprPtr> BindDateDays(ArithmeticCall call) {
  const DataType& days = *call.arguments[1]->type;
  const bool legacy = call.mode == CastMode::kLegacy;
  const bool small = days.Is(TypeKind::kInt) || days.Is(TypeKind::kSmallint) ||
                     days.Is(TypeKind::kTinyint) || days.Is(TypeKind::kNull);
  if (days.Is(TypeKind::kString) && legacy) {
    THALWEG_ASSIGN_OR_RETURN(call.arguments[1],
                             CoerceOperand(call, call.arguments[1], DoubleType()));
  } else if (!small && !(legacy && days.IsNumeric())) {
    return Unexpected(call, 1, kDayCount);
  }
  THALWEG_ASSIGN_OR_RETURN(call.arguments[1], CoerceOperand(call, call.arguments[1], IntType()));
  return Make(call, DatePlusDays(call.op == "-"), DateType());
}

TypePtr TimeWithSeconds(const DataType& time, const DataType& interval) {
  const bool seconds = interval.last_unit() == IntervalUnit::kSecond;
  return TimeType(seconds ? 6 : time.precision());
}

/// A time ± an interval, which stands second.
Result<ExprPtr> BindPlusInterval(ArithmeticCall call) {
  ExprPtr& time = call.arguments[0];
  const DataType& interval = *call.arguments[1]->type;
  const TypePtr asked = time->type;
  const bool day_time = interval.Is(TypeKind::kDayTimeInterval);
  const bool whole_days = day_time && interval.first_unit() == IntervalUnit::kDay &&
                          interval.last_unit() == IntervalUnit::kDay;
  TypePtr result = asked;
  if (asked->Is(TypeKind::kDate) && day_time && !whole_days) result = TimestampType();
  if (asked->Is(TypeKind::kTime) && day_time) result = TimeWithSeconds(*asked, interval);
  if (asked->Is(TypeKind::kString)) result = TimestampType();
  THALWEG_ASSIGN_OR_RETURN(
      time, asked->Is(TypeKind::kTime) ? Result<ExprPtr>(time) : CoerceOperand(call, time, result));
  const Kernel kernel = TimePlusInterval(*time->type, interval, call.op == "-");
  if (kernel == nullptr) return Unexpected(call, 0, kTimestamps);
  THALWEG_ASSIGN_OR_RETURN(ExprPtr sum, Make(call, kernel, result));
  if (!asked->Is(TypeKind::kString)) return sum;
  return CoerceOperand(call, sum, asked);
}

/// A TIMESTAMP or TIMESTAMP_NTZ on one side at least; the other is a time, a text or NULL.
Result<ExprPtr> BindTimestampDifference(ArithmeticCall call) {
  const auto castable = [](const DataType& type) {
    return IsTimestamp(type) || type.Is(TypeKind::kDate) || type.Is(TypeKind::kString) ||
           type.Is(TypeKind::kNull);
  };
  for (int i = 0; i < 2; ++i) {
    if (!castable(*call.arguments[i]->type)) return Unexpected(call, i, kTimestamps);
  }
  const TypePtr left = call.arguments[0]->type;
  const TypePtr right = call.arguments[1]->type;
  TypePtr type = IsTimestamp(*left) ? left : right;
  if (IsTimestamp(*left) && IsTimestamp(*right) && *left != *right) type = TimestampNtzType();
  for (ExprPtr& argument : call.arguments) {
    THALWEG_ASSIGN_OR_RETURN(argument, CoerceOperand(call, argument, type));
  }
  return Make(call, TimeDifference(*type),
              DayTimeIntervalType(IntervalUnit::kDay, IntervalUnit::kSecond));
}

/// Something - DATE, or in ANSI mode DATE - text.
Result<ExprPtr> BindDateDifference(ArithmeticCall call) {
  for (int i = 0; i < 2; ++i) {
    const DataType& type = *call.arguments[i]->type;
    const bool castable =
        type.Is(TypeKind::kDate) || type.Is(TypeKind::kString) || type.Is(TypeKind::kNull);
    if (!castable) return Unexpected(call, i, "\"DATE\"");
    THALWEG_ASSIGN_OR_RETURN(call.arguments[i], CoerceOperand(call, call.arguments[i], DateType()));
  }
  return Make(call, TimeDifference(*DateType()),
              DayTimeIntervalType(IntervalUnit::kDay, IntervalUnit::kDay));
}

Result<ExprPtr> BindTimeOfDayDifference(ArithmeticCall call) {
  const TypePtr type = TightestCommonType(call.arguments[0]->type, call.arguments[1]->type, true);
  for (ExprPtr& argument : call.arguments) {
    THALWEG_ASSIGN_OR_RETURN(argument, CoerceOperand(call, argument, type));
  }
  return Make(call, TimeDifference(*type),
              DayTimeIntervalType(IntervalUnit::kHour, IntervalUnit::kSecond));
}

Result<ExprPtr> BindDifference(ArithmeticCall call) {
  const DataType& left = *call.arguments[0]->type;
  const DataType& right = *call.arguments[1]->type;
  const bool times = left.Is(TypeKind::kTime) && right.Is(TypeKind::kTime);
  if (IsTimestamp(left) || IsTimestamp(right)) return BindTimestampDifference(std::move(call));
  if (right.Is(TypeKind::kDate)) return BindDateDifference(std::move(call));
  if (times) return BindTimeOfDayDifference(std::move(call));
  if (!left.Is(TypeKind::kDate)) return ExprPtr();
  const bool text = right.Is(TypeKind::kString) && call.mode != CastMode::kLegacy;
  return text ? BindDateDifference(std::move(call)) : BindDateDays(std::move(call));
}

/// + with the interval or the days first.
ArithmeticCall Swapped(ArithmeticCall call) {
  std::swap(call.arguments[0], call.arguments[1]);
  return call;
}

Result<ExprPtr> BindSum(ArithmeticCall call) {
  const DataType& left = *call.arguments[0]->type;
  const DataType& right = *call.arguments[1]->type;
  const bool time_left = left.Is(TypeKind::kDate) || IsTimestamp(left);
  const bool time_right = right.Is(TypeKind::kDate) || IsTimestamp(right);
  if (IsInterval(left) && left.kind() == right.kind()) return BindIntervalSum(std::move(call));
  const bool null_left = left.Is(TypeKind::kNull) && IsUnitInterval(right);
  const bool null_right = right.Is(TypeKind::kNull) && IsUnitInterval(left);
  if (null_left || null_right) return BindIntervalSum(std::move(call));
  // Year-month intervals meet dates and timestamps only; the others turn to whatever there is.
  const bool adds_right =
      IsInterval(right) && (time_left || !right.Is(TypeKind::kYearMonthInterval));
  if (adds_right) return BindPlusInterval(std::move(call));
  if (call.op == "-") return BindDifference(std::move(call));
  const bool adds_left = IsInterval(left) && (time_right || !left.Is(TypeKind::kYearMonthInterval));
  if (adds_left) return BindPlusInterval(Swapped(std::move(call)));
  const bool text =
      (left.Is(TypeKind::kString) || right.Is(TypeKind::kString)) && call.mode != CastMode::kLegacy;
  if (text && (time_left || time_right)) {
    if (IsTimestamp(left) || IsTimestamp(right)) return ExprPtr();
    return Unexpected(call, left.Is(TypeKind::kDate) ? 1 : 0, kDayCount);
  }
  if (left.Is(TypeKind::kDate)) return BindDateDays(std::move(call));
  if (right.Is(TypeKind::kDate)) return BindDateDays(Swapped(std::move(call)));
  return ExprPtr();
}

}  // namespace

Result<ExprPtr> BindTimeArithmetic(ArithmeticCall call) {
  const DataType& left = *call.arguments[0]->type;
  const DataType& right = *call.arguments[1]->type;
  if (call.op == "+" || call.op == "-") return BindSum(std::move(call));
  if (call.op == "*" && IsInterval(left)) return BindIntervalProduct(std::move(call));
  if (call.op == "*" && IsInterval(right)) return BindIntervalProduct(Swapped(std::move(call)));
  const bool counts = call.op == "div" && IsUnitInterval(left) && left.kind() == right.kind();
  if ((call.op == "/" && IsInterval(left)) || counts) return BindIntervalProduct(std::move(call));
  return ExprPtr();
}

}  // namespace thalweg
