// Tables without rows, for the rules that find out that there are none.
#pragma once

#include "plan/clauses.h"

namespace thalweg {

/// No rows, the columns of `relation`.
RelationPtr EmptyLike(const Relation& relation);
bool IsEmpty(const RelationPtr& relation);

}  // namespace thalweg
