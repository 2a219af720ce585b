// Filters whose condition is known. Over a stream one that never holds stays: the stream is read
// all the same, and what lies below the filter keeps its state.
#include "optimizer/constants.h"
#include "optimizer/empty_relation.h"
#include "optimizer/rules.h"

namespace thalweg {

Result<RelationPtr> PruneFilters(const RelationPtr& plan, const OptimizerContext&) {
  return TransformUp(plan, [](const RelationPtr& relation) -> RelationPtr {
    const auto* filter = As<Filter>(relation);
    if (filter == nullptr) return relation;
    if (IsTrue(filter->condition)) return filter->input;
    const bool never = IsFalse(filter->condition) || IsNull(filter->condition);
    return never && !filter->streaming ? EmptyLike(*filter) : relation;
  });
}

}  // namespace thalweg
