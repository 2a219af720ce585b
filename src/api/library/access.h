// What stands behind the handles of include/thalweg/, and the way from one side to the other. The
// front door's names live in thalweg::api, the rooms' in thalweg: in here Status is the user's, and
// thalweg::Status the engine's. Private to api/library/.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/query_manager.h"
#include "api/session.h"
#include "thalweg/session.h"

namespace thalweg {
namespace api {

/// One a Session: its handles, DataFrames and queries share it.
struct Engine {
  SessionOptions options;
  std::unique_ptr<Env> env;
  std::unique_ptr<thalweg::Session> session;
  /// Held while a plan is made and while settings, functions or views change; never while rows are
  /// computed.
  std::recursive_mutex mutex;
  std::map<StreamingQueryListener*, int64_t> listeners;  // guarded by the mutex
  /// The last member: queries end before what they use.
  std::unique_ptr<thalweg::StreamingQueryManager> queries;
};
using EnginePtr = std::shared_ptr<Engine>;

struct Status::Rep {
  thalweg::Status status;
};
struct DataType::Rep {
  TypePtr type;
};
/// Either an expression or why there is none.
struct Column::Rep {
  ExprPtr expr;
  thalweg::Status error;
};
/// Either plans or why there are none. `written` is the last step over typed ones below it, so that
/// what follows may look inside it (ORDER BY a column that SELECT drops).
struct DataFrame::Rep {
  EnginePtr engine;
  RelationPtr written;
  RelationPtr typed;
  Status error;
};

struct StreamingQuery::Rep {
  EnginePtr engine;
  ManagedQueryPtr query;
};

struct Access {
  using Frame = DataFrame::Rep;

  // ---- status
  static Status Wrap(const thalweg::Status& status);
  static thalweg::Status Unwrap(const Status& status);

  // ---- types
  static DataType Wrap(TypePtr type);
  static const TypePtr& TypeOf(const DataType& type) { return type.rep_->type; }
  static Schema Wrap(const thalweg::Schema& schema);
  static SchemaPtr SchemaOf(const Schema& schema);

  // ---- values
  static Value Wrap(const thalweg::Value& value);
  /// By the value's own kind; lists have none and are NULL.
  static thalweg::Value Untyped(const Value& value);
  static const Value::List* ListOf(const Value& value);
  /// As `type`. Errors: text that says what the value is instead.
  static thalweg::Result<thalweg::Value> Typed(const Value& value, const TypePtr& type);

  // ---- columns
  static Column MakeColumn(thalweg::Result<ExprPtr> expr);
  static thalweg::Result<ExprPtr> ExprOf(const Column& column);
  static thalweg::Result<std::vector<ExprPtr>> ExprsOf(const std::vector<Column>& columns);

  // ---- frames
  static const Frame& Of(const DataFrame& frame) { return *frame.rep_; }
  static DataFrame Failed(EnginePtr engine, Status error);
  /// Types `written`.
  static DataFrame MakeFrame(EnginePtr engine, thalweg::Result<RelationPtr> written);
  static const EnginePtr& EngineOf(const Session& session) { return session.engine_; }
  static Session SessionOf(EnginePtr engine) { return Session(std::move(engine)); }
  static StreamingQuery MakeQuery(EnginePtr engine, ManagedQueryPtr query);
  static const std::string& TextOf(const Trigger& trigger) { return trigger.text_; }
  static DataFrameReader MakeReader(EnginePtr engine) { return DataFrameReader(std::move(engine)); }
  static DataStreamReader MakeStreamReader(EnginePtr engine) {
    return DataStreamReader(std::move(engine));
  }
};

/// Rows of a user as batches of `schema`. Errors: THALWEG_WRONG_ROW.
thalweg::Result<std::vector<Batch>> BatchesOf(const SchemaPtr& schema,
                                              const std::vector<Row>& rows);
/// The rows of `batches` for a user.
std::vector<Row> RowsOf(const SchemaPtr& schema, const std::vector<Batch>& batches);
/// A relation of rows at rest.
RelationPtr MakeLocalRelation(SchemaPtr schema, std::vector<Batch> batches);
SchemaPtr OutputSchema(const RelationPtr& typed);
/// Runs the plan of `frame`, which is none of a stream.
thalweg::Result<QueryRows> RunFrame(const DataFrame& frame);
/// "a.b", "`a.b`.c": the parts. Errors: INVALID_ATTRIBUTE_NAME_SYNTAX.
thalweg::Result<std::vector<std::string>> ParseColumnName(std::string_view name);

}  // namespace api
}  // namespace thalweg
