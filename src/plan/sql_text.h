// Typed expressions as a user would read them: without ids and without the casts that coercion put
// in. For error parameters and for the names of unnamed columns. Any thread.
#pragma once

#include <string>
#include <vector>

#include "plan/expression.h"

namespace thalweg {

/// "(v + 1)", "CAST(v AS INT)", "sum(v)".
std::string PrettySql(const ExprPtr& expr);
/// The same of a call that is not made yet.
std::string CallSql(const std::string& function, const std::vector<ExprPtr>& arguments);

}  // namespace thalweg
