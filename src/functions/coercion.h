// Spark's implicit type coercion, ANSI and legacy: to which type the arguments of an operator or
// function are cast (spark.sql.ansi.enabled chooses the rules). A null result means "no such type":
// the caller says which error that is. Pure functions of types; binding inserts the casts.
#pragma once

#include <vector>

#include "functions/registry.h"

namespace thalweg {

/// The wider of two numeric, date-time or equal types; VOID gives way (findTightestCommonType).
TypePtr TightestCommonType(const TypePtr& a, const TypePtr& b, bool ansi);
/// The same, with strings promoted to what they meet or, in legacy mode, everything to STRING:
/// CASE, IF, COALESCE, IN and the like (findWiderTypeForTwo).
TypePtr WiderType(const TypePtr& a, const TypePtr& b, bool ansi);
/// Of both sides of + - * / % and the like.
TypePtr ArithmeticType(const TypePtr& a, const TypePtr& b, bool ansi);
/// Of both sides of a comparison.
TypePtr ComparisonType(const TypePtr& a, const TypePtr& b, bool ansi);

/// `expr` itself if it has the type, else an implicit cast.
Result<ExprPtr> CoerceTo(const ExprPtr& expr, const TypePtr& type, const BindSettings& settings);
/// Each argument coerced to `type`, in place.
Status CoerceAll(std::vector<ExprPtr>* arguments, const TypePtr& type,
                 const BindSettings& settings);

}  // namespace thalweg
