#include "thalweg/session.h"

#include "api/library/access.h"
#include "data/ddl.h"
#include "plan/unresolved.h"

namespace thalweg {
namespace api {
namespace {

ExprPtr BigintLiteral(int64_t value) {
  return MakeLiteral(thalweg::Value::Bigint(value));
}

}  // namespace

Result<Session> Session::Create(SessionOptions options) {
  auto engine = std::make_shared<Engine>();
  engine->env = NewPosixEnv(options.worker_count);
  const int64_t memory = options.memory_bytes < 0 ? MemoryBudget::kUnlimited : options.memory_bytes;
  engine->session = std::make_unique<thalweg::Session>(*engine->env, memory);
  engine->queries = std::make_unique<thalweg::StreamingQueryManager>(*engine->env);
  engine->options = std::move(options);
  for (const auto& [key, value] : engine->options.settings) {
    const thalweg::Status set = engine->session->conf().Set(key, value);
    if (!set.ok()) return Access::Wrap(set);
  }
  return Session(std::move(engine));
}

Status Session::Set(std::string_view key, std::string_view value) const {
  std::lock_guard lock(engine_->mutex);
  return Access::Wrap(engine_->session->conf().Set(key, value));
}

std::string Session::Get(std::string_view key) const {
  std::lock_guard lock(engine_->mutex);
  return engine_->session->conf().Get(key);
}

DataFrame Session::Sql(std::string_view statement) const {
  std::lock_guard lock(engine_->mutex);
  thalweg::Session& session = *engine_->session;
  const thalweg::Result<StatementPtr> parsed = ParseStatement(statement, session.parser_settings());
  if (!parsed.ok()) return Access::Failed(engine_, Access::Wrap(parsed.status()));
  if ((*parsed)->kind == StatementKind::kQuery) {
    return Access::MakeFrame(engine_, (*parsed)->query);
  }
  thalweg::Result<QueryRows> rows = session.Execute(*parsed);
  if (!rows.ok()) return Access::Failed(engine_, Access::Wrap(rows.status()));
  return Access::MakeFrame(engine_, MakeLocalRelation(rows->schema, std::move(rows->batches)));
}

DataFrame Session::Table(std::string_view name) const {
  return Read().Table(name);
}

DataFrame Session::Range(int64_t begin, int64_t end, int64_t step) const {
  auto range = std::make_shared<UnresolvedTableFunction>();
  range->function = "range";
  range->arguments = {BigintLiteral(begin), BigintLiteral(end), BigintLiteral(step)};
  std::lock_guard lock(engine_->mutex);
  return Access::MakeFrame(engine_, RelationPtr(std::move(range)));
}

DataFrame Session::CreateDataFrame(std::string_view schema, const std::vector<Row>& rows) const {
  const Result<Schema> parsed = Schema::Parse(schema);
  if (!parsed.ok()) return Access::Failed(engine_, parsed.status());
  return CreateDataFrame(*parsed, rows);
}

DataFrame Session::CreateDataFrame(const Schema& schema, const std::vector<Row>& rows) const {
  const SchemaPtr inner = Access::SchemaOf(schema);
  thalweg::Result<std::vector<Batch>> batches = BatchesOf(inner, rows);
  if (!batches.ok()) return Access::Failed(engine_, Access::Wrap(batches.status()));
  std::lock_guard lock(engine_->mutex);
  return Access::MakeFrame(engine_, MakeLocalRelation(inner, *std::move(batches)));
}

DataFrameReader Session::Read() const {
  return Access::MakeReader(engine_);
}
DataStreamReader Session::ReadStream() const {
  return Access::MakeStreamReader(engine_);
}

}  // namespace api
}  // namespace thalweg
