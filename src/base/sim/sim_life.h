// One life of the process in a simulated world, and what lives share (base/sim/ only): who counts
// the calls, and decides in which of them the life dies.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/env.h"
#include "base/sim/sim_disk.h"
#include "base/sim/sim_env.h"
#include "base/sim/sim_random.h"
#include "base/sim/sim_scheduler.h"

namespace thalweg {

/// What happens to a call: it works; the life dies in it (with the effect or without); it comes
/// after the death.
enum class Fate { kWorks, kDiesAfterEffect, kDiesBefore, kDead };

inline bool HasEffect(Fate fate) {
  return fate == Fate::kWorks || fate == Fate::kDiesAfterEffect;
}

struct SimWorldState {
  explicit SimWorldState(const SimOptions& options);

  /// Counts a call of life number `life`.
  Fate Enter(int64_t life, const char* call, std::string_view path = "", int64_t bytes = 0);
  int64_t NowUs() const { return options.start_us + moment.now_ns / 1000; }
  /// The virtual clock goes on by a little, chosen by the seed.
  void PassTime() { moment.now_ns += random.Below(20'000); }

  const SimOptions options;
  SimRandom random;
  SimMoment moment;
  SimDisk disk;
  std::map<std::string, int64_t, std::less<>> locks;  // path -> life that holds it

  int64_t life = 0;  // number of the present one
  int64_t calls = 0;
  int64_t calls_after_death = 0;
  int64_t crash_at_call = 0;
  std::string crash_site;
  uint64_t trace_hash = 0;

  std::string fail_sync_on;
  int64_t disk_bytes_left = -1;
};

std::unique_ptr<FileSystem> NewSimFileSystem(SimWorldState* world, int64_t life);
std::unique_ptr<Tasks> NewSimTasks(SimWorldState* world, int64_t life);

}  // namespace thalweg
