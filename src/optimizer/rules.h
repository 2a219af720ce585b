// The rules of the optimizer, one file each. Every rule takes a typed plan and returns one with the
// same rows and the same output columns (names aside, by id); the plan itself if it has nothing to
// do. Pure functions.
#pragma once

#include "optimizer/optimizer.h"

namespace thalweg {

Result<RelationPtr> RemoveAliases(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> RewriteSetOperations(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> FoldConstants(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> SimplifyConditions(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> PruneFilters(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> PushDownFilters(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> InferNullFilters(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> InferEqualFilters(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> PushSemiJoins(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> NarrowOuterJoins(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> EmptyLimits(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> CombineLimits(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> PropagateEmpty(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> RemoveSorts(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> PruneColumns(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> NarrowStructs(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> CollapseProjects(const RelationPtr& plan, const OptimizerContext& context);
Result<RelationPtr> RemoveNoopProjects(const RelationPtr& plan, const OptimizerContext& context);

}  // namespace thalweg
