// Spark's implicit type coercion, ANSI and legacy: to which type the arguments of an operator or
// function are cast (spark.sql.ansi.enabled chooses the rules). A null result means "no such type":
// the caller says which error that is. Pure functions of types; binding inserts the casts.
#pragma once

#include <vector>

#include "functions/registry.h"

namespace thalweg {

/// The wider of two numeric, date-time or equal types; VOID gives way (findTightestCommonType).
/// Nested types member by member; what is nullable in one is nullable in the result.
TypePtr TightestCommonType(const TypePtr& a, const TypePtr& b, bool ansi);
/// The same, with decimals widened and strings promoted to what they meet or, in legacy mode,
/// everything to STRING: set operations (findWiderTypeForTwo).
TypePtr WiderType(const TypePtr& a, const TypePtr& b, bool ansi);
/// Of several: CASE, IF, COALESCE, IN, array, map (findWiderCommonType).
TypePtr WiderType(const std::vector<TypePtr>& types, bool ansi);
/// Decimals widened, strings not promoted: GREATEST, LEAST, VALUES, array functions.
TypePtr WiderTypeWithoutStrings(const std::vector<TypePtr>& types, bool ansi);
/// Of both sides of + - * / % and the like; decimals are for CoerceDecimals.
TypePtr ArithmeticType(const TypePtr& a, const TypePtr& b, bool ansi);
/// Of both sides of a comparison.
TypePtr ComparisonType(const TypePtr& a, const TypePtr& b, bool ansi);

/// The same kinds all the way down; names of fields and nullability aside (equalsStructurally).
bool SameStructure(const DataType& a, const DataType& b);

/// The DECIMAL that holds every value of an integral type; a DECIMAL itself.
TypePtr AsDecimal(const TypePtr& type);
TypePtr WiderDecimal(const DataType& a, const DataType& b);
/// Brings a DECIMAL operand and one of another numeric type together: a literal integer becomes the
/// smallest DECIMAL that holds it, other integers the one of their type, and a DECIMAL that meets
/// FLOAT or DOUBLE becomes DOUBLE. Other pairs stay.
Status CoerceDecimals(std::vector<ExprPtr>* arguments, const BindSettings& settings);

/// `expr` itself if it has the type, else an implicit cast.
Result<ExprPtr> CoerceTo(const ExprPtr& expr, const TypePtr& type, const BindSettings& settings);
/// Each argument coerced to `type`, in place.
Status CoerceAll(std::vector<ExprPtr>* arguments, const TypePtr& type,
                 const BindSettings& settings);

}  // namespace thalweg
