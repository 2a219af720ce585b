// CrashRun: one run of the query in the simulated world, killed at a chosen Env call and started
// again, to the end of its input. Source and sink contents are the outside world's and survive.
//
//   life 1 ── steps of the feed … ✗ call K ─▶ world.Crash() ─▶ life 2 ── the other steps … stop
//                                       ─▶ last life: a row far ahead, drain, stop
//
// Afterwards what came out is compared with the oracle. Everything follows from the Scenario, so a
// failure is played again by its numbers.
#pragma once

#include <cstdint>
#include <string>

#include "base/sim/sim_env.h"
#include "oracle.h"

namespace thalweg {

/// A step of the epoch loop that is left out, to show that the run notices.
enum class SkippedStep : uint8_t { kNone, kEpochRecord, kStateSeal, kSinkCommit };

struct Scenario {
  uint64_t seed = 1;
  int workers = 1;
  int rows_per_batch = 1024;
  bool sliding = false;
  bool late_rows = false;
  bool power_durability = false;  // thalweg.durability = power
  CrashKind crash_kind = CrashKind::kProcess;
  SkippedStep skipped = SkippedStep::kNone;

  /// The arguments of simulation_test that play it again.
  std::string ToString() const;
};

struct CrashPoints {
  int64_t at = 0;     // Env call of the whole run that dies; 0: none
  int64_t again = 0;  // Env call of the life after that dies, too; 0: none
};

struct RunReport {
  int64_t calls = 0;      // Env calls before the last life
  int64_t epochs = 0;     // that the log holds in the end
  int64_t late_rows = 0;  // as the oracle counts them
  int64_t rows_out = 0;
  bool crashed = false;
  bool refused = false;  // the query would not start again: `failure` says why
  std::string failure;   // "": all that came out is right
};

RunReport RunScenario(const Scenario& scenario, const CrashPoints& crash);

}  // namespace thalweg
