// A list that shows exactly the columns of its input, in order and under their names.
#include "optimizer/rules.h"

namespace thalweg {

Result<RelationPtr> RemoveNoopProjects(const RelationPtr& plan, const OptimizerContext&) {
  return TransformUp(plan, [](const RelationPtr& relation) -> RelationPtr {
    const auto* project = As<Project>(relation);
    if (project == nullptr) return relation;
    const std::vector<AttributePtr>& below = project->input->output;
    if (project->expressions.size() != below.size()) return relation;
    for (size_t i = 0; i < below.size(); ++i) {
      const auto* column = As<Attribute>(project->expressions[i]);
      if (column == nullptr || column->id != below[i]->id || column->column != below[i]->column) {
        return relation;
      }
    }
    return project->input;
  });
}

}  // namespace thalweg
