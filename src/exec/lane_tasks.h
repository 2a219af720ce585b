// LaneTasks: runs a piece of work once a lane on the workers, or in place where there is one lane.
// The std::function that Tasks::Run wants is made once. The coordinator's.
#pragma once

#include <functional>

#include "base/env.h"

namespace thalweg {

class LaneTasks {
 public:
  explicit LaneTasks(Tasks* tasks)
      : tasks_(tasks), body_([this](int lane) { call_(work_, lane); }) {}
  LaneTasks(const LaneTasks&) = delete;
  LaneTasks& operator=(const LaneTasks&) = delete;

  /// Calls work(0) … work(lanes - 1); returns when all have returned.
  template <class Work>
  void Run(int lanes, Work&& work) {
    if (lanes == 1) return work(0);
    work_ = &work;
    call_ = [](void* self, int lane) {
      (*static_cast<std::remove_reference_t<Work>*>(self))(lane);
    };
    tasks_->Run(lanes, body_);
  }

 private:
  Tasks* const tasks_;
  void* work_ = nullptr;
  void (*call_)(void*, int) = nullptr;
  const std::function<void(int)> body_;
};

}  // namespace thalweg
