// Catalog: what a name in FROM means in a session: temporary views (plans), tables of the
// warehouse, and providers by format. Session-wide; guarded by its mutex.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "data/contracts.h"
#include "plan/clauses.h"

namespace thalweg {

/// Opens a table of a format; `schema` may be null where the provider has its own or infers one.
using TableProvider =
    std::function<Result<TablePtr>(const Options& options, const std::vector<std::string>& paths,
                                   SchemaPtr schema, bool streaming)>;

/// Opens a table of a format to be written; its schema is that of the rows.
using SinkProvider = std::function<Result<TablePtr>(
    const Options& options, SchemaPtr schema, const std::vector<std::string>& partition_columns)>;

/// A named table or source: opened anew by each query that reads it.
struct TableDefinition {
  std::string format;
  Options options;
  std::vector<std::string> paths;
  SchemaPtr schema;  // null: the provider has one or infers it
};

/// Knows tables by the parts of a name; nothing: there is none.
using TableFinder =
    std::function<Result<std::optional<TableDefinition>>(const std::vector<std::string>& parts)>;

class Catalog {
 public:
  /// Errors: TEMP_TABLE_OR_VIEW_ALREADY_EXISTS.
  Status PutTable(const std::string& name, TableDefinition definition, bool replace);
  /// Asked for names that are not in the session: those of the warehouse.
  void SetTableFinder(TableFinder finder);
  /// "t", "default.t" or "spark_catalog.default.t"; nothing if there is none.
  Result<std::optional<TableDefinition>> FindTable(const std::vector<std::string>& parts) const;
  /// One of this session; nothing if there is none.
  std::optional<TableDefinition> FindSessionTable(const std::string& name) const;
  /// A view's plan is typed already; reading it gives fresh attribute ids.
  Status PutView(const std::string& name, RelationPtr plan, bool replace);
  /// nullptr if there is none.
  RelationPtr FindView(const std::string& name) const;
  /// A view, or a table of the session; false if there is none.
  bool DropView(const std::string& name);
  std::vector<std::string> ViewNames() const;

  void RegisterProvider(const std::string& format, TableProvider provider);
  const TableProvider* FindProvider(const std::string& format) const;
  void RegisterSink(const std::string& format, SinkProvider provider);
  const SinkProvider* FindSink(const std::string& format) const;
  std::vector<std::string> ProviderNames() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, RelationPtr> views_;       // by lower-case name
  std::map<std::string, TableDefinition> tables_;  // by lower-case name
  TableFinder finder_;
  std::map<std::string, TableProvider> providers_;
  std::map<std::string, SinkProvider> sinks_;
};

/// The same plan with fresh ids for everything it makes, so that it can stand twice in one query.
RelationPtr WithFreshIds(const RelationPtr& relation);

}  // namespace thalweg
