#include "child.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace thalweg {
namespace {

double SecondsOf(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

ChildCost RunInChild(const std::function<ChildResult()>& body) {
  void* const shared =
      mmap(nullptr, sizeof(ChildResult), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  Require(shared != MAP_FAILED, "no memory to share with a child process");
  auto* const result = static_cast<ChildResult*>(shared);
  std::fflush(stdout);
  const double begin = WallSeconds();
  const pid_t child = fork();
  Require(child >= 0, "no child process");
  if (child == 0) {
    *result = body();
    std::_Exit(0);
  }
  int status = 0;
  rusage usage;
  Require(wait4(child, &status, 0, &usage) == child, "the child process is lost");
  Require(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the child process failed");
  ChildCost out;
  out.cost.seconds = WallSeconds() - begin;
  out.cost.cpu_seconds = SecondsOf(usage.ru_utime) + SecondsOf(usage.ru_stime);
  out.peak_bytes = usage.ru_maxrss * 1024;
  out.rows = result->rows;
  out.checksum = result->checksum;
  munmap(shared, sizeof(ChildResult));
  return out;
}

}  // namespace thalweg
