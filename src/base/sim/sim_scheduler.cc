#include "base/sim/sim_scheduler.h"

#include <algorithm>

#include "base/check.h"

namespace thalweg {

SimScheduler::SimScheduler(SimRandom* random, SimMoment* moment)
    : random_(random), moment_(moment) {}

SimScheduler::~SimScheduler() {
  THALWEG_CHECK(spawned_.empty(), "a simulated life ends while tasks that it spawned are held");
}

void SimScheduler::WaitFor(const bool* flag, int64_t deadline_ns) {
  std::unique_lock lock(mutex_);
  SimTask* const self = running_;
  self->flag = flag;
  self->deadline_ns = deadline_ns;
  GiveTo(ChooseNext(), lock);
  self->flag = nullptr;
  self->deadline_ns = -1;
}

SimTask* SimScheduler::Spawn(std::function<void()> body) {
  std::lock_guard lock(mutex_);
  SimTask* task = spawned_.emplace_back(std::make_unique<SimTask>()).get();
  static constexpr bool kReady = true;
  task->flag = &kReady;
  task->thread = std::thread([this, task, body = std::move(body)] {
    {
      std::unique_lock start(mutex_);
      task->goes_on.wait(start, [&] { return running_ == task; });
    }
    body();
    std::unique_lock end(mutex_);
    task->done = true;
    running_ = ChooseNext();
    running_->goes_on.notify_one();
  });
  return task;
}

void SimScheduler::Join(SimTask* task) {
  {
    std::unique_lock lock(mutex_);
    SimTask* const self = running_;
    self->joins = task;
    GiveTo(ChooseNext(), lock);
    self->joins = nullptr;
  }
  task->thread.join();
  std::erase_if(spawned_, [task](const auto& each) { return each.get() == task; });
}

bool SimScheduler::CanGoOn(const SimTask& task) const {
  if (task.done) return false;
  if (task.joins != nullptr) return task.joins->done;
  return moment_->crashed || *task.flag ||
         (task.deadline_ns >= 0 && task.deadline_ns <= moment_->now_ns);
}

SimTask* SimScheduler::ChooseNext() {
  while (true) {
    able_.clear();
    int64_t next_ns = INT64_MAX;
    const auto look_at = [&](SimTask& task) {
      if (CanGoOn(task)) able_.push_back(&task);
      if (!task.done && task.joins == nullptr && task.deadline_ns >= 0) {
        next_ns = std::min(next_ns, task.deadline_ns);
      }
    };
    look_at(first_);
    for (const auto& task : spawned_) look_at(*task);
    if (able_.size() == 1) return able_[0];
    if (!able_.empty()) {
      return able_[static_cast<size_t>(random_->Below(static_cast<int64_t>(able_.size())))];
    }
    THALWEG_CHECK(next_ns != INT64_MAX,
                  "every task of the simulated life waits, without a limit, for another");
    moment_->now_ns = next_ns;
  }
}

void SimScheduler::GiveTo(SimTask* next, std::unique_lock<std::mutex>& lock) {
  SimTask* const self = running_;
  if (next == self) return;
  running_ = next;
  next->goes_on.notify_one();
  self->goes_on.wait(lock, [&] { return running_ == self; });
}

}  // namespace thalweg
