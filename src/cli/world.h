// Worlds: the ways in which a script is played. Its outputs must be the same in all. Pure.
#pragma once

#include <string>
#include <vector>

namespace thalweg {

/// Where the query dies once in every epoch.
enum class CrashPoint { kNone, kAfterLog, kAfterRun, kAfterState, kAfterSink };

struct World {
  int workers = 1;
  int batch_rows = 1024;
  bool restarts = false;  // before each epoch that brings rows
  CrashPoint crash = CrashPoint::kNone;
  /// "workers 3, batches of 1 row, restarts, crash after run"
  std::string Name() const;
};

/// What a script allows: one that names its restarts is not restarted elsewhere, one without a
/// stream neither restarts nor crashes.
struct WorldLimits {
  bool restarts = true;
  bool crashes = true;
};

/// All worlds, or a part of them in which every pair of choices occurs. The plain one comes first.
std::vector<World> WorldsOf(const WorldLimits& limits, bool all);

}  // namespace thalweg
