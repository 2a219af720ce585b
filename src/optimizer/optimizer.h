// Optimizer: typed plan -> better typed plan, by a visible list of rules in order, one sentence
// each; each can be switched off by name (spark.sql.optimizer.excludedRules) and the plan is
// verified after each in debug builds. One rule, one file, one golden script.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/conf.h"
#include "functions/registry.h"
#include "plan/clauses.h"

namespace thalweg {

struct OptimizerContext {
  const FunctionRegistry* functions = nullptr;
  const Conf* conf = nullptr;
  BindSettings bind;
};

struct OptimizerRule {
  const char* name;  // ours: "PushDownFilters"
  /// Last parts of the names of Spark's classes that do it, separated by commas, for excludedRules:
  /// the rule is off when all of them are. Spark pushes filters in three places, for example.
  const char* spark_names;
  const char* sentence;
  Result<RelationPtr> (*apply)(const RelationPtr& plan, const OptimizerContext& context);
};

/// The list, in order.
const std::vector<OptimizerRule>& OptimizerRules();

/// `trace`, if given, gets name and plan text after each rule that changed the plan.
Result<RelationPtr> Optimize(const RelationPtr& plan, const OptimizerContext& context,
                             std::vector<std::pair<std::string, std::string>>* trace = nullptr);

}  // namespace thalweg
