// The parts of the real Env (base/env.h), one file each; only posix_env.cc puts them together.
#pragma once

#include <memory>

#include "base/env.h"

namespace thalweg {

std::unique_ptr<FileSystem> NewPosixFileSystem();

/// `worker_count` bodies at once: the caller of Run and worker_count - 1 threads.
std::unique_ptr<Tasks> NewThreadTasks(int worker_count);

}  // namespace thalweg
