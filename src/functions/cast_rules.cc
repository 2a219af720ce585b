// Which casts there are and which of their results may be NULL: Spark's Cast.canCast, canAnsiCast,
// canUpCast and forceNullable, by rule.
#include <algorithm>

#include "functions/cast.h"
#include "functions/coercion_types.h"
#include "functions/errors.h"
#include "plan/sql_text.h"

namespace thalweg {
namespace {

bool IsUnitInterval(TypeKind kind) {
  return kind == TypeKind::kYearMonthInterval || kind == TypeKind::kDayTimeInterval;
}
bool IsFractional(const DataType& type) {
  return type.IsNumeric() && !type.IsIntegral();
}
bool IsFloating(const DataType& type) {
  return type.Is(TypeKind::kFloat) || type.Is(TypeKind::kDouble);
}
/// Integers and DECIMAL: what intervals and times can be counted in.
bool IsExact(const DataType& type) {
  return type.IsNumeric() && !IsFloating(type);
}
bool IsAtomicToText(const DataType& type) {
  return !type.Is(TypeKind::kArray) && !type.Is(TypeKind::kMap) && !type.Is(TypeKind::kStruct) &&
         !type.Is(TypeKind::kVariant);
}

bool CanCastString(const DataType& to) {
  return to.IsNumeric() || IsAtomicToText(to);
}

/// VARIANT holds no intervals.
bool CanCastVariant(const DataType& to) {
  if (IsUnitInterval(to.kind()) || to.Is(TypeKind::kCalendarInterval)) return false;
  return std::all_of(to.fields().begin(), to.fields().end(),
                     [](const StructField& field) { return CanCastVariant(*field.type); });
}

bool CanCastNumber(const DataType& from, const DataType& to, bool legacy) {
  if (to.IsNumeric() || to.Is(TypeKind::kBoolean) || to.Is(TypeKind::kTimestamp)) return true;
  if (IsUnitInterval(to.kind())) return IsExact(from);
  return legacy && from.IsIntegral() && to.Is(TypeKind::kBinary);
}

bool CanCastTime(const DataType& from, const DataType& to, bool legacy) {
  const bool zoned = from.Is(TypeKind::kTimestamp);
  const bool date = from.Is(TypeKind::kDate);
  switch (to.kind()) {
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      return true;
    case TypeKind::kBoolean:
      return legacy && (zoned || date);
    default:
      return to.IsNumeric() && (zoned || (date && legacy));
  }
}

bool CanCastFlat(const DataType& from, const DataType& to, bool legacy) {
  switch (from.kind()) {
    case TypeKind::kString:
      return CanCastString(to);
    case TypeKind::kBoolean:
      return to.IsNumeric() || (legacy && to.Is(TypeKind::kTimestamp));
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      return CanCastTime(from, to, legacy);
    case TypeKind::kTime:
      return to.Is(TypeKind::kTime) || IsExact(to);
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval:
      return to.kind() == from.kind() || IsExact(to);
    case TypeKind::kVariant:
      return CanCastVariant(to);
    default:
      return from.IsNumeric() && CanCastNumber(from, to, legacy);
  }
}

bool CanCastMembers(const DataType& from, const DataType& to, CastMode mode) {
  if (from.kind() != to.kind() || from.fields().size() != to.fields().size()) return false;
  const bool nested =
      from.Is(TypeKind::kArray) || from.Is(TypeKind::kMap) || from.Is(TypeKind::kStruct);
  if (!nested) return false;
  for (size_t i = 0; i < from.fields().size(); ++i) {
    const StructField& a = from.fields()[i];
    const StructField& b = to.fields()[i];
    if (!CanCast(*a.type, *b.type, mode)) return false;
    const bool fails_to_null = mode != CastMode::kAnsi && ForcesNull(*a.type, *b.type);
    const bool may_be_null = a.nullable || fails_to_null;
    if (may_be_null && !b.nullable) return false;
  }
  return true;
}

const char* FunctionsInstead(const DataType& from, const DataType& to) {
  if (from.IsNumeric() && to.Is(TypeKind::kDate)) return "`DATE_FROM_UNIX_DATE`";
  if (from.IsNumeric() && to.Is(TypeKind::kTimestamp)) {
    return "`TIMESTAMP_SECONDS`/`TIMESTAMP_MILLIS`/`TIMESTAMP_MICROS`";
  }
  if (from.Is(TypeKind::kTimestamp) && to.IsNumeric()) {
    return "`UNIX_SECONDS`/`UNIX_MILLIS`/`UNIX_MICROS`";
  }
  return from.Is(TypeKind::kDate) && to.IsNumeric() ? "`UNIX_DATE`" : nullptr;
}

/// No value of `from` overflows DECIMAL `to`, rounding included.
bool FitsDecimal(const DataType& from, const DataType& to) {
  if (from.Is(TypeKind::kBoolean)) return to.precision() - to.scale() >= 1;
  if (!IsExact(from)) return false;
  if (IsWiderDecimal(to, from)) return true;
  return from.Is(TypeKind::kDecimal) &&
         to.precision() - to.scale() > from.precision() - from.scale();
}

}  // namespace

bool CanCast(const DataType& from, const DataType& to, CastMode mode) {
  if (from == to || from.Is(TypeKind::kNull) || to.Is(TypeKind::kString)) return true;
  if (to.Is(TypeKind::kVariant)) return !from.Is(TypeKind::kCalendarInterval);
  return CanCastFlat(from, to, mode == CastMode::kLegacy) || CanCastMembers(from, to, mode);
}

Status CastMismatch(const ExprPtr& child, const CastRequest& request) {
  const DataType& from = *child->type;
  const DataType& to = *request.to;
  ErrorParameters parameters = {
      {"sqlExpr", "\"CAST(" + PrettySql(child) + " AS " + to.Sql() + ")\""},
      {"srcType", QuotedType(from)},
      {"targetType", QuotedType(to)}};
  std::string kind = "CAST_WITHOUT_SUGGESTION";
  const char* functions = FunctionsInstead(from, to);
  if (request.mode == CastMode::kLegacy) {
    functions = nullptr;
  } else if (functions != nullptr) {
    kind = "CAST_WITH_FUNC_SUGGESTION";
    parameters.emplace_back("functionNames", functions);
  } else if (request.mode == CastMode::kAnsi && CanCast(from, to, CastMode::kLegacy)) {
    kind = "CAST_WITH_CONF_SUGGESTION";
    parameters.emplace_back("config", "\"spark.sql.ansi.enabled\"");
    parameters.emplace_back("configVal", "'false'");
  }
  return Status::User("DATATYPE_MISMATCH." + kind, std::move(parameters), request.place);
}

bool ForcesNull(const DataType& from, const DataType& to) {
  if (from.Is(TypeKind::kNull) || from == to) return false;
  if (from.Is(TypeKind::kString)) return !to.Is(TypeKind::kBinary) && !to.Is(TypeKind::kString);
  if (to.Is(TypeKind::kString)) return from.Is(TypeKind::kVariant);
  if (from.Is(TypeKind::kVariant)) return true;
  if (from.Is(TypeKind::kTimestamp) && to.IsIntegral()) return !to.Is(TypeKind::kBigint);
  if (IsFloating(from) && to.Is(TypeKind::kTimestamp)) return true;
  if (to.Is(TypeKind::kDate)) return !from.Is(TypeKind::kTimestamp);
  if (from.Is(TypeKind::kDate)) return !to.Is(TypeKind::kTimestamp);
  if (to.Is(TypeKind::kCalendarInterval)) return true;
  if (to.Is(TypeKind::kDecimal)) return !FitsDecimal(from, to);
  return IsFractional(from) && to.IsIntegral();
}

bool CanUpCast(const DataType& from, const DataType& to) {
  if (from == to || from.Is(TypeKind::kNull)) return true;
  if (from.Is(TypeKind::kVariant)) return false;
  if (to.Is(TypeKind::kDecimal)) return IsWiderDecimal(to, from);
  if (from.Is(TypeKind::kDecimal) && to.IsIntegral()) {
    static constexpr int kDigits[] = {3, 5, 10, 20};
    return from.scale() == 0 && from.precision() < kDigits[NumericRank(to)];
  }
  const int rank = NumericRank(from);
  if (rank >= 0 && rank <= NumericRank(to)) return true;
  const bool from_time = from.Is(TypeKind::kTimestamp) || from.Is(TypeKind::kTimestampNtz);
  if (to.Is(TypeKind::kTimestamp) || to.Is(TypeKind::kTimestampNtz)) {
    const bool seconds = from.Is(TypeKind::kBigint) && to.Is(TypeKind::kTimestamp);
    return from_time || from.Is(TypeKind::kDate) || seconds;
  }
  if (from.Is(TypeKind::kTimestamp) && to.Is(TypeKind::kBigint)) return true;
  if (to.Is(TypeKind::kString)) return IsAtomicToText(from);
  if (IsUnitInterval(from.kind())) return from.kind() == to.kind();
  if (from.fields().empty() || from.kind() != to.kind()) return false;
  for (size_t i = 0; i < from.fields().size(); ++i) {
    if (i >= to.fields().size() || !CanUpCast(*from.fields()[i].type, *to.fields()[i].type)) {
      return false;
    }
  }
  return from.fields().size() == to.fields().size();
}

OnFailure FailureOfCast(const DataType& from, const DataType& to, CastMode mode) {
  if (mode == CastMode::kTry || to.Is(TypeKind::kCalendarInterval)) return OnFailure::kNull;
  if (mode == CastMode::kAnsi) return OnFailure::kRaise;
  if (IsUnitInterval(from.kind()) || IsUnitInterval(to.kind())) return OnFailure::kRaise;
  const bool wraps = to.IsIntegral() && !from.Is(TypeKind::kString);
  return wraps ? OnFailure::kIgnore : OnFailure::kNull;
}

bool CastIsTotal(const DataType& from, const DataType& to) {
  if (!from.fields().empty() || !to.fields().empty()) return false;
  if (from.Is(TypeKind::kString)) return to.Is(TypeKind::kString) || to.Is(TypeKind::kBinary);
  if (from.Is(TypeKind::kDate)) return false;  // years beyond those of TIMESTAMP
  return from.Is(TypeKind::kNull) || CanUpCast(from, to) || to.Is(TypeKind::kBoolean) ||
         (from.Is(TypeKind::kBoolean) && !to.Is(TypeKind::kDecimal)) ||
         (IsFloating(from) && IsFloating(to));
}

}  // namespace thalweg
