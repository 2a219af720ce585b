#include "analyzer/catalog.h"

#include <algorithm>
#include <map>

namespace thalweg {
namespace {

std::string Lower(std::string name) {
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return name;
}

}  // namespace

Status Catalog::PutView(const std::string& name, RelationPtr plan, bool replace) {
  std::lock_guard lock(mutex_);
  RelationPtr& view = views_[Lower(name)];
  if (view != nullptr && !replace) {
    return Status::User("TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", {{"relationName", "`" + name + "`"}});
  }
  view = std::move(plan);
  return Status::OK();
}

RelationPtr Catalog::FindView(const std::string& name) const {
  std::lock_guard lock(mutex_);
  const auto found = views_.find(Lower(name));
  return found == views_.end() ? nullptr : found->second;
}

bool Catalog::DropView(const std::string& name) {
  std::lock_guard lock(mutex_);
  return views_.erase(Lower(name)) + tables_.erase(Lower(name)) > 0;
}

std::vector<std::string> Catalog::ViewNames() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, plan] : views_) names.push_back(name);
  for (const auto& [name, definition] : tables_) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

Status Catalog::PutTable(const std::string& name, TableDefinition definition, bool replace) {
  std::lock_guard lock(mutex_);
  const auto [table, added] = tables_.try_emplace(Lower(name), definition);
  if (!added && !replace) {
    return Status::User("TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", {{"relationName", "`" + name + "`"}});
  }
  table->second = std::move(definition);
  return Status::OK();
}

void Catalog::SetTableFinder(TableFinder finder) {
  std::lock_guard lock(mutex_);
  finder_ = std::move(finder);
}

std::optional<TableDefinition> Catalog::FindSessionTable(const std::string& name) const {
  std::lock_guard lock(mutex_);
  const auto found = tables_.find(Lower(name));
  return found == tables_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::optional<TableDefinition>> Catalog::FindTable(
    const std::vector<std::string>& parts) const {
  const size_t count = parts.size();
  const bool ours = (count == 1 || (count <= 3 && Lower(parts[count - 2]) == "default")) &&
                    (count < 3 || Lower(parts[0]) == "spark_catalog");
  if (!ours) return std::optional<TableDefinition>();
  if (std::optional<TableDefinition> known = FindSessionTable(parts.back())) return known;
  TableFinder finder;
  {
    std::lock_guard lock(mutex_);
    finder = finder_;
  }
  if (!finder) return std::optional<TableDefinition>();
  return finder(parts);
}

void Catalog::RegisterSink(const std::string& format, SinkProvider provider) {
  std::lock_guard lock(mutex_);
  sinks_[Lower(format)] = std::move(provider);
}

const SinkProvider* Catalog::FindSink(const std::string& format) const {
  std::lock_guard lock(mutex_);
  const auto found = sinks_.find(Lower(format));
  return found == sinks_.end() ? nullptr : &found->second;
}

void Catalog::RegisterProvider(const std::string& format, TableProvider provider) {
  std::lock_guard lock(mutex_);
  providers_[Lower(format)] = std::move(provider);
}

const TableProvider* Catalog::FindProvider(const std::string& format) const {
  std::lock_guard lock(mutex_);
  const auto found = providers_.find(Lower(format));
  return found == providers_.end() ? nullptr : &found->second;
}

std::vector<std::string> Catalog::ProviderNames() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, provider] : providers_) names.push_back(name);
  return names;
}

}  // namespace thalweg
