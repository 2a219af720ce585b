// What every typed plan must satisfy; the optimizer asks after each rule in debug builds.
#pragma once

#include <string>

#include "plan/clauses.h"

namespace thalweg {

/// Each column that a relation names comes from its input, and the root still makes the columns
/// of `before`, in order. Errors: INTERNAL_ERROR naming `rule`.
Status VerifyPlan(const Relation& before, const RelationPtr& after, const std::string& rule);

}  // namespace thalweg
