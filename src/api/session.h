// Session: what a user holds: settings, catalog, functions; runs SQL text. Thread-safe for queries;
// settings are read when a query is made.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/analyzer.h"
#include "base/conf.h"
#include "base/env.h"
#include "optimizer/optimizer.h"
#include "sql/parser.h"
#include "streaming/epoch_loop.h"

namespace thalweg {

/// Rows of a finished batch query.
struct QueryRows {
  SchemaPtr schema;
  std::vector<Batch> batches;
  bool ordered = false;  // the query said ORDER BY at its top
};

/// Arguments of parameter markers, as unresolved expressions.
struct SqlArguments {
  std::map<std::string, ExprPtr> named;
  std::vector<ExprPtr> positional;
};

class Session {
 public:
  explicit Session(Env& env);
  ~Session();

  Conf& conf();
  Catalog& catalog();
  FunctionRegistry& functions();  // the session's layer above the built-in one
  Env& env();
  MemoryBudget& budget();

  /// Analyzed (not optimized) plan of a query text.
  Result<RelationPtr> Analyze(std::string_view query, const SqlArguments& arguments = {});
  Result<RelationPtr> Analyze(const RelationPtr& unresolved, const SqlArguments& arguments = {});
  Result<RelationPtr> Optimize(const RelationPtr& analyzed);
  /// Runs an analyzed batch plan to its end. A batch query is a stream with one epoch.
  Result<QueryRows> Collect(const RelationPtr& analyzed);
  /// Any statement: queries give rows, commands what they show.
  Result<QueryRows> Execute(const StatementPtr& statement, const SqlArguments& arguments = {});

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace thalweg
