// The tasks of a simulated life. Each spawned task has a thread of its own, but only the one that
// holds the baton runs; it hands it on where it waits for a signal, where it joins a task, and
// where it ends. Who goes on is chosen by the seed among those that can, so the order is one that
// real threads could have taken, and the same seed takes it again. Where nobody can go on, the
// clock jumps to the next timeout; if there is none, the process stops: all would wait for ever.
//
// Between those points a task is not interrupted. A task must not hold a std::mutex while it waits.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/sim/sim_random.h"

namespace thalweg {

/// What tasks and the world share; touched only by the task that holds the baton.
struct SimMoment {
  int64_t now_ns = 0;    // virtual time since the start of the world
  bool crashed = false;  // every wait returns at once
};

struct SimTask {
  std::condition_variable goes_on;
  std::thread thread;  // none for the first task, the harness itself
  const bool* flag = nullptr;
  int64_t deadline_ns = -1;  // < 0: none
  const SimTask* joins = nullptr;
  bool done = false;
};

class SimScheduler {
 public:
  SimScheduler(SimRandom* random, SimMoment* moment);
  ~SimScheduler();

  /// Returns when *flag is true, the deadline (< 0: none) has come or the life has crashed.
  void WaitFor(const bool* flag, int64_t deadline_ns);
  SimTask* Spawn(std::function<void()> body);
  /// Lets the others run until `task` has ended, and forgets it.
  void Join(SimTask* task);

 private:
  bool CanGoOn(const SimTask& task) const;
  SimTask* ChooseNext();
  void GiveTo(SimTask* next, std::unique_lock<std::mutex>& lock);

  SimRandom* const random_;
  SimMoment* const moment_;
  std::mutex mutex_;
  SimTask first_;
  std::vector<std::unique_ptr<SimTask>> spawned_;
  SimTask* running_ = &first_;
  std::vector<SimTask*> able_;  // scratch of ChooseNext
};

}  // namespace thalweg
