// Analyzer: unresolved plan -> typed plan (tables, columns, functions, coercion), then the checks
// that Spark makes of any query. Streaming legality is apart: CheckStreaming. Errors are Spark's
// conditions with the place in the SQL.
#pragma once

#include "analyzer/catalog.h"
#include "base/conf.h"
#include "functions/registry.h"
#include "plan/clauses.h"
#include "plan/unresolved.h"

namespace thalweg {

struct AnalyzerContext {
  const Catalog* catalog = nullptr;
  const FunctionRegistry* functions = nullptr;
  const Conf* conf = nullptr;
  std::map<std::string, ExprPtr> named_parameters;  // :name -> unresolved expression
  std::vector<ExprPtr> positional_parameters;       // ?
};

Result<RelationPtr> Analyze(const RelationPtr& plan, const AnalyzerContext& context);
/// A lone expression over the columns of `input`.
Result<ExprPtr> AnalyzeExpression(const ExprPtr& expr, const RelationPtr& input,
                                  const AnalyzerContext& context);

/// Spark's UnsupportedOperationChecker (reference: structured-streaming §1.8, §1.9) for a typed
/// plan and an output mode.
Status CheckStreaming(const RelationPtr& plan, OutputMode mode, const Conf& conf);
/// A streaming plan run as a batch query is refused, and a batch plan as a stream.
Status CheckBatch(const RelationPtr& plan);

}  // namespace thalweg
