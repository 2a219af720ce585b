// Catalog: what a name in FROM means in a session: temporary views (plans), tables of the
// warehouse, and providers by format. Session-wide; guarded by its mutex.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "data/contracts.h"
#include "plan/clauses.h"

namespace thalweg {

/// Opens a table of a format; `schema` may be null where the provider has its own or infers one.
using TableProvider =
    std::function<Result<TablePtr>(const Options& options, const std::vector<std::string>& paths,
                                   SchemaPtr schema, bool streaming)>;

class Catalog {
 public:
  /// A view's plan is typed already; reading it gives fresh attribute ids.
  Status PutView(const std::string& name, RelationPtr plan, bool replace);
  /// nullptr if there is none.
  RelationPtr FindView(const std::string& name) const;
  bool DropView(const std::string& name);
  std::vector<std::string> ViewNames() const;

  void RegisterProvider(const std::string& format, TableProvider provider);
  const TableProvider* FindProvider(const std::string& format) const;
  std::vector<std::string> ProviderNames() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, RelationPtr> views_;  // by lower-case name
  std::map<std::string, TableProvider> providers_;
};

/// The same plan with fresh ids for everything it makes, so that it can stand twice in one query.
RelationPtr WithFreshIds(const RelationPtr& relation);

}  // namespace thalweg
