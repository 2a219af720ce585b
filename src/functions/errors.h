// The errors that functions raise, with Spark's conditions and parameters. Type errors while
// binding take the pretty SQL of the expression; row errors take the values.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "plan/expression.h"

namespace thalweg {

// ---- of a row
/// `what`: "integer overflow"; `alternative`: the try_ function that gives NULL instead, or "".
Status ArithmeticOverflow(const char* what, const char* alternative, const SqlPlace& place);
/// TINYINT and SMALLINT: "127S + 1S caused overflow".
Status SmallIntegerOverflow(int value1, const char* symbol, int value2, const SqlPlace& place);
Status DivideByZero(const SqlPlace& place);
Status RemainderByZero(const SqlPlace& place);
/// `alternative`: the try_ function that gives NULL instead, or "".
Status IntervalOverflow(const char* alternative, const SqlPlace& place);
Status IntervalDividedByZero(const SqlPlace& place);
/// A result outside the calendar; `operation` says of what.
Status DateTimeOverflow(const std::string& operation, const SqlPlace& place);
Status CastOverflow(const std::string& value, const DataType& from, const DataType& to,
                    const SqlPlace& place);
Status CastInvalidInput(const std::string& value, const DataType& from, const DataType& to,
                        const SqlPlace& place);
/// A value that has more digits than DECIMAL `to`.
Status DecimalOutOfRange(const std::string& value, const DataType& to, const SqlPlace& place);
/// The value of a row that is not NULL as SQL, for messages: 1S, 'a', DATE '2024-01-01'.
std::string SqlOfValue(const Vector& vector, int row);

// ---- of binding
Status WrongArgumentCount(const std::string& function, const std::string& expected, size_t actual,
                          const SqlPlace& place);
Status DifferentOperandTypes(const std::string& op, const std::vector<ExprPtr>& arguments,
                             const SqlPlace& place);
Status WrongOperandType(const std::string& op, const std::vector<ExprPtr>& arguments,
                        const std::string& needed, const SqlPlace& place);
Status UnexpectedArgumentType(const std::string& function, const std::vector<ExprPtr>& arguments,
                              int index, const std::string& required, const SqlPlace& place);
Status DifferentArgumentTypes(const std::string& function, const std::vector<ExprPtr>& arguments,
                              const SqlPlace& place);
Status NoOrdering(const std::string& function, const std::vector<ExprPtr>& arguments,
                  const DataType& type, const SqlPlace& place);

/// "\"(a + 1)\"": a call of `function` as the user would write it, in quotes.
std::string QuotedCall(const std::string& function, const std::vector<ExprPtr>& arguments);
/// "\"BIGINT\"".
std::string QuotedType(const DataType& type);
std::string QuotedExpr(const ExprPtr& expr);

}  // namespace thalweg
