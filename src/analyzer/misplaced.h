// What has a meaning only in some places of a query: generators, time windows, grouping(). Looked
// for when a plan is typed, because until then it cannot be told where they end up.
#pragma once

#include "plan/clauses.h"

namespace thalweg {

/// UNSUPPORTED_GENERATOR.OUTSIDE_SELECT, UNSUPPORTED_GROUPING_EXPRESSION, or not supported yet.
Status CheckMisplaced(const RelationPtr& typed);

}  // namespace thalweg
