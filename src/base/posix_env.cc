#include "base/posix_env.h"

#include <sched.h>
#include <sys/random.h>
#include <time.h>

#include "base/env.h"

namespace thalweg {
namespace {

class PosixClock final : public Clock {
 public:
  int64_t NowUs() override {
    timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1'000'000 + now.tv_nsec / 1000;
  }
  int64_t MonotonicNs() override {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
  }
};

// The cores that this process may use, which a container can hold below those of the machine.
int UsableCores() {
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  return CPU_COUNT(&cores);
}

class PosixEnv final : public Env {
 public:
  explicit PosixEnv(int worker_count)
      : files_(NewPosixFileSystem()),
        tasks_(NewThreadTasks(worker_count > 0 ? worker_count : UsableCores())) {}

  Clock& clock() override { return clock_; }
  FileSystem& files() override { return *files_; }
  Tasks& tasks() override { return *tasks_; }
  uint64_t Random() override {
    uint64_t bits = 0;
    THALWEG_CHECK(getrandom(&bits, sizeof bits, 0) == sizeof bits,
                  "the system gives no random bits");
    return bits;
  }

 private:
  PosixClock clock_;
  std::unique_ptr<FileSystem> files_;
  std::unique_ptr<Tasks> tasks_;
};

}  // namespace

std::unique_ptr<Env> NewPosixEnv(int worker_count) {
  return std::make_unique<PosixEnv>(worker_count);
}

}  // namespace thalweg
