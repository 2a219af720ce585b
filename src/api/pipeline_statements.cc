#include "api/pipeline_statements.h"

#include <algorithm>
#include <cstdlib>

#include "api/warehouse.h"
#include "base/paths.h"
#include "formats/format.h"

namespace thalweg {
namespace {

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

/// Properties of tables that are ours; those of Spark's and our settings come beside them.
constexpr std::string_view kProperties[] = {"outputMode", "trigger", "checkpointLocation",
                                            "queryName"};

/// ${env:NAME} stands for a variable of the environment.
Result<std::string> WithEnvironment(const std::string& value, const SqlPlace& place) {
  std::string out;
  for (size_t at = 0; at < value.size();) {
    const size_t begin = value.find("${env:", at);
    if (begin == std::string::npos) return out + value.substr(at);
    const size_t end = value.find('}', begin);
    if (end == std::string::npos) return out + value.substr(at);
    out += value.substr(at, begin - at);
    const std::string name = value.substr(begin + 6, end - begin - 6);
    const char* variable = std::getenv(name.c_str());
    if (variable == nullptr) {
      return Status::User("THALWEG_INVALID_OPTION",
                          {{"option", "value"},
                           {"value", value},
                           {"wanted", "made of variables that are set, and " + name + " is not"}},
                          place);
    }
    out += variable;
    at = end + 1;
  }
  return out;
}

class Declaring {
 public:
  Declaring(Session& session, const PipelineOptions& options)
      : session_(session), options_(options) {}

  Status Take(const StatementPtr& statement);
  Result<PipelineDeclarations> Finish() && { return std::move(out_); }

 private:
  Status TakeView(const StatementPtr& statement);
  Status TakeTable(const Statement& statement);
  Status TakeFlow(const Statement& statement);
  Status AddFlow(const Statement& statement, const std::string& name, const PipelineTable& table,
                 bool streaming);
  Status ReadProperties(const PipelineTable& table, PipelineFlow* flow) const;
  Status Refuse(const Statement& statement, const char* what) const {
    return NotSupportedYet(std::string(what) + " in a pipeline", statement.place);
  }

  Session& session_;
  const PipelineOptions& options_;
  PipelineDeclarations out_;
};

Status Declaring::Take(const StatementPtr& statement) {
  switch (statement->kind) {
    case StatementKind::kSet:
    case StatementKind::kReset:
      return session_.Execute(statement).status();
    case StatementKind::kCreateView:
      return TakeView(statement);
    case StatementKind::kCreateStreamingTable:
    case StatementKind::kCreateMaterializedView:
      return TakeTable(*statement);
    case StatementKind::kCreateFlow:
      return TakeFlow(*statement);
    case StatementKind::kQuery:
      return Refuse(*statement, "a query without a table to write");
    default:
      return Refuse(*statement, "this statement");
  }
}

Status Declaring::TakeView(const StatementPtr& statement) {
  if (statement->query != nullptr) return session_.Execute(statement).status();
  THALWEG_ASSIGN_OR_RETURN(TableDefinition source, SourceOf(*statement, options_.directory));
  return session_.catalog()
      .PutTable(statement->name.back(), std::move(source), statement->replace)
      .WithPlace(statement->place);
}

// A table of files is known by name to what reads it.
Status Declaring::TakeTable(const Statement& statement) {
  PipelineTable table;
  table.name = statement.name.back();
  table.place = statement.place;
  table.partition_columns = statement.partition_columns;
  table.properties = statement.properties;
  THALWEG_ASSIGN_OR_RETURN(const TableDefinition written, SourceOf(statement, options_.directory));
  table.format = written.format;
  table.options = written.options;
  for (const PipelineTable& other : out_.tables) {
    if (Lower(other.name) != Lower(table.name)) continue;
    return Status::User("TEMP_TABLE_OR_VIEW_ALREADY_EXISTS",
                        {{"relationName", "`" + table.name + "`"}}, statement.place);
  }
  const bool files = FindFormat(table.format) != nullptr;
  if (files) {
    const std::string path =
        written.paths.empty() ? WarehousePath(session_.warehouse(), table.name) : written.paths[0];
    table.in_warehouse = written.paths.empty();
    table.options["path"] = path;
    THALWEG_RETURN_NOT_OK(
        session_.catalog().PutTable(table.name, {table.format, {}, {path}, nullptr}, false));
  } else if (session_.catalog().FindSink(table.format) == nullptr) {
    return Status::User("DATA_SOURCE_NOT_FOUND", {{"provider", table.format}, {"hint", ""}},
                        statement.place);
  }
  out_.tables.push_back(table);
  if (statement.query == nullptr) return Status::OK();
  return AddFlow(statement, table.name, table,
                 statement.kind == StatementKind::kCreateStreamingTable);
}

Status Declaring::TakeFlow(const Statement& statement) {
  for (const PipelineTable& table : out_.tables) {
    if (Lower(table.name) != Lower(statement.name.back())) continue;
    for (const PipelineFlow& other : out_.flows) {
      if (other.table == table.name) return Refuse(statement, "several flows into one table");
    }
    return AddFlow(statement, statement.flow, table, true);
  }
  return Status::User("TABLE_OR_VIEW_NOT_FOUND",
                      {{"relationName", "`" + statement.name.back() + "`"}, {"hint", ""}},
                      statement.place);
}

Status Declaring::AddFlow(const Statement& statement, const std::string& name,
                          const PipelineTable& table, bool streaming) {
  PipelineFlow flow;
  flow.name = name;
  flow.table = table.name;
  flow.unresolved = statement.query;
  flow.streaming = streaming;
  flow.place = statement.place;
  flow.conf = session_.conf();
  THALWEG_RETURN_NOT_OK(ReadProperties(table, &flow));
  if (options_.available_now && !flow.trigger.ends()) {
    flow.trigger = {Trigger::Kind::kAvailableNow, 0};
  }
  out_.flows.push_back(std::move(flow));
  return Status::OK();
}

Status Declaring::ReadProperties(const PipelineTable& table, PipelineFlow* flow) const {
  for (const auto& [key, value] : table.properties) {
    if (key == "outputMode") {
      const std::string mode = Lower(value);
      if (mode != "append" && mode != "update" && mode != "complete") {
        return Status::User("STREAMING_OUTPUT_MODE.INVALID", {{"outputMode", value}}, table.place);
      }
      flow->mode = mode == "append"   ? OutputMode::kAppend
                   : mode == "update" ? OutputMode::kUpdate
                                      : OutputMode::kComplete;
    } else if (key == "trigger") {
      THALWEG_ASSIGN_OR_RETURN(flow->trigger, Trigger::Parse(value));
    } else if (key == "queryName") {
      flow->name = value;
    } else if (key.starts_with("spark.sql.") || key.starts_with("thalweg.")) {
      THALWEG_RETURN_NOT_OK(flow->conf.Set(key, value).WithPlace(table.place));
    } else if (key != "checkpointLocation") {
      const std::string near = NearestName(
          key, std::vector<std::string_view>(std::begin(kProperties), std::end(kProperties)));
      return Status::User(
          "THALWEG_UNKNOWN_PROPERTY",
          {{"property", key}, {"hint", near.empty() ? "" : " Did you mean " + near + "?"}},
          table.place);
    }
  }
  return Status::OK();
}

}  // namespace

Result<TableDefinition> SourceOf(const Statement& statement, const std::string& directory) {
  TableDefinition source;
  source.format = statement.format.empty() ? "parquet" : statement.format;
  source.schema = statement.schema;
  for (const auto& [key, value] : statement.options) {
    THALWEG_ASSIGN_OR_RETURN(source.options[Lower(key)], WithEnvironment(value, statement.place));
  }
  const auto path = source.options.find("path");
  const std::string location = path == source.options.end() ? statement.location : path->second;
  if (!location.empty()) source.paths.push_back(ResolvePath(directory, location));
  if (path != source.options.end()) source.options.erase(path);
  return source;
}

std::string ResolvePath(const std::string& directory, const std::string& path) {
  if (path.starts_with("file://")) return path.substr(7);
  if (path.empty() || path[0] == '/' || path.find("://") != std::string::npos) return path;
  const bool here = directory.empty() || directory == ".";
  return AbsolutePath(here ? path : JoinPath(directory, path));
}

// A SET may change how the statements after it are read: they are read again then.
Result<PipelineDeclarations> DeclarePipeline(Session& session, const std::string& text,
                                             const PipelineOptions& options) {
  session.SetDirectory(options.directory);
  Declaring declaring(session, options);
  for (const auto& [key, value] : options.set) {
    THALWEG_RETURN_NOT_OK(session.conf().Set(key, value));
  }
  THALWEG_ASSIGN_OR_RETURN(auto statements, ParseScript(text, session.parser_settings()));
  for (size_t i = 0; i < statements.size(); ++i) {
    const StatementPtr statement = statements[i];
    THALWEG_RETURN_NOT_OK(declaring.Take(statement));
    if (statement->kind != StatementKind::kSet && statement->kind != StatementKind::kReset) {
      continue;
    }
    for (const auto& [key, value] : options.set) {
      THALWEG_RETURN_NOT_OK(session.conf().Set(key, value));
    }
    THALWEG_ASSIGN_OR_RETURN(statements, ParseScript(text, session.parser_settings()));
  }
  return std::move(declaring).Finish();
}

}  // namespace thalweg
