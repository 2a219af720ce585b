// Session: what a user holds: settings, catalog, functions; runs SQL text. A query takes the
// settings as they are when it is made. One thread at a time, but for queries that run already.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/analyzer.h"
#include "base/conf.h"
#include "base/env.h"
#include "base/memory.h"
#include "data/batch.h"
#include "optimizer/optimizer.h"
#include "sql/parser.h"

namespace thalweg {

/// Rows of a finished batch query, or what a command shows.
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
  /// `env` outlives the session; `memory_bytes` is what its queries may use together.
  explicit Session(Env& env, int64_t memory_bytes = MemoryBudget::kUnlimited);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Conf& conf();
  Catalog& catalog();
  FunctionRegistry& functions();  // the session's layer above the built-in one
  Env& env();
  MemoryBudget& budget();
  /// Where tables without a place lie, and what is known of tables by name (api/warehouse.h).
  std::string warehouse() const;
  /// Relative paths, the warehouse's too, are below this directory.
  const std::string& directory() const;
  void SetDirectory(std::string directory);
  /// How texts are read under the present settings.
  ParserSettings parser_settings() const;

  /// Typed (not optimized) plan of a query text. Errors: Spark's conditions with their place.
  Result<RelationPtr> Analyze(std::string_view query, const SqlArguments& arguments = {});
  Result<RelationPtr> Analyze(const RelationPtr& unresolved, const SqlArguments& arguments = {});
  Result<RelationPtr> Optimize(const RelationPtr& analyzed);
  /// What an EpochLoop runs of an analyzed streaming plan. Errors: what Spark refuses in streams,
  /// at start or when it plans the first epoch.
  Result<RelationPtr> PrepareStream(const RelationPtr& analyzed, OutputMode mode);
  /// Runs an analyzed batch plan to its end.
  Result<QueryRows> Collect(const RelationPtr& analyzed);
  /// Any statement: queries give rows, commands what they show (nothing: no columns).
  Result<QueryRows> Execute(const StatementPtr& statement, const SqlArguments& arguments = {});
  Result<QueryRows> Execute(std::string_view statement, const SqlArguments& arguments = {});

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace thalweg
