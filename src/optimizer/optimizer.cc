// The list of rules, played in rounds until nothing changes.
#include "optimizer/optimizer.h"

#include <set>

#include "optimizer/rules.h"
#include "optimizer/verify_plan.h"

namespace thalweg {
namespace {

constexpr int kRoundsMax = 8;

/// Names in spark.sql.optimizer.excludedRules; of a class name the last part.
std::set<std::string, std::less<>> ExcludedRules(const Conf& conf) {
  std::set<std::string, std::less<>> names;
  std::string name;
  for (const char c : conf.Get("spark.sql.optimizer.excludedRules") + ",") {
    if (c == ',') {
      if (!name.empty()) names.insert(name);
      name.clear();
    } else if (c == '.') {
      name.clear();
    } else if (c != ' ') {
      name += c;
    }
  }
  return names;
}

/// Each of `names`, separated by commas, is in `excluded`; there is at least one.
bool AllExcluded(std::string_view names, const std::set<std::string, std::less<>>& excluded) {
  if (names.empty()) return false;
  while (true) {
    const size_t comma = names.find(',');
    if (!excluded.contains(names.substr(0, comma))) return false;
    if (comma == std::string_view::npos) return true;
    names.remove_prefix(comma + 1);
  }
}

std::vector<OptimizerRule> RulesOf(const Conf* conf) {
  if (conf == nullptr) return OptimizerRules();
  const auto excluded = ExcludedRules(*conf);
  std::vector<OptimizerRule> rules;
  for (const OptimizerRule& rule : OptimizerRules()) {
    if (excluded.contains(rule.name) || AllExcluded(rule.spark_names, excluded)) continue;
    rules.push_back(rule);
  }
  return rules;
}

}  // namespace

const std::vector<OptimizerRule>& OptimizerRules() {
  static const std::vector<OptimizerRule> kRules = {
      {"RemoveAliases", "", "A name for a sub-query says nothing once names are resolved.",
       RemoveAliases},
      {"RewriteSetOperations", "",
       "INTERSECT and EXCEPT are the different rows of a semi or anti join.", RewriteSetOperations},
      {"FoldConstants", "ConstantFolding",
       "What reads no column is computed now, unless that fails or the time of the epoch is in it.",
       FoldConstants},
      {"SimplifyConditions", "BooleanSimplification",
       "TRUE, FALSE and NULL disappear from AND, OR, NOT, IF and CASE where nobody can tell.",
       SimplifyConditions},
      {"PruneFilters", "PruneFilters",
       "A filter that is always true goes; one that never is leaves no rows of a table at rest.",
       PruneFilters},
      {"NarrowOuterJoins", "EliminateOuterJoin",
       "An outer join whose filled-up rows are filtered out is an inner one.", NarrowOuterJoins},
      {"PushDownFilters", "PushDownPredicates,PushPredicateThroughNonJoin,PushPredicateThroughJoin",
       "Filters go down as far as Spark lets them go: late rows and watermarks depend on it.",
       PushDownFilters},
      {"InferNullFilters", "InferFiltersFromConstraints",
       "Rows whose NULL no comparison above can match do not reach a watermark or a join's state.",
       InferNullFilters},
      {"InferEqualFilters", "InferFiltersFromConstraints",
       "What is known of one side's column holds for the column that a join makes equal to it.",
       InferEqualFilters},
      {"PushSemiJoins", "PushDownLeftSemiAntiJoin",
       "A semi or anti join by the keys of an aggregation goes below it.", PushSemiJoins},
      {"CombineLimits", "EliminateLimits", "Of two limits in a row the smaller one counts.",
       CombineLimits},
      {"EmptyLimits", "OptimizeLimitZero", "LIMIT 0 lets nothing below it do anything.",
       EmptyLimits},
      {"PropagateEmpty", "PropagateEmptyRelation",
       "What is made only of tables without rows has no rows.", PropagateEmpty},
      {"RemoveSorts", "EliminateSorts", "A sort whose order nobody sees goes.", RemoveSorts},
      {"PruneColumns", "ColumnPruning",
       "Columns that nothing above needs are not read, kept or joined; event times stay below "
       "their watermark.",
       PruneColumns},
      {"NarrowStructs", "SchemaPruning",
       "Of structs only the fields that something reads are read from tables that can do that.",
       NarrowStructs},
      {"CollapseProjects", "CollapseProject",
       "A list of expressions over another one is one list, if that computes nothing twice.",
       CollapseProjects},
      {"RemoveNoopProjects", "RemoveNoopOperators", "A list of just the columns below it goes.",
       RemoveNoopProjects},
  };
  return kRules;
}

Result<RelationPtr> Optimize(const RelationPtr& plan, const OptimizerContext& context,
                             std::vector<std::pair<std::string, std::string>>* trace) {
  const std::vector<OptimizerRule> rules = RulesOf(context.conf);
  RelationPtr current = plan;
  bool changed = true;
  for (int round = 0; changed && round < kRoundsMax; ++round) {
    changed = false;
    for (const OptimizerRule& rule : rules) {
      THALWEG_ASSIGN_OR_RETURN(RelationPtr next, rule.apply(current, context));
      if (next == current) continue;
      changed = true;
#ifndef NDEBUG
      THALWEG_RETURN_NOT_OK(VerifyPlan(*plan, next, rule.name));
#endif
      if (trace != nullptr) trace->emplace_back(rule.name, ToTreeString(next));
      current = std::move(next);
    }
  }
  return current;
}

}  // namespace thalweg
