// What is true of every row of a relation, as far as its filters, joins and lists tell: the
// constraints from which Spark infers further filters.
#pragma once

#include <vector>

#include "optimizer/predicates.h"

namespace thalweg {

/// Conditions over `relation`'s columns that hold for all its rows; each can be moved.
std::vector<ExprPtr> KnownParts(const RelationPtr& relation);

}  // namespace thalweg
