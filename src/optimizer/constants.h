// Computing an expression without rows, for the rules that look at what is known beforehand.
#pragma once

#include <optional>

#include "plan/relation.h"

namespace thalweg {

/// The value of an expression that reads no column; nothing if it cannot be known now: it fails,
/// differs from call to call or epoch to epoch, or is of a type that is not folded.
std::optional<Value> ConstantValue(const ExprPtr& expr);

/// A literal of `expr`'s type and nullability, which a plan shows.
ExprPtr LiteralFor(const ExprPtr& expr, Value value);

/// TRUE or FALSE or NULL as a literal.
bool IsTrue(const ExprPtr& expr);
bool IsFalse(const ExprPtr& expr);
bool IsNull(const ExprPtr& expr);

/// Leaving `expr` out cannot hide an error.
bool NeverRaises(const ExprPtr& expr);

}  // namespace thalweg
