// What coercion is made of: which of two flat types is wider, what of two equal types is nullable.
// Pure functions of types; included by coercion and cast rules.
#pragma once

#include <string_view>

#include "plan/expression.h"

namespace thalweg {

/// Position in Spark's order of numeric types, -1 for others and DECIMAL.
int NumericRank(const DataType& type);
/// Of two numeric types other than DECIMAL.
TypePtr WiderPlainNumber(const TypePtr& a, const TypePtr& b, bool ansi);
/// Whether DECIMAL `decimal` holds every value of the numeric type `other` (isWiderThan).
bool IsWiderDecimal(const DataType& decimal, const DataType& other);
/// DATE, TIMESTAMP, TIMESTAMP_NTZ among each other and TIME with TIME; else nullptr.
TypePtr WiderTime(const TypePtr& a, const TypePtr& b);
/// Of two intervals of one kind.
TypePtr WiderUnitInterval(const DataType& a, const DataType& b);
/// The smallest DECIMAL for a literal SMALLINT, INT or BIGINT; that of the type for others.
TypePtr DecimalOfInteger(const ExprPtr& expr);
/// Of two types that differ in nullability at most: nullable where one of them is.
TypePtr MergeNullability(const TypePtr& a, const TypePtr& b);
bool EqualIgnoringCase(std::string_view a, std::string_view b);

}  // namespace thalweg
