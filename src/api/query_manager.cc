#include "api/query_manager.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/ids.h"

namespace thalweg {
namespace {

constexpr int64_t kProgressEveryUs = 100'000;

}  // namespace

struct StreamingQueryManager::Rep {
  explicit Rep(Env& env) : env(env), waiters(env) {}

  void Tell(const QueryEvent& event);
  bool AnyListener();
  void NoteEnd(const Status& end);
  void Reap();

  Env& env;
  Waiters waiters;  // for the end of any query
  std::mutex mutex;
  // All below is guarded by the mutex.
  std::vector<ManagedQueryPtr> queries;
  std::vector<std::pair<int64_t, QueryListener>> listeners;
  int64_t next_listener = 1;
  bool any_ended = false;
  Status first_error;
};

struct ManagedQuery::Rep {
  Rep(Env& env, StreamingQueryManager::Rep* manager, ManagedQueryOptions options)
      : env(env),
        manager(manager),
        options(std::move(options)),
        run_id(NewUuid(env)),
        meter(this->options.name, run_id) {}

  StreamingQueryOptions Callbacks();
  void OnEpoch(const EpochSummary& summary, const EpochLoop& loop);
  void OnPause(const EpochSummary& last, const EpochLoop& loop);
  void OnEnd(const Status& end);
  void AddProgress(const EpochSummary& summary, const EpochLoop& loop);
  QueryEvent NewEvent(QueryEvent::Kind kind);

  Env& env;
  StreamingQueryManager::Rep* const manager;
  const ManagedQueryOptions options;
  const std::string run_id;
  ProgressMeter meter;              // guarded by `telling`
  std::atomic<bool> ending{false};  // all that is left to do is to say so
  std::string id;
  size_t recent_max = 100;
  int64_t idle_every_us = 0;
  // Of the query's thread.
  std::mutex telling;  // held by Start until `started` is told
  bool progress_due = false;
  int64_t last_progress_us = 0;
  int64_t last_rest_us = 0;  // of the last epoch or idle event
  mutable std::mutex mutex;
  std::deque<QueryProgress> recent;       // guarded by the mutex
  Status error;                           // guarded by the mutex
  std::unique_ptr<StreamingQuery> query;  // the last member: its thread uses the others
};

// ---- one query

StreamingQueryOptions ManagedQuery::Rep::Callbacks() {
  StreamingQueryOptions callbacks;
  callbacks.name = options.name;
  callbacks.trigger = options.trigger;
  callbacks.loop = options.loop;
  callbacks.on_epoch = [this](const EpochSummary& summary, const EpochLoop& loop) {
    OnEpoch(summary, loop);
  };
  callbacks.on_pause = [this](const EpochSummary& last, const EpochLoop& loop) {
    OnPause(last, loop);
  };
  callbacks.on_end = [this](const Status& end) { OnEnd(end); };
  return callbacks;
}

QueryEvent ManagedQuery::Rep::NewEvent(QueryEvent::Kind kind) {
  QueryEvent event;
  event.kind = kind;
  event.id = id;
  event.run_id = run_id;
  event.name = options.name;
  event.timestamp_us = env.clock().NowUs();
  return event;
}

void ManagedQuery::Rep::OnEpoch(const EpochSummary& summary, const EpochLoop& loop) {
  std::lock_guard lock(telling);
  last_rest_us = env.clock().MonotonicNs() / 1000;
  progress_due = true;
  const bool now = summary.kind == EpochKind::kNoData || manager->AnyListener() ||
                   last_rest_us - last_progress_us >= kProgressEveryUs;
  if (now) AddProgress(summary, loop);
}

void ManagedQuery::Rep::OnPause(const EpochSummary& last, const EpochLoop& loop) {
  std::lock_guard lock(telling);
  if (progress_due) AddProgress(last, loop);
  const int64_t now_us = env.clock().MonotonicNs() / 1000;
  if (last_rest_us == 0) last_rest_us = now_us;
  if (now_us - last_rest_us < idle_every_us) return;
  last_rest_us = now_us;
  manager->Tell(NewEvent(QueryEvent::Kind::kIdle));
}

void ManagedQuery::Rep::AddProgress(const EpochSummary& summary, const EpochLoop& loop) {
  QueryEvent event = NewEvent(QueryEvent::Kind::kProgress);
  event.progress = meter.Next(summary, loop, event.timestamp_us);
  progress_due = false;
  last_progress_us = env.clock().MonotonicNs() / 1000;
  {
    std::lock_guard lock(mutex);
    recent.push_back(event.progress);
    while (recent.size() > recent_max) recent.pop_front();
  }
  manager->Tell(event);
}

void ManagedQuery::Rep::OnEnd(const Status& end) {
  std::lock_guard lock(telling);
  {
    std::lock_guard error_lock(mutex);
    error = end;
  }
  if (!options.temporary_checkpoint.empty()) {
    (void)env.files().RemoveRecursively(options.temporary_checkpoint);
  }
  QueryEvent event = NewEvent(QueryEvent::Kind::kTerminated);
  event.error = end;
  manager->Tell(event);
  ending = true;
  manager->NoteEnd(end);
}

ManagedQuery::ManagedQuery(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
ManagedQuery::~ManagedQuery() = default;

const std::string& ManagedQuery::id() const {
  return rep_->id;
}
const std::string& ManagedQuery::run_id() const {
  return rep_->run_id;
}
const std::string& ManagedQuery::name() const {
  return rep_->options.name;
}
const std::string& ManagedQuery::plan_text() const {
  return rep_->options.plan_text;
}
bool ManagedQuery::active() const {
  return rep_->query->running();
}

std::optional<QueryProgress> ManagedQuery::LastProgress() const {
  std::lock_guard lock(rep_->mutex);
  if (rep_->recent.empty()) return std::nullopt;
  return rep_->recent.back();
}

std::vector<QueryProgress> ManagedQuery::RecentProgress() const {
  std::lock_guard lock(rep_->mutex);
  return {rep_->recent.begin(), rep_->recent.end()};
}

Status ManagedQuery::error() const {
  std::lock_guard lock(rep_->mutex);
  return rep_->error;
}

Status ManagedQuery::AwaitEnd() {
  return rep_->query->AwaitEnd();
}
bool ManagedQuery::AwaitEnd(int64_t timeout_us) {
  return rep_->query->AwaitEnd(timeout_us);
}
Status ManagedQuery::ProcessAllAvailable() {
  return rep_->query->ProcessAllAvailable();
}
void ManagedQuery::Stop() {
  rep_->query->RequestStop();
  (void)rep_->query->AwaitEnd();
}

// ---- all of them

StreamingQueryManager::StreamingQueryManager(Env& env) : rep_(std::make_unique<Rep>(env)) {}

StreamingQueryManager::~StreamingQueryManager() {
  StopAll();
}

Result<ManagedQueryPtr> StreamingQueryManager::Start(const RelationPtr& plan,
                                                     ManagedQueryOptions options) {
  rep_->Reap();
  for (const ManagedQueryPtr& other : Active()) {
    if (options.name.empty() || other->name() != options.name) continue;
    return Status::User("THALWEG_INVALID_OPTION", {{"option", "queryName"},
                                                   {"value", options.name},
                                                   {"wanted", "the name of no active query"}});
  }
  auto rep = std::make_unique<ManagedQuery::Rep>(rep_->env, rep_.get(), std::move(options));
  const Conf& conf = rep->options.loop.conf;
  rep->recent_max =
      static_cast<size_t>(conf.GetInt("spark.sql.streaming.numRecentProgressUpdates"));
  rep->idle_every_us = conf.GetDurationUs("spark.sql.streaming.noDataProgressEventInterval");
  std::unique_lock telling(rep->telling);
  Result<std::unique_ptr<StreamingQuery>> query =
      StreamingQuery::Start(plan, rep_->env, rep->Callbacks());
  THALWEG_RETURN_NOT_OK(query.status());
  rep->query = *std::move(query);
  rep->id = rep->query->query_id();
  ManagedQuery::Rep* const started = rep.get();
  const ManagedQueryPtr managed(new ManagedQuery(std::move(rep)));
  {
    std::lock_guard lock(rep_->mutex);
    rep_->queries.push_back(managed);
  }
  rep_->Tell(started->NewEvent(QueryEvent::Kind::kStarted));
  telling.unlock();
  return managed;
}

std::vector<ManagedQueryPtr> StreamingQueryManager::Active() {
  std::lock_guard lock(rep_->mutex);
  std::vector<ManagedQueryPtr> active;
  for (const ManagedQueryPtr& query : rep_->queries) {
    if (query->active()) active.push_back(query);
  }
  return active;
}

ManagedQueryPtr StreamingQueryManager::Find(const std::string& id) {
  for (const ManagedQueryPtr& query : Active()) {
    if (query->id() == id || query->run_id() == id) return query;
  }
  return nullptr;
}

Result<bool> StreamingQueryManager::AwaitAny(int64_t timeout_us) {
  const auto ended = [this] {
    std::lock_guard lock(rep_->mutex);
    return rep_->any_ended;
  };
  if (!rep_->waiters.Wait(ended, timeout_us)) return false;
  for (const ManagedQueryPtr& query : Active()) {
    if (query->rep_->ending) (void)query->AwaitEnd();
  }
  rep_->Reap();
  std::lock_guard lock(rep_->mutex);
  THALWEG_RETURN_NOT_OK(rep_->first_error);
  return true;
}

void StreamingQueryManager::ResetTerminated() {
  rep_->Reap();
  std::lock_guard lock(rep_->mutex);
  rep_->any_ended = false;
  rep_->first_error = Status::OK();
}

int64_t StreamingQueryManager::AddListener(QueryListener listener) {
  std::lock_guard lock(rep_->mutex);
  rep_->listeners.emplace_back(rep_->next_listener, std::move(listener));
  return rep_->next_listener++;
}

void StreamingQueryManager::RemoveListener(int64_t number) {
  std::lock_guard lock(rep_->mutex);
  std::erase_if(rep_->listeners, [&](const auto& listener) { return listener.first == number; });
}

void StreamingQueryManager::StopAll() {
  const std::vector<ManagedQueryPtr> active = Active();
  for (const ManagedQueryPtr& query : active) query->rep_->query->RequestStop();
  for (const ManagedQueryPtr& query : active) (void)query->AwaitEnd();
  rep_->Reap();
}

// Outside the lock: a listener may ask for queries and listeners.
void StreamingQueryManager::Rep::Tell(const QueryEvent& event) {
  std::vector<std::pair<int64_t, QueryListener>> told;
  {
    std::lock_guard lock(mutex);
    told = listeners;
  }
  for (const auto& [number, listener] : told) listener(event);
}

bool StreamingQueryManager::Rep::AnyListener() {
  std::lock_guard lock(mutex);
  return !listeners.empty();
}

void StreamingQueryManager::Rep::NoteEnd(const Status& end) {
  {
    std::lock_guard lock(mutex);
    any_ended = true;
    if (first_error.ok()) first_error = end;
  }
  waiters.Notify();
}

/// Lets go of queries that have ended, by a thread that is none of theirs.
void StreamingQueryManager::Rep::Reap() {
  std::vector<ManagedQueryPtr> ended;
  std::lock_guard lock(mutex);
  for (ManagedQueryPtr& query : queries) {
    if (!query->active()) ended.push_back(std::move(query));
  }
  std::erase(queries, nullptr);
}

}  // namespace thalweg
