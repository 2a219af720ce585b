// Waiters: threads that wait for something to change, each on a signal of its own. Thread-safe.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "base/env.h"

namespace thalweg {

class Waiters {
 public:
  explicit Waiters(Env& env) : env_(env) {}
  /// Returns true when `done()`, which is asked at first and after each Notify; false after
  /// `timeout_us` (< 0: no limit).
  bool Wait(const std::function<bool()>& done, int64_t timeout_us);
  void Notify();

 private:
  Env& env_;
  std::mutex mutex_;
  std::vector<Signal*> signals_;  // guarded by the mutex
};

}  // namespace thalweg
