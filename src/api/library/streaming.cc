// Handles of running queries.
#include "thalweg/streaming.h"

#include "api/library/access.h"
#include "connectors/memory/memory_table.h"

namespace thalweg {
namespace api {
namespace {

Timestamp TimeOf(int64_t us) {
  return Timestamp(std::chrono::microseconds(us));
}

StreamingQueryProgress ProgressFor(const QueryProgress& progress) {
  StreamingQueryProgress shown;
  shown.id = progress.id;
  shown.run_id = progress.run_id;
  shown.name = progress.name;
  shown.timestamp = TimeOf(progress.timestamp_us);
  shown.batch_id = progress.epoch;
  shown.num_input_rows = progress.rows_in;
  shown.num_output_rows = progress.rows_out;
  shown.input_rows_per_second = progress.InputRowsPerSecond();
  shown.processed_rows_per_second = progress.ProcessedRowsPerSecond();
  if (progress.has_watermark) shown.watermark = TimeOf(progress.watermark_us);
  shown.json = progress.Json();
  return shown;
}

void Tell(StreamingQueryListener& listener, const QueryEvent& event) {
  const Timestamp time = TimeOf(event.timestamp_us);
  switch (event.kind) {
    case QueryEvent::Kind::kStarted:
      return listener.OnQueryStarted({event.id, event.run_id, event.name, time});
    case QueryEvent::Kind::kProgress:
      return listener.OnQueryProgress({ProgressFor(event.progress)});
    case QueryEvent::Kind::kIdle:
      return listener.OnQueryIdle({event.id, event.run_id, time});
    case QueryEvent::Kind::kTerminated:
      return listener.OnQueryTerminated({event.id, event.run_id, Access::Wrap(event.error)});
  }
}

}  // namespace

StreamingQuery Access::MakeQuery(EnginePtr engine, ManagedQueryPtr query) {
  return StreamingQuery(std::make_shared<const StreamingQuery::Rep>(
      StreamingQuery::Rep{std::move(engine), std::move(query)}));
}

std::string StreamingQuery::Id() const {
  return rep_->query->id();
}
std::string StreamingQuery::RunId() const {
  return rep_->query->run_id();
}
std::string StreamingQuery::Name() const {
  return rep_->query->name();
}
bool StreamingQuery::IsActive() const {
  return rep_->query->active();
}
std::string StreamingQuery::Explain() const {
  return rep_->query->plan_text();
}

StreamingQueryStatus StreamingQuery::Status() const {
  StreamingQueryStatus status;
  status.is_active = IsActive();
  if (status.is_active) {
    status.message = rep_->query->LastProgress() ? "Processing new data or waiting for it"
                                                 : "Waiting for data to arrive";
  } else {
    const thalweg::Status error = rep_->query->error();
    status.message = error.ok() ? "Stopped" : "Terminated with exception: " + error.message();
  }
  return status;
}

std::optional<StreamingQueryProgress> StreamingQuery::LastProgress() const {
  const std::optional<QueryProgress> last = rep_->query->LastProgress();
  if (!last) return std::nullopt;
  return ProgressFor(*last);
}

std::vector<StreamingQueryProgress> StreamingQuery::RecentProgress() const {
  std::vector<StreamingQueryProgress> recent;
  for (const QueryProgress& progress : rep_->query->RecentProgress()) {
    recent.push_back(ProgressFor(progress));
  }
  return recent;
}

api::Status StreamingQuery::AwaitTermination() const {
  return Access::Wrap(rep_->query->AwaitEnd());
}

Result<bool> StreamingQuery::AwaitTermination(std::chrono::milliseconds timeout) const {
  if (!rep_->query->AwaitEnd(std::chrono::microseconds(timeout).count())) return false;
  const api::Status end = AwaitTermination();
  if (!end.ok()) return end;
  return true;
}

api::Status StreamingQuery::ProcessAllAvailable() const {
  return Access::Wrap(rep_->query->ProcessAllAvailable());
}
api::Status StreamingQuery::Stop() const {
  rep_->query->Stop();
  return api::Status::OK();
}
api::Status StreamingQuery::Exception() const {
  return Access::Wrap(rep_->query->error());
}

StreamingQueryListener::~StreamingQueryListener() = default;
void StreamingQueryListener::OnQueryStarted(const QueryStartedEvent&) {}
void StreamingQueryListener::OnQueryProgress(const QueryProgressEvent&) {}
void StreamingQueryListener::OnQueryIdle(const QueryIdleEvent&) {}
void StreamingQueryListener::OnQueryTerminated(const QueryTerminatedEvent&) {}

std::vector<StreamingQuery> StreamingQueryManager::Active() const {
  std::vector<StreamingQuery> active;
  for (ManagedQueryPtr& query : engine_->queries->Active()) {
    active.push_back(Access::MakeQuery(engine_, std::move(query)));
  }
  return active;
}

std::optional<StreamingQuery> StreamingQueryManager::Get(std::string_view id) const {
  ManagedQueryPtr query = engine_->queries->Find(std::string(id));
  if (query == nullptr) return std::nullopt;
  return Access::MakeQuery(engine_, std::move(query));
}

Status StreamingQueryManager::AwaitAnyTermination() const {
  return Access::Wrap(engine_->queries->AwaitAny(-1).status());
}

Result<bool> StreamingQueryManager::AwaitAnyTermination(std::chrono::milliseconds timeout) const {
  const thalweg::Result<bool> ended =
      engine_->queries->AwaitAny(std::chrono::microseconds(timeout).count());
  if (!ended.ok()) return Access::Wrap(ended.status());
  return *ended;
}

void StreamingQueryManager::ResetTerminated() const {
  engine_->queries->ResetTerminated();
}

void StreamingQueryManager::AddListener(std::shared_ptr<StreamingQueryListener> listener) const {
  std::lock_guard lock(engine_->mutex);
  StreamingQueryListener* const key = listener.get();
  if (key == nullptr || engine_->listeners.contains(key)) return;
  engine_->listeners[key] = engine_->queries->AddListener(
      [listener = std::move(listener)](const QueryEvent& event) { Tell(*listener, event); });
}

void StreamingQueryManager::RemoveListener(
    const std::shared_ptr<StreamingQueryListener>& listener) const {
  std::lock_guard lock(engine_->mutex);
  const auto found = engine_->listeners.find(listener.get());
  if (found == engine_->listeners.end()) return;
  engine_->queries->RemoveListener(found->second);
  engine_->listeners.erase(found);
}

struct MemoryStream::Rep {
  EnginePtr engine;
  SchemaPtr schema;
  thalweg::MemoryStream stream;
};

Result<MemoryStream> Session::CreateMemoryStream(std::string_view name,
                                                 std::string_view schema) const {
  const Result<Schema> parsed = Schema::Parse(schema);
  if (!parsed.ok()) return parsed.status();
  const SchemaPtr inner = Access::SchemaOf(*parsed);
  return MemoryStream(std::make_shared<MemoryStream::Rep>(
      MemoryStream::Rep{engine_, inner, thalweg::MemoryStream(std::string(name), inner)}));
}

StreamingQueryManager Session::Streams() const {
  return StreamingQueryManager(engine_);
}

Status MemoryStream::AddData(const std::vector<Row>& rows) const {
  thalweg::Result<std::vector<Batch>> batches = BatchesOf(rep_->schema, rows);
  if (!batches.ok()) return Access::Wrap(batches.status());
  rep_->stream.Add(*std::move(batches));
  return Status::OK();
}

DataFrame MemoryStream::ToDataFrame() const {
  std::lock_guard lock(rep_->engine->mutex);
  return Access::MakeFrame(rep_->engine, MakeRead(rep_->stream.table(), true));
}

}  // namespace api
}  // namespace thalweg
