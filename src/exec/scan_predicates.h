// Conditions of a filter that its scan may test itself: field ⟨op⟩ literal. The filter stays.
#pragma once

#include "plan/relation.h"

namespace thalweg {

/// Those conjuncts of `condition`, a filter straight above `read`, that are a column of it or a
/// field of a struct column, compared with a literal or with NULL.
std::vector<ScanPredicate> ScanPredicatesOf(const ExprPtr& condition, const ReadRelation& read);

/// "event_type = 2", "bid.price IS NOT NULL".
std::string ToString(const ScanPredicate& predicate, const Schema& table);

}  // namespace thalweg
