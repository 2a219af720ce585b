// Worker threads, and the fan-out of an epoch onto them. A Run is a Job on its caller's stack,
// linked into a list while it has bodies left; a worker enters the first such job and takes bodies
// by number until none are left. The caller takes bodies too, unlinks the job and waits for who is
// still in it.
//
// Waking: every new job raises jobs_version_; a worker that finds no job spins for about 20 µs on
// that number (the next phase of an epoch follows soon) and then sleeps on it.
#include <pthread.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "base/posix_env.h"
#include "base/posix_futex.h"

namespace thalweg {
namespace {

constexpr uint32_t kCallerSleeps = 1u << 31;

struct Job {
  const std::function<void(int)>* body;
  int count;
  std::atomic<int> next{0};         // number of the next body
  std::atomic<uint32_t> inside{0};  // workers in this job, and kCallerSleeps
  Job* after = nullptr;             // in the list; guarded by jobs_mutex_

  bool HasBodies() const { return next.load(std::memory_order_relaxed) < count; }
  void RunBodies() {
    for (int i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) (*body)(i);
  }
};

// 0: clear, 1: set, 2: clear and a task sleeps. Set touches the word once, so that the waiter may
// destroy the signal as soon as it has seen it.
class FutexSignal final : public Signal {
 public:
  void Set() override {
    if (state_.exchange(1) == 2) FutexWake(&state_, 1);
  }
  bool Wait(int64_t timeout_us) override;

 private:
  std::atomic<uint32_t> state_{0};
};

class ThreadTask final : public Task {
 public:
  ThreadTask(const std::string& name, std::function<void()> body) : thread_(std::move(body)) {
    // The system keeps 15 bytes of a thread's name.
    pthread_setname_np(thread_.native_handle(), name.substr(0, 15).c_str());
  }
  ~ThreadTask() override { thread_.join(); }

 private:
  std::thread thread_;
};

class ThreadTasks final : public Tasks {
 public:
  explicit ThreadTasks(int worker_count) {
    for (int i = 1; i < worker_count; ++i) {
      workers_.emplace_back([this] { Work(); });
      pthread_setname_np(workers_.back().native_handle(), ("worker-" + std::to_string(i)).c_str());
    }
  }
  ~ThreadTasks() override;

  void Run(int count, const std::function<void(int)>& body) override;
  int worker_count() const override { return static_cast<int>(workers_.size()) + 1; }
  std::unique_ptr<Task> Spawn(const std::string& name, std::function<void()> body) override {
    return std::make_unique<ThreadTask>(name, std::move(body));
  }
  std::unique_ptr<Signal> NewSignal() override { return std::make_unique<FutexSignal>(); }

 private:
  void Work();
  Job* EnterJob();
  void Unlink(Job* job);

  std::vector<std::thread> workers_;
  std::mutex jobs_mutex_;
  Job* jobs_ = nullptr;  // guarded by jobs_mutex_
  std::atomic<uint32_t> jobs_version_{0};
  std::atomic<int> sleepers_{0};
  std::atomic<bool> stopping_{false};
};

void ThreadTasks::Run(int count, const std::function<void(int)>& body) {
  if (count <= 0) return;
  if (count == 1 || workers_.empty()) {
    for (int i = 0; i < count; ++i) body(i);
    return;
  }
  Job job{&body, count};
  {
    std::lock_guard lock(jobs_mutex_);
    job.after = jobs_;
    jobs_ = &job;
  }
  // A worker counts itself as a sleeper before it looks at the version for the last time; either it
  // sees this change or we see it sleeping.
  jobs_version_.fetch_add(1);
  if (sleepers_.load() > 0) FutexWake(&jobs_version_, count - 1);
  job.RunBodies();
  Unlink(&job);
  const auto everybody_left = [&job] { return job.inside.load(std::memory_order_acquire) == 0; };
  if (SpinBriefly(everybody_left)) return;
  uint32_t inside = job.inside.fetch_or(kCallerSleeps, std::memory_order_acq_rel) | kCallerSleeps;
  while (inside != kCallerSleeps) {
    FutexWait(job.inside, inside);
    inside = job.inside.load(std::memory_order_acquire);
  }
}

void ThreadTasks::Work() {
  while (true) {
    // The version first: who reads it after the destructor raised it sees stopping_ as well, and
    // who read it before does not sleep on it any more.
    const uint32_t version = jobs_version_.load();
    if (stopping_.load()) return;
    if (Job* job = EnterJob(); job != nullptr) {
      job->RunBodies();
      // After this the job may be gone; only its address is used.
      if (job->inside.fetch_sub(1, std::memory_order_acq_rel) == (kCallerSleeps | 1)) {
        FutexWake(&job->inside, 1);
      }
      continue;
    }
    if (SpinBriefly([&] { return jobs_version_.load(std::memory_order_relaxed) != version; })) {
      continue;
    }
    sleepers_.fetch_add(1);
    FutexWait(jobs_version_, version);
    sleepers_.fetch_sub(1);
  }
}

Job* ThreadTasks::EnterJob() {
  std::lock_guard lock(jobs_mutex_);
  for (Job* job = jobs_; job != nullptr; job = job->after) {
    if (!job->HasBodies()) continue;
    job->inside.fetch_add(1, std::memory_order_relaxed);
    return job;
  }
  return nullptr;
}

void ThreadTasks::Unlink(Job* job) {
  std::lock_guard lock(jobs_mutex_);
  Job** link = &jobs_;
  while (*link != job) link = &(*link)->after;
  *link = job->after;
}

ThreadTasks::~ThreadTasks() {
  THALWEG_CHECK(jobs_ == nullptr, "tasks are destroyed while a Run is going on");
  stopping_.store(true);
  jobs_version_.fetch_add(1);
  FutexWake(&jobs_version_, worker_count());
  for (std::thread& worker : workers_) worker.join();
}

bool FutexSignal::Wait(int64_t timeout_us) {
  if (state_.exchange(0) == 1) return true;
  const int64_t end_ns = timeout_us < 0 ? 0 : detail::SpinClockNs() + timeout_us * 1000;
  while (true) {
    uint32_t clear = 0;
    if (!state_.compare_exchange_strong(clear, 2) && clear == 1) break;
    const int64_t left_ns = timeout_us < 0 ? -1 : end_ns - detail::SpinClockNs();
    if (timeout_us >= 0 && left_ns <= 0) break;
    FutexWait(state_, 2, left_ns);
  }
  return state_.exchange(0) == 1;
}

}  // namespace

std::unique_ptr<Tasks> NewThreadTasks(int worker_count) {
  return std::make_unique<ThreadTasks>(worker_count);
}

}  // namespace thalweg
