// Dataset.observe(name, metrics…): named expressions over aggregates of the rows that pass.
#include <map>

#include "analyzer/relation_analyzer.h"

namespace thalweg {
namespace {

std::string Quoted(const ExprPtr& expr) {
  return "\"" + ColumnName(expr) + "\"";
}

Status Invalid(const char* why, const ExprPtr& expr) {
  return Status::User(std::string("INVALID_OBSERVED_METRICS.") + why, {{"expr", Quoted(expr)}},
                      expr->place);
}

/// Columns are read inside aggregates only, and these are plain ones.
Status CheckMetric(const ExprPtr& expr) {
  if (const auto* call = As<AggregateCall>(expr)) {
    if (call->distinct) return Invalid("AGGREGATE_EXPRESSION_WITH_DISTINCT_UNSUPPORTED", expr);
    if (call->filter != nullptr)
      return Invalid("AGGREGATE_EXPRESSION_WITH_FILTER_UNSUPPORTED", expr);
    return Status::OK();
  }
  if (expr->kind() == ExprKind::kAttribute) {
    return Invalid("NON_AGGREGATE_FUNC_ARG_IS_ATTRIBUTE", expr);
  }
  const auto* call = As<Call>(expr);
  if (call != nullptr && !call->function->deterministic()) {
    return Invalid("NON_AGGREGATE_FUNC_ARG_IS_NON_DETERMINISTIC", expr);
  }
  for (const ExprPtr& child : Children(*expr)) THALWEG_RETURN_NOT_OK(CheckMetric(child));
  return Status::OK();
}

Status CheckNames(const RelationPtr& typed, std::map<std::string, std::string>* known) {
  for (const RelationPtr& input : Inputs(*typed)) THALWEG_RETURN_NOT_OK(CheckNames(input, known));
  const auto* observed = As<CollectMetrics>(typed);
  if (observed == nullptr) return Status::OK();
  const std::string meaning = Fingerprint(typed);
  if (known->emplace(observed->metric, meaning).first->second == meaning) return Status::OK();
  return Status::User("DUPLICATED_METRICS_NAME", {{"metricName", observed->metric}}, typed->place);
}

}  // namespace

/// Metrics of one name may stand twice in a plan (a join with itself) if they are the same.
Status RelationAnalyzer::CheckMetricNames(const RelationPtr& typed) {
  std::map<std::string, std::string> known;
  return CheckNames(typed, &known);
}

Result<RelationPtr> RelationAnalyzer::AnalyzeCollectMetrics(const CollectMetrics& observed) {
  auto typed = std::make_shared<CollectMetrics>(observed);
  THALWEG_ASSIGN_OR_RETURN(typed->input, Analyze(observed.input));
  if (typed->metric.empty()) {
    return Status::User("INVALID_OBSERVED_METRICS.MISSING_NAME", {{"operator", observed.name()}},
                        observed.place);
  }
  const Scope scope = ScopeOf(typed->input->output);
  ExpressionAnalyzer analyzer(context_, scope);
  for (ExprPtr& metric : typed->metrics) {
    THALWEG_ASSIGN_OR_RETURN(const ExprPtr expr, analyzer.Resolve(metric));
    metric = Named(expr);
    THALWEG_RETURN_NOT_OK(CheckMetric(metric));
  }
  DeriveOutput(typed.get());
  return RelationPtr(typed);
}

}  // namespace thalweg
