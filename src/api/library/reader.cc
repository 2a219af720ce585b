#include "thalweg/reader.h"

#include "api/library/access.h"
#include "api/pipeline_statements.h"
#include "data/ddl.h"
#include "plan/unresolved.h"

namespace thalweg {
namespace api {
namespace {

/// Keys in lower case; `path` joins the paths where there are no others.
thalweg::Result<RelationPtr> ReadOf(const ReadDescription& description,
                                    std::vector<std::string> paths, bool streaming) {
  auto read = std::make_shared<UnresolvedRead>();
  for (char c : description.format) {
    read->format += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  for (const auto& [key, value] : description.options) {
    std::string lower;
    for (char c : key) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    read->options[lower] = value;
  }
  const auto path = read->options.find("path");
  if (path != read->options.end()) {
    if (paths.empty()) paths.push_back(path->second);
    read->options.erase(path);
  }
  for (const std::string& one : paths) read->paths.push_back(ResolvePath(".", one));
  if (!description.schema.empty()) {
    THALWEG_ASSIGN_OR_RETURN(read->schema, ParseDdl(description.schema));
  }
  read->is_streaming = streaming;
  return RelationPtr(std::move(read));
}

thalweg::Result<RelationPtr> TableOf(std::string_view name, bool streaming) {
  auto read = std::make_shared<UnresolvedRead>();
  THALWEG_ASSIGN_OR_RETURN(read->parts, ParseColumnName(name));
  read->is_streaming = streaming;
  return RelationPtr(std::move(read));
}

DataFrame Open(const EnginePtr& engine, thalweg::Result<RelationPtr> read) {
  std::lock_guard lock(engine->mutex);
  return Access::MakeFrame(engine, std::move(read));
}

}  // namespace

DataFrame DataFrameReader::LoadPaths(std::vector<std::string> paths) const {
  return Open(engine_, ReadOf(description_, std::move(paths), false));
}
DataFrame DataFrameReader::Table(std::string_view name) const {
  return Open(engine_, TableOf(name, false));
}
DataFrame DataStreamReader::LoadPaths(std::vector<std::string> paths) const {
  return Open(engine_, ReadOf(description_, std::move(paths), true));
}
DataFrame DataStreamReader::Table(std::string_view name) const {
  return Open(engine_, TableOf(name, true));
}

}  // namespace api
}  // namespace thalweg
