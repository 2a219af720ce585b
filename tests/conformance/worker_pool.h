// Cases played in forked processes, so that one that crashes or never ends is wrong and no more: a
// worker that dies or hangs is replaced. Call it from a process with one thread.
#pragma once

#include <cstddef>
#include <functional>

#include "verdict.h"

namespace thalweg {

struct WorkerPoolOptions {
  int workers = 2;
  int seconds_max = 20;  // per case
};

/// Calls play(0) … play(count - 1) in the workers, and done(i, verdict) here as they end.
void PlayInWorkers(size_t count, const std::function<Verdict(size_t)>& play,
                   const std::function<void(size_t, Verdict)>& done,
                   const WorkerPoolOptions& options);

}  // namespace thalweg
