#include "cli/script_query.h"

#include "cli/script_rows.h"

namespace thalweg {
namespace {

SimOptions OptionsOf(const World& world) {
  SimOptions options;
  options.worker_count = world.workers;
  return options;
}

}  // namespace

ScriptQuery::ScriptQuery(const World& world, Session* session)
    : world_(world), session_(session), simulated_(OptionsOf(world)), life_(&simulated_.NewLife()) {
  crash_.point = world.crash;
  options_.checkpoint = "/checkpoint";
  // Only a state that is sealed with its epoch shows a crash between the two.
  options_.strict = world.crash == CrashPoint::kAfterState;
}

Status ScriptQuery::AddStream(const std::string& name, SchemaPtr schema) {
  last_stream_ = name;
  auto& stream = streams_[name];
  stream = std::make_unique<MemoryStream>(name, std::move(schema));
  return session_->catalog().PutView(name, MakeRead(stream->table(), /*is_streaming=*/true), true);
}

Status ScriptQuery::SetWatermark(const std::string& column, const std::string& delay) {
  auto read = std::make_shared<UnresolvedRead>();
  read->parts = {last_stream_};
  auto event_time = std::make_shared<UnresolvedAttribute>();
  event_time->parts = {column};
  auto watermark = std::make_shared<WithWatermark>();
  watermark->input = std::move(read);
  watermark->event_time = std::move(event_time);
  watermark->delay = MakeLiteral(Value::String(delay));
  THALWEG_ASSIGN_OR_RETURN(RelationPtr plan, session_->Analyze(RelationPtr(watermark)));
  return session_->catalog().PutView(last_stream_, std::move(plan), true);
}

Status ScriptQuery::SetMode(const std::string& name) {
  if (name == "append") {
    options_.mode = OutputMode::kAppend;
  } else if (name == "update") {
    options_.mode = OutputMode::kUpdate;
  } else if (name == "complete") {
    options_.mode = OutputMode::kComplete;
  } else {
    return Status::World("no output mode: " + name);
  }
  return Status::OK();
}

Status ScriptQuery::Add(std::string_view rows) {
  for (auto& [name, words] : SplitByStream(rows)) {
    const auto stream =
        name.empty() && streams_.size() == 1 ? streams_.begin() : streams_.find(name);
    if (stream == streams_.end()) return Status::World("there is no stream '" + name + "'");
    const SchemaPtr schema = stream->second->table()->info().schema;
    THALWEG_ASSIGN_OR_RETURN(auto batches, ReadRows(words, schema, world_.batch_rows));
    stream->second->Add(std::move(batches));
  }
  return Status::OK();
}

Status ScriptQuery::Trigger(bool brings_rows) {
  summary_ = EpochSummary();
  if (loop_ == nullptr) {
    THALWEG_RETURN_NOT_OK(Start());
  } else if (brings_rows && world_.restarts) {
    THALWEG_RETURN_NOT_OK(Restart());
  }
  crash_.armed = world_.crash != CrashPoint::kNone;
  const int64_t epoch = loop_->next_epoch();
  const Status status = loop_->RunOnce(&summary_);
  const bool died = world_.crash != CrashPoint::kNone && !crash_.armed;
  crash_.armed = false;
  return died ? ComeBack(epoch) : status;
}

Status ScriptQuery::Restart() {
  if (loop_ == nullptr) return Status::OK();
  THALWEG_RETURN_NOT_OK(loop_->Stop());
  return Open();
}

void ScriptQuery::SetClock(int64_t now_us) {
  simulated_.AdvanceUs(now_us - life_->clock().NowUs());
}

std::vector<Batch> ScriptQuery::Rows() const {
  return summary_.kind == EpochKind::kNone ? std::vector<Batch>() : rows_->Epoch(summary_.epoch);
}

int64_t ScriptQuery::late_rows() const {
  int64_t rows = 0;
  for (const OperatorMetrics& metrics : summary_.result.operators) rows += metrics.late_rows;
  return rows;
}

// From the text to a query that stands before its first epoch.
Status ScriptQuery::Start() {
  THALWEG_ASSIGN_OR_RETURN(const RelationPtr plan, session_->Analyze(text_));
  std::vector<StructField> columns;
  for (const AttributePtr& column : plan->output) {
    columns.push_back({column->column, column->type, column->nullable});
  }
  THALWEG_ASSIGN_OR_RETURN(plan_, session_->PrepareStream(plan, options_.mode));
  rows_ = std::make_unique<MemoryRows>("script", Schema::Make(std::move(columns)));
  options_.conf = session_->conf();
  options_.budget = &session_->budget();
  options_.sink_table = MakeCrashingTable(rows_->table(), &crash_);
  return Open();
}

Status ScriptQuery::Open() {
  loop_.reset();
  THALWEG_ASSIGN_OR_RETURN(loop_, EpochLoop::Start(plan_, *life_, options_));
  return Status::OK();
}

// The process is gone; another one takes the query up and ends the epoch, unless the sink already
// had all of it.
Status ScriptQuery::ComeBack(int64_t epoch) {
  ++deaths_;
  loop_.reset();
  simulated_.Crash();
  life_ = &simulated_.NewLife();
  THALWEG_RETURN_NOT_OK(Open());
  if (loop_->next_epoch() == epoch) return loop_->RunOnce(&summary_);
  summary_.kind = EpochKind::kData;
  summary_.epoch = epoch;
  return Status::OK();
}

}  // namespace thalweg
