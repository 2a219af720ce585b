#include "api/pipeline.h"

#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "api/explain.h"
#include "api/pipeline_statements.h"
#include "api/providers.h"
#include "api/warehouse.h"
#include "connectors/basic/sinks.h"

namespace thalweg {

struct Pipeline::Rep {
  Rep(Session& session, PipelineOptions options) : session(session), options(std::move(options)) {}

  Status PrepareFlow(PipelineFlow* flow);
  Status TellSchema(const PipelineFlow& flow);
  Result<TablePtr> OpenTable(const PipelineFlow& flow, const PipelineEvents& events);
  Status Name(const PipelineTable& table, const SchemaPtr& schema);
  Result<std::string> CheckpointOf(const PipelineFlow& flow);
  Result<std::unique_ptr<StreamingQuery>> StartFlow(const PipelineFlow& flow,
                                                    const PipelineEvents& events);
  Status RunFlows(const PipelineEvents& events);
  Status RunView(const PipelineFlow& flow, const PipelineEvents& events);
  Status AwaitAll(const PipelineEvents& events,
                  std::vector<std::unique_ptr<StreamingQuery>>* running);
  const PipelineTable& TableOf(const PipelineFlow& flow) const;

  Session& session;
  const PipelineOptions options;
  PipelineDeclarations declared;
  std::vector<std::string> temporary;  // directories of checkpoints that end with the run
  std::mutex telling;
};

namespace {

SchemaPtr SchemaOfFlow(const PipelineFlow& flow) {
  std::vector<StructField> columns;
  for (const AttributePtr& column : flow.plan->output) {
    columns.push_back({column->column, column->type, column->nullable, ""});
  }
  return Schema::Make(std::move(columns));
}

}  // namespace

Result<std::unique_ptr<Pipeline>> Pipeline::Load(Session& session, const std::string& text,
                                                 PipelineOptions options) {
  auto rep = std::make_unique<Rep>(session, std::move(options));
  THALWEG_ASSIGN_OR_RETURN(rep->declared, DeclarePipeline(session, text, rep->options));
  return std::unique_ptr<Pipeline>(new Pipeline(std::move(rep)));
}

Pipeline::Pipeline(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}

Pipeline::~Pipeline() {
  for (const std::string& directory : rep_->temporary) {
    (void)rep_->session.env().files().RemoveRecursively(directory);
  }
}

const std::vector<PipelineFlow>& Pipeline::flows() const {
  return rep_->declared.flows;
}

const PipelineTable& Pipeline::table(const std::string& name) const {
  const auto& tables = rep_->declared.tables;
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [&](const PipelineTable& table) { return table.name == name; });
  THALWEG_CHECK(found != tables.end(), "a flow writes a table that is declared");
  return *found;
}

Status Pipeline::Prepare() {
  for (PipelineFlow& flow : rep_->declared.flows) {
    THALWEG_RETURN_NOT_OK(rep_->PrepareFlow(&flow).WithPlace(flow.place));
  }
  return Status::OK();
}

// A materialized view may read a table that the run has yet to fill: its plan is made then.
Status Pipeline::Rep::PrepareFlow(PipelineFlow* flow) {
  if (!flow->streaming) return Status::OK();
  THALWEG_ASSIGN_OR_RETURN(flow->plan, session.Analyze(flow->unresolved));
  THALWEG_RETURN_NOT_OK(session.PrepareStream(flow->plan, flow->mode).status());
  THALWEG_RETURN_NOT_OK(TellSchema(*flow));
  return options.only_plans ? Status::OK() : CheckpointOf(*flow).status();
}

// What reads the table need not infer what the flow writes.
Status Pipeline::Rep::TellSchema(const PipelineFlow& flow) {
  std::optional<TableDefinition> table = session.catalog().FindSessionTable(flow.table);
  if (!table) return Status::OK();
  table->schema = SchemaOfFlow(flow);
  return session.catalog().PutTable(flow.table, *std::move(table), /*replace=*/true);
}

// A materialized view whose tables are not there yet is planned when the run ends.
Result<std::string> Pipeline::Explain() {
  std::string text;
  for (const PipelineFlow& declared : rep_->declared.flows) {
    PipelineFlow flow = declared;
    text += std::string("==== ") + (flow.streaming ? "Flow " : "Materialized view ") + flow.name;
    if (flow.table != flow.name) text += " into " + flow.table;
    text += " ====\n\n";
    if (!flow.streaming) {
      Result<RelationPtr> plan = rep_->session.Analyze(flow.unresolved);
      if (!plan.ok()) {
        text += "Planned when the run ends; now: " + plan.status().ToString() + "\n\n";
        continue;
      }
      flow.plan = *std::move(plan);
    }
    THALWEG_ASSIGN_OR_RETURN(const TablePtr table, rep_->OpenTable(flow, PipelineEvents()));
    Result<std::string> explained = ExplainFlow(rep_->session, flow, table->info());
    if (!explained.ok()) return explained.status().WithPlace(flow.place);
    text += *explained;
  }
  return text;
}

Status Pipeline::Run(const PipelineEvents& events) {
  THALWEG_RETURN_NOT_OK(rep_->RunFlows(events));
  for (const PipelineFlow& flow : rep_->declared.flows) {
    if (flow.streaming) continue;
    const Status status = rep_->RunView(flow, events);
    if (!status.ok()) return status.WithPlace(flow.place).WithContext("view " + flow.name);
  }
  return Status::OK();
}

// Where every flow ends by itself they run one after the other, so that a flow finds what those
// before it have written.
Status Pipeline::Rep::RunFlows(const PipelineEvents& events) {
  const auto& flows = declared.flows;
  const bool ends = std::all_of(flows.begin(), flows.end(), [](const PipelineFlow& flow) {
    return !flow.streaming || flow.trigger.ends();
  });
  std::vector<std::unique_ptr<StreamingQuery>> running;
  for (const PipelineFlow& flow : flows) {
    if (!flow.streaming) continue;
    Result<std::unique_ptr<StreamingQuery>> query = StartFlow(flow, events);
    if (!query.ok()) return query.status().WithPlace(flow.place).WithContext("flow " + flow.name);
    running.push_back(*std::move(query));
    if (!ends) continue;
    THALWEG_RETURN_NOT_OK(AwaitAll(events, &running));
    running.clear();
  }
  return AwaitAll(events, &running);
}

Status Pipeline::Rep::AwaitAll(const PipelineEvents& events,
                               std::vector<std::unique_ptr<StreamingQuery>>* running) {
  constexpr int64_t kPollUs = 50'000;
  Status failed;
  bool stopping = false;
  for (auto& query : *running) {
    while (!query->AwaitEnd(kPollUs)) {
      if (stopping || !events.stop || !events.stop()) continue;
      stopping = true;
      for (auto& other : *running) other->RequestStop();
    }
    const Status status = query->AwaitEnd();
    if (status.ok() || !failed.ok()) continue;
    failed = status.WithContext("flow " + query->name());
    for (auto& other : *running) other->RequestStop();
  }
  return failed;
}

Result<std::unique_ptr<StreamingQuery>> Pipeline::Rep::StartFlow(const PipelineFlow& flow,
                                                                 const PipelineEvents& events) {
  THALWEG_ASSIGN_OR_RETURN(const RelationPtr plan, session.PrepareStream(flow.plan, flow.mode));
  StreamingQueryOptions query;
  query.name = flow.name;
  query.trigger = flow.trigger;
  query.loop.conf = flow.conf;
  query.loop.mode = flow.mode;
  query.loop.budget = &session.budget();
  THALWEG_ASSIGN_OR_RETURN(query.loop.sink_table, OpenTable(flow, events));
  THALWEG_ASSIGN_OR_RETURN(query.loop.checkpoint, CheckpointOf(flow));
  if (query.loop.checkpoint.empty()) {
    const char* base = std::getenv("TMPDIR");
    query.loop.checkpoint =
        JoinPath(base == nullptr ? "/tmp" : base,
                 "thalweg-" + std::to_string(session.env().Random()) + "-" + flow.name);
    temporary.push_back(query.loop.checkpoint);
  }
  if (events.epoch) {
    query.on_epoch = [this, &events, name = flow.name](const EpochSummary& summary,
                                                       const EpochLoop& loop) {
      std::lock_guard lock(telling);
      events.epoch(name, summary, loop);
    };
  }
  if (events.retry) {
    query.on_retry = [this, &events, name = flow.name](const Status& error, int attempt) {
      std::lock_guard lock(telling);
      events.retry(name, error, attempt);
    };
  }
  return StreamingQuery::Start(plan, session.env(), std::move(query));
}

/// "": a temporary one will do.
Result<std::string> Pipeline::Rep::CheckpointOf(const PipelineFlow& flow) {
  if (!options.checkpoint.empty()) {
    return JoinPath(JoinPath(options.checkpoint, flow.table), flow.name);
  }
  const PipelineTable& table = TableOf(flow);
  const auto location = table.properties.find("checkpointLocation");
  if (location != table.properties.end()) return ResolvePath(options.directory, location->second);
  if (table.format == "console" || table.format == "memory" || table.format == "noop") {
    return std::string();
  }
  return Status::User("THALWEG_CHECKPOINT_MISSING", {{"table", flow.table}}, flow.place);
}

Result<TablePtr> Pipeline::Rep::OpenTable(const PipelineFlow& flow, const PipelineEvents& events) {
  const PipelineTable& table = TableOf(flow);
  const SchemaPtr schema = SchemaOfFlow(flow);
  if (table.format == "console") {
    return MakeConsoleTable({flow.name, table.options, flow.conf.Get("spark.sql.session.timeZone")},
                            schema, [this, &events](const std::string& text) {
                              std::lock_guard lock(telling);
                              if (events.print) events.print(text);
                            });
  }
  if (table.in_warehouse && !options.only_plans) THALWEG_RETURN_NOT_OK(Name(table, schema));
  const SinkProvider* sink = session.catalog().FindSink(table.format);
  if (sink == nullptr) return NotSupportedYet("writing " + table.format, table.place);
  return (*sink)(table.options, schema, table.partition_columns);
}

// A table of the warehouse is known by name to every process from the start of its first flow on.
Status Pipeline::Rep::Name(const PipelineTable& table, const SchemaPtr& schema) {
  FileSystem& files = session.env().files();
  WarehouseTable named;
  named.name = *WarehouseName({table.name});
  named.definition = {table.format, table.options, {table.options.at("path")}, schema};
  named.definition.options.erase("path");
  named.partition_columns = table.partition_columns;
  named.created_by = "Thalweg 0.1.0";
  THALWEG_ASSIGN_OR_RETURN(const auto known,
                           FindWarehouseTable(files, session.warehouse(), named.name));
  named.created_us = known ? known->created_us : session.env().clock().NowUs();
  THALWEG_RETURN_NOT_OK(files.CreateDirectories(named.definition.paths[0]));
  return PutWarehouseTable(files, session.warehouse(), named);
}

// One epoch into a new table.
Status Pipeline::Rep::RunView(const PipelineFlow& flow, const PipelineEvents& events) {
  PipelineFlow view = flow;
  THALWEG_ASSIGN_OR_RETURN(view.plan, session.Analyze(flow.unresolved));
  THALWEG_ASSIGN_OR_RETURN(const QueryRows rows, session.Collect(view.plan));
  THALWEG_ASSIGN_OR_RETURN(const TablePtr table, OpenTable(view, events));
  THALWEG_ASSIGN_OR_RETURN(const std::unique_ptr<Sink> sink, table->OpenSink());
  SinkContext context;
  context.env = &session.env();
  context.schema = rows.schema;
  context.mode = ChangeMode::kComplete;
  THALWEG_RETURN_NOT_OK(sink->Open(context));
  THALWEG_ASSIGN_OR_RETURN(BatchWriter * writer, sink->Writer(0, 0));
  for (const Batch& batch : rows.batches) THALWEG_RETURN_NOT_OK(writer->Write(batch));
  std::vector<std::string> parts(1);
  THALWEG_RETURN_NOT_OK(writer->Finish(&parts[0]));
  return sink->Commit(0, parts);
}

const PipelineTable& Pipeline::Rep::TableOf(const PipelineFlow& flow) const {
  return *std::find_if(declared.tables.begin(), declared.tables.end(),
                       [&](const PipelineTable& table) { return table.name == flow.table; });
}

}  // namespace thalweg
