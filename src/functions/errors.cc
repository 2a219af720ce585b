#include "functions/errors.h"

#include <cmath>

#include "data/time_zone.h"
#include "functions/value_text.h"
#include "plan/sql_text.h"

namespace thalweg {
namespace {

constexpr const char* kAnsiConf = "\"spark.sql.ansi.enabled\"";

std::string Quoted(const std::string& text) {
  return "\"" + text + "\"";
}

std::string OrdinalName(int index) {
  static constexpr const char* kNames[] = {"first", "second", "third", "fourth", "fifth"};
  return index < 5 ? kNames[index] : std::to_string(index + 1) + "th";
}

}  // namespace

Status ArithmeticOverflow(const char* what, const char* alternative, const SqlPlace& place) {
  const std::string hint =
      *alternative == 0 ? "" : " Use " + std::string(alternative) + " to get NULL instead.";
  return Status::User("ARITHMETIC_OVERFLOW",
                      {{"message", what}, {"alternative", hint}, {"config", kAnsiConf}}, place);
}

Status SmallIntegerOverflow(int value1, const char* symbol, int value2, const SqlPlace& place) {
  const char* function = *symbol == '+'   ? "try_add"
                         : *symbol == '-' ? "try_subtract"
                                          : "try_multiply";
  return Status::User("BINARY_ARITHMETIC_OVERFLOW",
                      {{"value1", std::to_string(value1) + "S"},
                       {"symbol", symbol},
                       {"value2", std::to_string(value2) + "S"},
                       {"functionName", "`" + std::string(function) + "`"}},
                      place);
}

Status DivideByZero(const SqlPlace& place) {
  return Status::User("DIVIDE_BY_ZERO", {{"config", kAnsiConf}}, place);
}

Status RemainderByZero(const SqlPlace& place) {
  return Status::User("REMAINDER_BY_ZERO", {{"config", kAnsiConf}}, place);
}

Status IntervalOverflow(const char* alternative, const SqlPlace& place) {
  if (*alternative == 0) {
    return Status::User("INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION", {}, place);
  }
  return Status::User("INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION",
                      {{"functionName", "`" + std::string(alternative) + "`"}}, place);
}

Status IntervalDividedByZero(const SqlPlace& place) {
  return Status::User("INTERVAL_DIVIDED_BY_ZERO", {}, place);
}

Status DateTimeOverflow(const std::string& operation, const SqlPlace& place) {
  return Status::User("DATETIME_OVERFLOW", {{"operation", operation}}, place);
}

Status CastOverflow(const std::string& value, const DataType& from, const DataType& to,
                    const SqlPlace& place) {
  return Status::User(
      "CAST_OVERFLOW",
      {{"value", value}, {"sourceType", QuotedType(from)}, {"targetType", QuotedType(to)}}, place);
}

Status CastInvalidInput(const std::string& value, const DataType& from, const DataType& to,
                        const SqlPlace& place) {
  return Status::User("CAST_INVALID_INPUT",
                      {{"expression", value},
                       {"sourceType", QuotedType(from)},
                       {"targetType", QuotedType(to)},
                       {"ansiConfig", kAnsiConf}},
                      place);
}

Status DecimalOutOfRange(const std::string& value, const DataType& to, const SqlPlace& place) {
  return Status::User("NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION",
                      {{"value", value},
                       {"precision", std::to_string(to.precision())},
                       {"scale", std::to_string(to.scale())},
                       {"config", kAnsiConf}},
                      place);
}

std::string SqlOfValue(const Vector& vector, int row) {
  std::string text;
  AppendText(vector, row, {&TimeZone::Utc(), false}, &text);
  const DataType& type = *vector.type();
  switch (type.kind()) {
    case TypeKind::kTinyint:
      return text + "Y";
    case TypeKind::kSmallint:
      return text + "S";
    case TypeKind::kBigint:
      return text + "L";
    case TypeKind::kFloat:
      return std::isfinite(vector.Get<float>(row)) ? "CAST(" + text + " AS FLOAT)"
                                                   : "CAST('" + text + "' AS FLOAT)";
    case TypeKind::kDouble:
      return std::isfinite(vector.Get<double>(row)) ? text + "D" : "CAST('" + text + "' AS DOUBLE)";
    case TypeKind::kDecimal:
      return text + "BD";
    case TypeKind::kString:
      return "'" + text + "'";
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
    case TypeKind::kTime:
      return type.Sql() + " '" + text + "'";
    default:
      return text;
  }
}

Status WrongArgumentCount(const std::string& function, const std::string& expected, size_t actual,
                          const SqlPlace& place) {
  return Status::User("WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                      {{"functionName", "`" + function + "`"},
                       {"expectedNum", expected},
                       {"actualNum", std::to_string(actual)}},
                      place);
}

Status DifferentOperandTypes(const std::string& op, const std::vector<ExprPtr>& arguments,
                             const SqlPlace& place) {
  return Status::User("DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES",
                      {{"sqlExpr", QuotedCall(op, arguments)},
                       {"left", QuotedType(*arguments[0]->type)},
                       {"right", QuotedType(*arguments[1]->type)}},
                      place);
}

Status WrongOperandType(const std::string& op, const std::vector<ExprPtr>& arguments,
                        const std::string& needed, const SqlPlace& place) {
  // Spark finds no common type for a NULL and what the operator does not take.
  const bool with_null =
      arguments.size() == 2 && arguments[0]->type->kind() != arguments[1]->type->kind() &&
      (arguments[0]->type->Is(TypeKind::kNull) || arguments[1]->type->Is(TypeKind::kNull));
  if (with_null) return DifferentOperandTypes(op, arguments, place);
  return Status::User("DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE",
                      {{"sqlExpr", QuotedCall(op, arguments)},
                       {"inputType", needed},
                       {"actualDataType", QuotedType(*arguments[0]->type)}},
                      place);
}

Status UnexpectedArgumentType(const std::string& function, const std::vector<ExprPtr>& arguments,
                              int index, const std::string& required, const SqlPlace& place) {
  return Status::User("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                      {{"sqlExpr", QuotedCall(function, arguments)},
                       {"paramIndex", OrdinalName(index)},
                       {"inputSql", QuotedExpr(arguments[index])},
                       {"inputType", QuotedType(*arguments[index]->type)},
                       {"requiredType", required}},
                      place);
}

Status DifferentArgumentTypes(const std::string& function, const std::vector<ExprPtr>& arguments,
                              const SqlPlace& place) {
  std::string types;
  for (const ExprPtr& argument : arguments) {
    types += (types.empty() ? "" : " or ") + QuotedType(*argument->type);
  }
  return Status::User("DATATYPE_MISMATCH.DATA_DIFF_TYPES",
                      {{"sqlExpr", QuotedCall(function, arguments)},
                       {"functionName", "`" + function + "`"},
                       {"dataType", "[" + types + "]"}},
                      place);
}

Status NoOrdering(const std::string& function, const std::vector<ExprPtr>& arguments,
                  const DataType& type, const SqlPlace& place) {
  return Status::User("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
                      {{"sqlExpr", QuotedCall(function, arguments)},
                       {"functionName", "`" + function + "`"},
                       {"dataType", QuotedType(type)}},
                      place);
}

std::string QuotedCall(const std::string& function, const std::vector<ExprPtr>& arguments) {
  return Quoted(CallSql(function, arguments));
}

std::string QuotedType(const DataType& type) {
  return Quoted(type.Sql());
}

std::string QuotedExpr(const ExprPtr& expr) {
  return Quoted(PrettySql(expr));
}

}  // namespace thalweg
