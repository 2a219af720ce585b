// What a DataFrame is, and actions: plans are made under the engine's lock, rows computed without.
#include "api/library/access.h"
#include "exec/batch_query.h"
#include "formats/table_text.h"
#include "thalweg/dataframe.h"
#include "thalweg/functions.h"

namespace thalweg {
namespace api {
namespace {

Status PutView(const DataFrame& frame, std::string_view name, bool replace) {
  if (!frame.status().ok()) return frame.status();
  const Access::Frame& rep = Access::Of(frame);
  std::lock_guard lock(rep.engine->mutex);
  return Access::Wrap(
      rep.engine->session->catalog().PutView(std::string(name), rep.typed, replace));
}

}  // namespace

SchemaPtr OutputSchema(const RelationPtr& typed) {
  std::vector<StructField> fields;
  for (const AttributePtr& column : typed->output) {
    if (!column->metadata) fields.push_back({column->column, column->type, column->nullable, ""});
  }
  return thalweg::Schema::Make(std::move(fields));
}

RelationPtr MakeLocalRelation(SchemaPtr schema, std::vector<Batch> batches) {
  auto local = std::make_shared<LocalRelation>();
  for (const StructField& field : schema->columns()) {
    auto attribute = std::make_shared<Attribute>();
    attribute->id = NextExpressionId();
    attribute->column = field.name;
    attribute->type = field.type;
    attribute->nullable = field.nullable;
    local->output.push_back(std::move(attribute));
  }
  local->schema = std::move(schema);
  local->batches = std::make_shared<const std::vector<Batch>>(std::move(batches));
  local->resolved_output = true;
  return local;
}

thalweg::Result<QueryRows> RunFrame(const DataFrame& frame) {
  THALWEG_RETURN_NOT_OK(Access::Unwrap(frame.status()));
  const Access::Frame& rep = Access::Of(frame);
  BatchQueryOptions options;
  QueryRows rows;
  RelationPtr plan;
  {
    std::lock_guard lock(rep.engine->mutex);
    THALWEG_RETURN_NOT_OK(CheckBatch(rep.typed));
    THALWEG_ASSIGN_OR_RETURN(plan, rep.engine->session->Optimize(rep.typed));
    options.env = rep.engine->env.get();
    options.conf = rep.engine->session->conf();
    options.budget = &rep.engine->session->budget();
    rows.schema = OutputSchema(rep.typed);
  }
  THALWEG_ASSIGN_OR_RETURN(rows.batches, RunBatch(plan, options));
  return rows;
}

Result<api::Schema> DataFrame::Schema() const {
  if (!status().ok()) return status();
  return Access::Wrap(*OutputSchema(rep_->typed));
}

DataFrame::Names DataFrame::ColumnNames() const {
  Names names;
  if (!status().ok()) return names;
  const SchemaPtr schema = OutputSchema(rep_->typed);
  for (const StructField& field : schema->columns()) names.push_back(field.name);
  return names;
}

bool DataFrame::IsStreaming() const {
  return status().ok() && rep_->typed->streaming;
}

Result<std::string> DataFrame::Explain(bool extended) const {
  if (!status().ok()) return status();
  std::lock_guard lock(rep_->engine->mutex);
  const thalweg::Result<RelationPtr> optimized = rep_->engine->session->Optimize(rep_->typed);
  if (!optimized.ok()) return Access::Wrap(optimized.status());
  std::string text;
  if (extended) text = "== Analyzed Logical Plan ==\n" + ToTreeString(rep_->typed) + "\n";
  return text + "== Optimized Logical Plan ==\n" + ToTreeString(*optimized);
}

Result<std::vector<Row>> DataFrame::Collect() const {
  const thalweg::Result<QueryRows> rows = RunFrame(*this);
  if (!rows.ok()) return Access::Wrap(rows.status());
  return RowsOf(rows->schema, rows->batches);
}

Result<int64_t> DataFrame::Count() const {
  const Result<std::vector<Row>> rows = Agg({CountAll()}).Collect();
  if (!rows.ok()) return rows.status();
  return (*rows)[0].Get<int64_t>(0).value_or(0);
}

Result<bool> DataFrame::IsEmpty() const {
  const Result<std::vector<Row>> rows = Limit(1).Collect();
  if (!rows.ok()) return rows.status();
  return rows->empty();
}

// One row more than is shown tells whether there are others.
Result<std::string> DataFrame::ShowString(int64_t rows, bool truncate) const {
  const thalweg::Result<QueryRows> result = RunFrame(Limit(rows + 1));
  if (!result.ok()) return Access::Wrap(result.status());
  std::string zone_name;
  {
    std::lock_guard lock(rep_->engine->mutex);
    zone_name = rep_->engine->session->conf().Get("spark.sql.session.timeZone");
  }
  const thalweg::Result<const TimeZone*> zone = TimeZone::Find(zone_name);
  if (!zone.ok()) return Access::Wrap(zone.status());
  TableTextOptions options;
  options.rows_max = rows;
  options.width_max = truncate ? 20 : 0;
  return DrawTable(*result->schema, result->batches, **zone, options);
}

Status DataFrame::Show(int64_t rows, bool truncate) const {
  const Result<std::string> text = ShowString(rows, truncate);
  if (!text.ok()) return text.status();
  rep_->engine->options.print(*text);
  return Status::OK();
}

Status DataFrame::CreateOrReplaceTempView(std::string_view name) const {
  return PutView(*this, name, true);
}
Status DataFrame::CreateTempView(std::string_view name) const {
  return PutView(*this, name, false);
}

}  // namespace api
}  // namespace thalweg
