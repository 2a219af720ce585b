#include "api/streaming_query.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "api/waiters.h"

namespace thalweg {
namespace {

constexpr int kRetriesMax = 10;
constexpr int64_t kFirstPauseUs = 100'000;
constexpr int64_t kPauseMaxUs = 10'000'000;
constexpr int64_t kSecondUs = 1'000'000;

}  // namespace

Result<Trigger> Trigger::Parse(std::string_view text) {
  if (text.empty() || text == "default") return Trigger();
  if (text == "available-now") return Trigger{Kind::kAvailableNow, 0};
  if (text == "once") return Trigger{Kind::kOnce, 0};
  const std::optional<int64_t> interval_us = ParseDurationUs(text);
  if (!interval_us || *interval_us < 0) {
    return Status::User(
        "THALWEG_INVALID_OPTION",
        {{"option", "trigger"},
         {"value", std::string(text)},
         {"wanted", "default, available-now, once or an interval such as '10 seconds'"}});
  }
  return Trigger{Kind::kProcessingTime, *interval_us};
}

struct StreamingQuery::Rep {
  Rep(Env& env, StreamingQueryOptions options)
      : env(env), options(std::move(options)), waiters(env) {}

  void Run();
  void WakeUp();
  Status RunEpochs();
  Status RunOne(bool* ran);
  void Wait(int64_t epoch_began_us);
  bool Retry(const Status& error);

  Env& env;
  const StreamingQueryOptions options;
  std::unique_ptr<EpochLoop> loop;  // of the query's thread; made and ended under the mutex
  std::string query_id;
  Waiters waiters;  // for a look that finds nothing, and for the end
  std::atomic<bool> stop{false};
  std::atomic<bool> running{true};
  std::atomic<int64_t> looks_wanted{0};  // calls of ProcessAllAvailable
  std::atomic<int64_t> looks_idle{0};    // how many of them are answered
  int attempts = 0;
  int64_t last_began_us = 0;
  EpochSummary summary;     // of the last look
  EpochSummary last_epoch;  // that ran
  std::mutex mutex;
  Status result;               // guarded by the mutex
  std::unique_ptr<Task> task;  // the last member: its end comes first
};

Result<std::unique_ptr<StreamingQuery>> StreamingQuery::Start(const RelationPtr& plan, Env& env,
                                                              StreamingQueryOptions options) {
  options.loop.available_now = options.trigger.ends();
  auto rep = std::make_unique<Rep>(env, std::move(options));
  THALWEG_ASSIGN_OR_RETURN(rep->loop, EpochLoop::Start(plan, env, rep->options.loop));
  rep->query_id = rep->loop->query_id();
  Rep* const self = rep.get();
  rep->task = env.tasks().Spawn("query " + rep->options.name, [self] { self->Run(); });
  return std::unique_ptr<StreamingQuery>(new StreamingQuery(std::move(rep)));
}

StreamingQuery::StreamingQuery(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}

StreamingQuery::~StreamingQuery() {
  RequestStop();
  rep_->task.reset();
}

const std::string& StreamingQuery::name() const {
  return rep_->options.name;
}
const std::string& StreamingQuery::query_id() const {
  return rep_->query_id;
}
bool StreamingQuery::running() const {
  return rep_->running;
}

void StreamingQuery::RequestStop() {
  rep_->stop = true;
  rep_->WakeUp();
}

Status StreamingQuery::AwaitEnd() {
  (void)AwaitEnd(-1);
  std::lock_guard lock(rep_->mutex);
  return rep_->result;
}

bool StreamingQuery::AwaitEnd(int64_t timeout_us) {
  return rep_->waiters.Wait([this] { return !rep_->running; }, timeout_us);
}

Status StreamingQuery::ProcessAllAvailable() {
  const int64_t wanted = ++rep_->looks_wanted;
  rep_->WakeUp();
  rep_->waiters.Wait([&] { return rep_->looks_idle >= wanted || !rep_->running; }, -1);
  if (rep_->looks_idle >= wanted) return Status::OK();
  std::lock_guard lock(rep_->mutex);
  return rep_->result;
}

void StreamingQuery::Rep::Run() {
  Status status = RunEpochs();
  const bool has_plan = status.ok() || attempts == 0;  // a recovery that failed has left none
  if (options.on_pause && has_plan) options.on_pause(last_epoch, *loop);
  const Status stopped = loop->Stop();
  if (status.ok()) status = stopped;
  {
    // Gives the checkpoint and the memory back, whoever still holds the query.
    std::lock_guard lock(mutex);
    loop.reset();
    result = status;
  }
  if (options.on_end) options.on_end(status);
  running = false;
  waiters.Notify();
}

void StreamingQuery::Rep::WakeUp() {
  std::lock_guard lock(mutex);
  if (loop != nullptr) loop->wake().Set();
}

Status StreamingQuery::Rep::RunEpochs() {
  while (!stop) {
    const int64_t began_us = env.clock().MonotonicNs() / 1000;
    bool ran = false;
    const Status status = RunOne(&ran);
    if (!status.ok()) {
      if (!Retry(status)) return status;
      continue;
    }
    attempts = 0;
    if (options.trigger.kind == Trigger::Kind::kOnce && ran) return Status::OK();
    if (!ran && options.trigger.ends()) return Status::OK();
    if (!ran || options.trigger.kind == Trigger::Kind::kProcessingTime) Wait(began_us);
  }
  return Status::OK();
}

Status StreamingQuery::Rep::RunOne(bool* ran) {
  const int64_t look = looks_wanted;
  const int64_t began_us = env.clock().MonotonicNs() / 1000;
  THALWEG_RETURN_NOT_OK(loop->RunOnce(&summary));
  *ran = summary.kind != EpochKind::kNone;
  if (!*ran) {
    if (options.on_pause) options.on_pause(last_epoch, *loop);
    looks_idle = look;
    waiters.Notify();
    return Status::OK();
  }
  summary.duration_us = env.clock().MonotonicNs() / 1000 - began_us;
  summary.since_previous_us = last_began_us == 0 ? 0 : began_us - last_began_us;
  last_began_us = began_us;
  if (options.on_pause) last_epoch = summary;
  if (options.on_epoch) options.on_epoch(summary, *loop);
  return Status::OK();
}

/// Until the sources have more, a seal is due, or the trigger's next tick.
void StreamingQuery::Rep::Wait(int64_t epoch_began_us) {
  const int64_t seal_us = loop->UsUntilSeal();
  if (options.trigger.kind != Trigger::Kind::kProcessingTime) {
    int64_t pause_us = kSecondUs / 10;  // sources without a waker of their own are asked again
    if (seal_us >= 0) pause_us = std::min(pause_us, seal_us);
    if (!stop) loop->wake().Wait(pause_us);
    return;
  }
  const int64_t interval_us = std::max<int64_t>(1, options.trigger.interval_us);
  const int64_t next_us = (epoch_began_us / interval_us + 1) * interval_us;
  while (!stop) {
    const int64_t left_us = next_us - env.clock().MonotonicNs() / 1000;
    if (left_us <= 0) return;
    loop->wake().Wait(std::min(left_us, kSecondUs / 10));
  }
}

/// True when the query stands before its next epoch again.
bool StreamingQuery::Rep::Retry(const Status& error) {
  Status failed = error;
  while (!stop && loop->CanRecover() && attempts < kRetriesMax) {
    if (options.on_retry) options.on_retry(failed, ++attempts);
    const int64_t pause_us = std::min(kPauseMaxUs, kFirstPauseUs << std::min(attempts, 10));
    const int64_t until_us = env.clock().MonotonicNs() / 1000 + pause_us;
    while (!stop && env.clock().MonotonicNs() / 1000 < until_us) loop->wake().Wait(pause_us);
    failed = loop->Recover();
    if (failed.ok()) return true;
  }
  return false;
}

}  // namespace thalweg
