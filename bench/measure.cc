#include "measure.h"

#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace thalweg {
namespace {

double ClockSeconds(clockid_t clock);

}  // namespace

Cost Series::Best() const {
  return *std::min_element(passes.begin(), passes.end(),
                           [](const Cost& a, const Cost& b) { return a.seconds < b.seconds; });
}

double Series::Noise() const {
  std::vector<double> seconds;
  for (const Cost& pass : passes) seconds.push_back(pass.seconds);
  std::sort(seconds.begin(), seconds.end());
  return seconds[seconds.size() / 2] / seconds[0] - 1;
}

Cost TimeOnce(const std::function<void()>& body) {
  const double wall = ClockSeconds(CLOCK_MONOTONIC);
  const double cpu = ClockSeconds(CLOCK_PROCESS_CPUTIME_ID);
  body();
  return {ClockSeconds(CLOCK_MONOTONIC) - wall, ClockSeconds(CLOCK_PROCESS_CPUTIME_ID) - cpu};
}

double WallSeconds() {
  return ClockSeconds(CLOCK_MONOTONIC);
}

std::vector<Series> Interleave(int rounds, const std::vector<Program>& programs) {
  std::vector<Series> series(programs.size());
  for (int round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < programs.size(); ++i) {
      if (programs[i].prepare) programs[i].prepare();
      series[i].passes.push_back(TimeOnce(programs[i].run));
    }
  }
  return series;
}

int64_t PeakMemoryBytes() {
  FILE* status = std::fopen("/proc/self/status", "r");
  char line[256];
  long long kilobytes = 0;
  while (status != nullptr && std::fgets(line, sizeof(line), status) != nullptr) {
    if (std::sscanf(line, "VmHWM: %lld kB", &kilobytes) == 1) break;
  }
  if (status != nullptr) std::fclose(status);
  return kilobytes * 1024;
}

void ResetPeakMemory() {
  FILE* control = std::fopen("/proc/self/clear_refs", "w");
  if (control == nullptr) return;
  std::fputs("5", control);  // resets the peak resident size (man 5 proc)
  std::fclose(control);
}

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "thalweg-bench: %s\n", what);
  std::abort();
}

namespace {

double ClockSeconds(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace
}  // namespace thalweg
