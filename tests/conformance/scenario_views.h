// The inputs and views of a scenario: streams outside the engine, their views with watermarks,
// static tables, further views step by step. One thread.
#pragma once

#include <map>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "api/session.h"
#include "connectors/memory/memory_table.h"
#include "verdict.h"

namespace thalweg {

class ScenarioViews {
 public:
  ScenarioViews(const nlohmann::json& body, Session& session) : body_(body), session_(session) {}

  /// Conf, streams, static tables, steps. Errors: those of the query as the user would meet them.
  Status Register();
  /// Adds rows to streams, each addition atomic: {stream: rows}.
  Status Add(const nlohmann::json& input);

 private:
  struct Stream {
    SchemaPtr schema;
    std::unique_ptr<MemoryStream> rows;
  };

  Status RegisterStream(const std::string& name, const std::string& ddl);
  Status RegisterStatic(const std::string& name, const nlohmann::json& table);
  Status RegisterStep(const nlohmann::json& step);
  /// Analyzes `unresolved` and gives it the name `view`.
  Status Put(const std::string& view, const RelationPtr& unresolved);
  Result<RelationPtr> StepRelation(const nlohmann::json& step);
  int partitions() const;

  const nlohmann::json& body_;
  Session& session_;
  std::map<std::string, Stream> streams_;
};

}  // namespace thalweg
