#include "api/waiters.h"

#include <algorithm>

namespace thalweg {

bool Waiters::Wait(const std::function<bool()>& done, int64_t timeout_us) {
  if (done()) return true;
  const std::unique_ptr<Signal> signal = env_.tasks().NewSignal();
  {
    std::lock_guard lock(mutex_);
    signals_.push_back(signal.get());
  }
  const int64_t began_us = env_.clock().MonotonicNs() / 1000;
  bool is_done = done();
  while (!is_done) {
    int64_t left_us = -1;
    if (timeout_us >= 0) {
      left_us = timeout_us - (env_.clock().MonotonicNs() / 1000 - began_us);
      if (left_us <= 0) break;
    }
    signal->Wait(left_us);
    is_done = done();
  }
  std::lock_guard lock(mutex_);
  std::erase(signals_, signal.get());
  return is_done;
}

void Waiters::Notify() {
  std::lock_guard lock(mutex_);
  for (Signal* signal : signals_) signal->Set();
}

}  // namespace thalweg
