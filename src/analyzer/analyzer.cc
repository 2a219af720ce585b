// The doors of the analyzer and the way to each kind of relation.
#include "analyzer/analyzer.h"

#include "analyzer/legality.h"
#include "analyzer/misplaced.h"
#include "analyzer/relation_analyzer.h"
#include "plan/sql_text.h"

namespace thalweg {
namespace {

/// Over a stream CheckStreaming refuses them, at its place among the other checks.
Status CheckWindowCalls(const Relation& relation) {
  for (const RelationPtr& input : Inputs(relation)) THALWEG_RETURN_NOT_OK(CheckWindowCalls(*input));
  if (relation.streaming) return Status::OK();
  const ExprPtr call = FindWindowCall(relation);
  return call == nullptr ? Status::OK() : NotSupportedYet("window functions (OVER)", call->place);
}

}  // namespace

Result<RelationPtr> Analyze(const RelationPtr& plan, const AnalyzerContext& context) {
  THALWEG_ASSIGN_OR_RETURN(RelationPtr typed, RelationAnalyzer(context).Analyze(plan));
  THALWEG_RETURN_NOT_OK(CheckMisplaced(typed));
  THALWEG_RETURN_NOT_OK(CheckWindowCalls(*typed));
  THALWEG_RETURN_NOT_OK(RelationAnalyzer::CheckMetricNames(typed));
  return typed;
}

Result<ExprPtr> AnalyzeExpression(const ExprPtr& expr, const RelationPtr& input,
                                  const AnalyzerContext& context) {
  const Scope scope(input->output, context.conf->GetBool("spark.sql.caseSensitive"));
  return ExpressionAnalyzer(context, scope).Resolve(expr);
}

std::string ColumnName(const ExprPtr& expr) {
  return PrettySql(expr);
}

Result<RelationPtr> RelationAnalyzer::Analyze(const RelationPtr& relation) {
  if (relation->resolved()) return relation;
  if (IsSelect(relation)) {
    THALWEG_ASSIGN_OR_RETURN(Selected selected, AnalyzeSelect(relation));
    return Finish(std::move(selected));
  }
  switch (relation->kind()) {
    case RelationKind::kUnresolvedRead:
      return AnalyzeRead(*As<UnresolvedRead>(relation));
    case RelationKind::kUnresolvedInlineTable:
      return AnalyzeInlineTable(*As<UnresolvedInlineTable>(relation));
    case RelationKind::kUnresolvedTableFunction:
      return AnalyzeTableFunction(*As<UnresolvedTableFunction>(relation));
    case RelationKind::kUnresolvedWith:
      return AnalyzeWith(*As<UnresolvedWith>(relation));
    case RelationKind::kUnresolvedHint:
      return Analyze(As<UnresolvedHint>(relation)->input);
    case RelationKind::kSubqueryAlias:
      return AnalyzeSubqueryAlias(*As<SubqueryAlias>(relation));
    case RelationKind::kFilter:
      return AnalyzeFilter(*As<Filter>(relation));
    case RelationKind::kWithWatermark:
      return AnalyzeWatermark(*As<WithWatermark>(relation));
    case RelationKind::kDeduplicate:
      return AnalyzeDeduplicate(*As<Deduplicate>(relation));
    case RelationKind::kSort:
      return AnalyzeSort(*As<Sort>(relation));
    case RelationKind::kRepartition:
      return AnalyzeRepartition(*As<Repartition>(relation));
    case RelationKind::kLimit:
      return AnalyzeLimit(*As<Limit>(relation));
    case RelationKind::kOffset:
      return AnalyzeOffset(*As<OffsetRelation>(relation));
    case RelationKind::kJoin:
      return AnalyzeJoin(*As<Join>(relation));
    case RelationKind::kSetOperation:
      return AnalyzeSetOperation(*As<SetOperation>(relation));
    case RelationKind::kCollectMetrics:
      return AnalyzeCollectMetrics(*As<CollectMetrics>(relation));
    case RelationKind::kGenerate:
      return AnalyzeGenerate(*As<Generate>(relation));
    default:
      return NotSupportedYet(relation->name(), relation->place);
  }
}

Result<RelationPtr> RelationAnalyzer::AnalyzeFilter(const Filter& filter) {
  THALWEG_ASSIGN_OR_RETURN(RelationPtr input, Analyze(filter.input));
  const Scope scope = ScopeOf(input->output);
  ExpressionAnalyzer analyzer(context_, scope);
  THALWEG_ASSIGN_OR_RETURN(ExprPtr condition,
                           analyzer.ResolveCondition(filter.condition, "filter"));
  if (ContainsWindowCall(condition)) {
    return Status::User("WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE", {{"clauseName", "WHERE"}},
                        filter.place);
  }
  if (ContainsAggregate(condition)) {
    return Status::User("INVALID_WHERE_CONDITION",
                        {{"condition", "\"" + ColumnName(condition) + "\""},
                         {"expressionList", ColumnName(condition)}},
                        filter.place);
  }
  return MakeFilter(std::move(input), std::move(condition));
}

}  // namespace thalweg
