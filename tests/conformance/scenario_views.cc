#include "scenario_views.h"

#include <nlohmann/json.hpp>

#include "data/ddl.h"
#include "json_values.h"

namespace thalweg {
namespace {

using nlohmann::json;

RelationPtr ReadView(const std::string& name);
RelationPtr WatermarkOf(RelationPtr input, const std::string& column, const std::string& delay);
RelationPtr DeduplicateOf(RelationPtr input, const json& step, bool within_watermark);
RelationPtr LocalRows(SchemaPtr schema, const std::vector<Row>& rows);

}  // namespace

Status ScenarioViews::Register() {
  const json conf = body_.value("conf", json::object());
  for (const auto& [key, value] : conf.items()) {
    THALWEG_RETURN_NOT_OK(session_.conf().Set(key, value.get<std::string>()));
  }
  for (const auto& [name, ddl] : body_["streams"].items()) {
    THALWEG_RETURN_NOT_OK(RegisterStream(name, ddl.get<std::string>()));
  }
  const json tables = body_.value("static", json::object());
  for (const auto& [name, table] : tables.items()) {
    THALWEG_RETURN_NOT_OK(RegisterStatic(name, table));
  }
  for (const json& step : body_.value("steps", json::array())) {
    THALWEG_RETURN_NOT_OK(RegisterStep(step));
  }
  return Status::OK();
}

// Row i of an addition goes to partition i mod partitions.
Status ScenarioViews::Add(const json& input) {
  for (const auto& [name, encoded] : input.items()) {
    Stream& stream = streams_.at(name);
    THALWEG_ASSIGN_OR_RETURN(const auto rows, DecodeRows(encoded, *stream.schema));
    std::vector<std::vector<Row>> by_partition(static_cast<size_t>(partitions()));
    for (size_t i = 0; i < rows.size(); ++i) {
      by_partition[i % by_partition.size()].push_back(rows[i]);
    }
    std::vector<Batch> batches;
    std::vector<int> partition_of;
    for (size_t partition = 0; partition < by_partition.size(); ++partition) {
      for (Batch& batch : ToBatches(by_partition[partition], stream.schema)) {
        batches.push_back(std::move(batch));
        partition_of.push_back(static_cast<int>(partition));
      }
    }
    stream.rows->Add(std::move(batches), std::move(partition_of));
  }
  return Status::OK();
}

Status ScenarioViews::RegisterStream(const std::string& name, const std::string& ddl) {
  Stream& stream = streams_[name];
  THALWEG_ASSIGN_OR_RETURN(stream.schema, ParseDdl(ddl));
  stream.rows = std::make_unique<MemoryStream>(name, stream.schema, partitions());
  const RelationPtr read = MakeRead(stream.rows->table(), /*is_streaming=*/true);
  THALWEG_RETURN_NOT_OK(session_.catalog().PutView(name, read, /*replace=*/true));
  const json watermark = body_.value("watermark", json::object());
  if (!watermark.contains(name)) return Status::OK();
  const json& declared = watermark[name];
  return Put(name, WatermarkOf(ReadView(name), declared[0].get<std::string>(),
                               declared[1].get<std::string>()));
}

Status ScenarioViews::RegisterStatic(const std::string& name, const json& table) {
  THALWEG_ASSIGN_OR_RETURN(SchemaPtr schema, ParseDdl(table["schema"].get<std::string>()));
  THALWEG_ASSIGN_OR_RETURN(const auto rows, DecodeRows(table["rows"], *schema));
  return session_.catalog().PutView(name, LocalRows(std::move(schema), rows), /*replace=*/true);
}

Status ScenarioViews::RegisterStep(const json& step) {
  const std::string view = step["view"].get<std::string>();
  if (step["op"] == "sql") {
    THALWEG_ASSIGN_OR_RETURN(RelationPtr plan, session_.Analyze(step["sql"].get<std::string>()));
    return session_.catalog().PutView(view, std::move(plan), /*replace=*/true);
  }
  THALWEG_ASSIGN_OR_RETURN(const RelationPtr relation, StepRelation(step));
  return Put(view, relation);
}

Status ScenarioViews::Put(const std::string& view, const RelationPtr& unresolved) {
  THALWEG_ASSIGN_OR_RETURN(RelationPtr plan, session_.Analyze(unresolved));
  return session_.catalog().PutView(view, std::move(plan), /*replace=*/true);
}

Result<RelationPtr> ScenarioViews::StepRelation(const json& step) {
  const std::string op = step["op"].get<std::string>();
  const RelationPtr input = ReadView(step["from"].get<std::string>());
  if (op == "watermark") {
    return WatermarkOf(input, step["column"].get<std::string>(), step["delay"].get<std::string>());
  }
  if (op == "dropDuplicates") return DeduplicateOf(input, step, false);
  if (op == "dropDuplicatesWithinWatermark") return DeduplicateOf(input, step, true);
  if (op != "observe") return NotSupportedYet("steps of " + op);
  auto observe = std::make_shared<CollectMetrics>();
  observe->input = input;
  observe->metric = step["metric"].get<std::string>();
  for (const json& text : step["exprs"]) {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr metric,
                             ParseExpression(text.get<std::string>(), session_.parser_settings()));
    observe->metrics.push_back(std::move(metric));
  }
  return RelationPtr(std::move(observe));
}

int ScenarioViews::partitions() const {
  return body_.value("partitions", 1);
}

namespace {

RelationPtr ReadView(const std::string& name) {
  auto read = std::make_shared<UnresolvedRead>();
  read->parts = {name};
  return read;
}

// df.withWatermark(column, delay)
RelationPtr WatermarkOf(RelationPtr input, const std::string& column, const std::string& delay) {
  auto event_time = std::make_shared<UnresolvedAttribute>();
  event_time->parts = {column};
  auto watermark = std::make_shared<WithWatermark>();
  watermark->input = std::move(input);
  watermark->event_time = std::move(event_time);
  watermark->delay = MakeLiteral(Value::String(delay));
  return watermark;
}

RelationPtr DeduplicateOf(RelationPtr input, const json& step, bool within_watermark) {
  auto deduplicate = std::make_shared<Deduplicate>();
  deduplicate->input = std::move(input);
  deduplicate->within_watermark = within_watermark;
  deduplicate->all_columns_as_keys = !step.contains("columns");
  for (const json& column : step.value("columns", json::array())) {
    deduplicate->column_names.push_back(column.get<std::string>());
  }
  return deduplicate;
}

RelationPtr LocalRows(SchemaPtr schema, const std::vector<Row>& rows) {
  auto local = std::make_shared<LocalRelation>();
  local->schema = schema;
  local->batches = std::make_shared<const std::vector<Batch>>(ToBatches(rows, schema));
  for (const StructField& column : schema->columns()) {
    auto attribute = std::make_shared<Attribute>();
    attribute->id = NextExpressionId();
    attribute->column = column.name;
    attribute->type = column.type;
    attribute->nullable = column.nullable;
    local->output.push_back(std::move(attribute));
  }
  local->resolved_output = true;
  return local;
}

}  // namespace
}  // namespace thalweg
