// Starting a query: the sink that a DataStreamWriter describes, its checkpoint, its plan.
#include <cstdlib>

#include "api/library/access.h"
#include "api/library/user_code.h"
#include "api/pipeline_statements.h"
#include "api/providers.h"
#include "base/ids.h"
#include "connectors/basic/sinks.h"
#include "connectors/foreach/foreach_table.h"
#include "connectors/memory/memory_table.h"
#include "data/type_text.h"
#include "plan/relation.h"

namespace thalweg {
namespace api {
namespace {

std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

class FunctionWriter final : public ForeachWriter {
 public:
  explicit FunctionWriter(std::function<Status(const Row& row)> function)
      : function_(std::move(function)) {}
  Status Process(const Row& row) override { return function_(row); }

 private:
  const std::function<Status(const Row& row)> function_;
};

/// Makes the query that `description` tells of.
class Starter {
 public:
  Starter(const DataFrame& frame, const StreamDescription& description)
      : frame_(frame), engine_(*Access::Of(frame).engine), description_(description) {
    for (const auto& [key, value] : description.options) options_[Lower(key)] = value;
    const auto path = options_.find("path");
    if (path != options_.end()) path->second = ResolvePath(".", path->second);
    format_ = description.foreach_writer != nullptr  ? "foreach"
              : description.foreach_batch != nullptr ? "foreachbatch"
              : description.format.empty()           ? "parquet"
                                                     : Lower(description.format);
  }

  thalweg::Result<ManagedQueryPtr> Start();

 private:
  thalweg::Status Describe();
  thalweg::Result<thalweg::OutputMode> Mode() const;
  thalweg::Status FindCheckpoint();
  thalweg::Result<TablePtr> OpenSink(const SchemaPtr& schema);
  TablePtr OpenConsole(const SchemaPtr& schema);
  TablePtr OpenForeach(const SchemaPtr& schema) const;
  TablePtr OpenForeachBatch(const SchemaPtr& schema) const;
  thalweg::Result<TablePtr> OpenMemory(const SchemaPtr& schema);

  const DataFrame& frame_;
  Engine& engine_;
  const StreamDescription& description_;
  std::string format_;
  thalweg::Options options_;  // keys in lower case
  ManagedQueryOptions query_;
  RelationPtr view_;  // of a memory sink
};

// Plans under the engine's lock, starts without it.
thalweg::Result<ManagedQueryPtr> Starter::Start() {
  THALWEG_RETURN_NOT_OK(Access::Unwrap(frame_.status()));
  const RelationPtr typed = Access::Of(frame_).typed;
  if (!typed->streaming) return thalweg::Status::User("WRITE_STREAM_NOT_ALLOWED");
  RelationPtr plan;
  {
    std::lock_guard lock(engine_.mutex);
    THALWEG_RETURN_NOT_OK(Describe());
    THALWEG_ASSIGN_OR_RETURN(plan, engine_.session->PrepareStream(typed, query_.loop.mode));
    query_.plan_text = ToTreeString(plan);
    THALWEG_RETURN_NOT_OK(FindCheckpoint());
    THALWEG_ASSIGN_OR_RETURN(query_.loop.sink_table, OpenSink(OutputSchema(typed)));
  }
  const std::string name = query_.name;
  THALWEG_ASSIGN_OR_RETURN(ManagedQueryPtr query, engine_.queries->Start(plan, std::move(query_)));
  if (view_ != nullptr) {
    THALWEG_RETURN_NOT_OK(engine_.session->catalog().PutView(name, view_, /*replace=*/true));
  }
  return query;
}

thalweg::Status Starter::Describe() {
  query_.name = description_.name;
  THALWEG_ASSIGN_OR_RETURN(query_.trigger,
                           thalweg::Trigger::Parse(Access::TextOf(description_.trigger)));
  THALWEG_ASSIGN_OR_RETURN(query_.loop.mode, Mode());
  query_.loop.conf = engine_.session->conf();
  query_.loop.budget = &engine_.session->budget();
  return thalweg::Status::OK();
}

thalweg::Result<thalweg::OutputMode> Starter::Mode() const {
  const std::string mode = Lower(description_.mode);
  if (mode == "append") return thalweg::OutputMode::kAppend;
  if (mode == "update") return thalweg::OutputMode::kUpdate;
  if (mode == "complete") return thalweg::OutputMode::kComplete;
  return thalweg::Status::User("STREAMING_OUTPUT_MODE.INVALID",
                               {{"outputMode", description_.mode}});
}

thalweg::Status Starter::FindCheckpoint() {
  const auto option = options_.find("checkpointlocation");
  if (option != options_.end()) {
    query_.loop.checkpoint = option->second;
    options_.erase(option);
    return thalweg::Status::OK();
  }
  const std::string root = query_.loop.conf.Get("spark.sql.streaming.checkpointLocation");
  if (!root.empty()) {
    query_.loop.checkpoint =
        JoinPath(root, query_.name.empty() ? NewUuid(*engine_.env) : query_.name);
    return thalweg::Status::OK();
  }
  for (const char* done_without : {"console", "memory", "noop", "foreach", "foreachbatch"}) {
    if (format_ != done_without) continue;
    const char* base = std::getenv("TMPDIR");
    query_.loop.checkpoint =
        JoinPath(base == nullptr ? "/tmp" : base, "thalweg-" + NewUuid(*engine_.env));
    query_.temporary_checkpoint = query_.loop.checkpoint;
    return thalweg::Status::OK();
  }
  return thalweg::Status::Legacy(
      1298, "a query into " + format_ +
                " needs a checkpoint: give the option checkpointLocation, or set "
                "spark.sql.streaming.checkpointLocation");
}

thalweg::Result<TablePtr> Starter::OpenSink(const SchemaPtr& schema) {
  if (format_ == "foreach") return OpenForeach(schema);
  if (format_ == "foreachbatch") return OpenForeachBatch(schema);
  if (format_ == "memory") return OpenMemory(schema);
  if (format_ == "console") {
    return MakeConsoleTable(
        {query_.name, options_, query_.loop.conf.Get("spark.sql.session.timeZone")}, schema,
        [print = engine_.options.print](const std::string& text) { print(text); });
  }
  const SinkProvider* sink = engine_.session->catalog().FindSink(format_);
  if (sink == nullptr) {
    return thalweg::Status::User("DATA_SOURCE_NOT_FOUND", {{"provider", format_}, {"hint", ""}});
  }
  return (*sink)(options_, schema, description_.partition_columns);
}

TablePtr Starter::OpenForeach(const SchemaPtr& schema) const {
  const std::shared_ptr<ForeachWriter> writer = description_.foreach_writer;
  ForeachFunctions functions;
  functions.open = [writer](int64_t epoch) -> thalweg::Result<bool> {
    const Result<bool> wanted = CallUser([&] { return writer->Open(epoch); });
    if (!wanted.ok()) return Access::Unwrap(wanted.status());
    return *wanted;
  };
  functions.process = [writer, schema](const Batch& batch) {
    for (const Row& row : RowsOf(schema, {batch})) {
      const Status status = CallUser([&] { return writer->Process(row); });
      if (!status.ok()) return Access::Unwrap(status);
    }
    return thalweg::Status::OK();
  };
  functions.close = [writer](const thalweg::Status& error) {
    (void)CallUser([&] {
      writer->Close(Access::Wrap(error));
      return Status::OK();
    });
  };
  return MakeForeachTable(schema, std::move(functions));
}

// The engine outlives its queries; the DataFrame holds it without owning it, so that the end of the
// engine is never on the query's thread.
TablePtr Starter::OpenForeachBatch(const SchemaPtr& schema) const {
  const EnginePtr engine(EnginePtr(), &engine_);
  return MakeEpochTable(
      "foreachBatch", schema,
      [engine, function = description_.foreach_batch](int64_t epoch, const SchemaPtr& columns,
                                                      const std::vector<Batch>& rows) {
        const DataFrame frame = Access::MakeFrame(engine, MakeLocalRelation(columns, rows));
        const Status status = CallUser([&] { return function(frame, epoch); });
        if (status.ok()) return thalweg::Status::OK();
        return thalweg::Status::User(
            "FOREACH_BATCH_USER_FUNCTION_ERROR",
            {{"epoch", std::to_string(epoch)}, {"reason", status.ToString()}});
      });
}

thalweg::Result<TablePtr> Starter::OpenMemory(const SchemaPtr& schema) {
  if (query_.name.empty()) {
    return thalweg::Status::Legacy(1194, "the memory sink is a view of the query's name: give one");
  }
  MemoryRows rows(query_.name, schema);
  view_ = MakeRead(rows.table(), false);
  return rows.table();
}

}  // namespace

ForeachWriter::~ForeachWriter() = default;
Result<bool> ForeachWriter::Open(int64_t) {
  return true;
}
void ForeachWriter::Close(const Status&) {}

DataStreamWriter DataFrame::WriteStream() const {
  return DataStreamWriter(*this);
}

DataStreamWriter& DataStreamWriter::Foreach(std::function<Status(const Row& row)> function) {
  return Foreach(std::make_shared<FunctionWriter>(std::move(function)));
}

Result<StreamingQuery> DataStreamWriter::Start() const {
  thalweg::Result<ManagedQueryPtr> query = Starter(frame_, description_).Start();
  if (!query.ok()) return Access::Wrap(query.status());
  return Access::MakeQuery(Access::Of(frame_).engine, *std::move(query));
}

}  // namespace api
}  // namespace thalweg
