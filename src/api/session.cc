#include "api/session.h"

#include "analyzer/expression_analyzer.h"
#include "analyzer/legality.h"
#include "api/commands.h"
#include "api/pipeline_statements.h"
#include "api/providers.h"
#include "api/table_write.h"
#include "api/warehouse.h"
#include "exec/batch_query.h"
#include "optimizer/optimizer.h"

namespace thalweg {

struct Session::Rep {
  Rep(Env& env, int64_t memory_bytes) : env(env), budget("session", memory_bytes, nullptr) {}

  Env& env;
  Conf conf;
  Catalog catalog;
  FunctionRegistry functions{&FunctionRegistry::BuiltIn()};
  MemoryBudget budget;
  std::string directory = ".";
};

namespace {

/// Sorted rows stay sorted through what only renames or drops columns or ends early.
bool IsOrdered(const RelationPtr& relation) {
  switch (relation->kind()) {
    case RelationKind::kSort:
      return As<Sort>(relation)->is_global;
    case RelationKind::kProject:
    case RelationKind::kLimit:
    case RelationKind::kOffset:
    case RelationKind::kSubqueryAlias:
      return IsOrdered(Inputs(*relation)[0]);
    default:
      return false;
  }
}

SchemaPtr SchemaOfOutput(const RelationPtr& relation) {
  std::vector<StructField> fields;
  for (const AttributePtr& column : relation->output) {
    fields.push_back({column->column, column->type, column->nullable, ""});
  }
  return Schema::Make(std::move(fields));
}

}  // namespace

Session::Session(Env& env, int64_t memory_bytes) : rep_(std::make_unique<Rep>(env, memory_bytes)) {
  RegisterProviders(env, &rep_->catalog);
  rep_->catalog.SetTableFinder(
      [this](const std::vector<std::string>& parts) -> Result<std::optional<TableDefinition>> {
        FileSystem& files = rep_->env.files();
        THALWEG_ASSIGN_OR_RETURN(const auto table,
                                 FindWarehouseTable(files, warehouse(), *WarehouseName(parts)));
        if (!table) return std::optional<TableDefinition>();
        THALWEG_RETURN_NOT_OK(FinishTableWrite(files, table->definition.paths[0]));
        return std::optional(table->definition);
      });
}
Session::~Session() = default;

Conf& Session::conf() {
  return rep_->conf;
}
Catalog& Session::catalog() {
  return rep_->catalog;
}
FunctionRegistry& Session::functions() {
  return rep_->functions;
}
Env& Session::env() {
  return rep_->env;
}
MemoryBudget& Session::budget() {
  return rep_->budget;
}

std::string Session::warehouse() const {
  return ResolvePath(rep_->directory, rep_->conf.Get("spark.sql.warehouse.dir"));
}
const std::string& Session::directory() const {
  return rep_->directory;
}
void Session::SetDirectory(std::string directory) {
  rep_->directory = std::move(directory);
}

ParserSettings Session::parser_settings() const {
  const Conf& conf = rep_->conf;
  ParserSettings settings;
  settings.ansi = conf.GetBool("spark.sql.ansi.enabled");
  settings.double_quoted_identifiers =
      settings.ansi && conf.GetBool("spark.sql.ansi.doubleQuotedIdentifiers");
  settings.escaped_string_literals = conf.GetBool("spark.sql.parser.escapedStringLiterals");
  settings.timestamp_ntz = conf.Get("spark.sql.timestampType") == "TIMESTAMP_NTZ";
  settings.time_type = conf.GetBool("spark.sql.timeType.enabled");
  settings.session_zone = conf.Get("spark.sql.session.timeZone");
  return settings;
}

Result<RelationPtr> Session::Analyze(std::string_view query, const SqlArguments& arguments) {
  THALWEG_ASSIGN_OR_RETURN(const RelationPtr plan, ParseQuery(query, parser_settings()));
  return Analyze(plan, arguments);
}

Result<RelationPtr> Session::Analyze(const RelationPtr& unresolved, const SqlArguments& arguments) {
  AnalyzerContext context;
  context.catalog = &rep_->catalog;
  context.functions = &rep_->functions;
  context.conf = &rep_->conf;
  context.named_parameters = arguments.named;
  context.positional_parameters = arguments.positional;
  return thalweg::Analyze(unresolved, context);
}

Result<RelationPtr> Session::Optimize(const RelationPtr& analyzed) {
  OptimizerContext context;
  context.functions = &rep_->functions;
  context.conf = &rep_->conf;
  context.bind = BindSettingsOf(rep_->conf);
  return thalweg::Optimize(analyzed, context);
}

Result<RelationPtr> Session::PrepareStream(const RelationPtr& analyzed, OutputMode mode) {
  THALWEG_RETURN_NOT_OK(CheckStreaming(analyzed, mode, rep_->conf));
  THALWEG_ASSIGN_OR_RETURN(RelationPtr plan, Optimize(analyzed));
  THALWEG_RETURN_NOT_OK(CheckStreamingPlan(plan, mode, rep_->conf));
  return plan;
}

Result<QueryRows> Session::Collect(const RelationPtr& analyzed) {
  if (analyzed->streaming) return NotSupportedYet("collecting a stream", analyzed->place);
  THALWEG_ASSIGN_OR_RETURN(const RelationPtr plan, Optimize(analyzed));
  BatchQueryOptions options;
  options.env = &rep_->env;
  options.conf = rep_->conf;
  options.budget = &rep_->budget;
  QueryRows rows;
  rows.schema = SchemaOfOutput(analyzed);
  rows.ordered = IsOrdered(analyzed);
  THALWEG_ASSIGN_OR_RETURN(rows.batches, RunBatch(plan, options));
  return rows;
}

Result<QueryRows> Session::Execute(const StatementPtr& statement, const SqlArguments& arguments) {
  if (statement->kind != StatementKind::kQuery) return RunCommand(*this, *statement, arguments);
  THALWEG_ASSIGN_OR_RETURN(const RelationPtr plan, Analyze(statement->query, arguments));
  return Collect(plan);
}

Result<QueryRows> Session::Execute(std::string_view statement, const SqlArguments& arguments) {
  THALWEG_ASSIGN_OR_RETURN(const StatementPtr parsed, ParseStatement(statement, parser_settings()));
  return Execute(parsed, arguments);
}

}  // namespace thalweg
