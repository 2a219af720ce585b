// Below an alias the columns have the same ids.
#include "optimizer/rules.h"

namespace thalweg {

Result<RelationPtr> RemoveAliases(const RelationPtr& plan, const OptimizerContext&) {
  return TransformUp(plan, [](const RelationPtr& relation) -> RelationPtr {
    const auto* alias = As<SubqueryAlias>(relation);
    return alias == nullptr ? relation : alias->input;
  });
}

}  // namespace thalweg
