// The simulated world: one thread, a seeded order of tasks, a virtual clock, a disk that loses,
// tears and reorders what was not synced, and a crash at any chosen call (DESIGN.md §4.7).
//
//   SimWorld ── survives crashes: disk, clock, seed, count of calls
//     └─ SimEnv (one life of the process) ── every call counts; at call `crash_at_call` it dies:
//        that call and every later one fail, then the harness calls world.Crash() and starts the
//        next life with world.NewLife().
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/env.h"

namespace thalweg {

enum class CrashKind {
  kProcess,  // kill -9: what was written survives, synced or not
  kPower,    // what was not synced may be lost, torn or reordered, by the seed
};

struct SimOptions {
  uint64_t seed = 1;
  int worker_count = 1;  // bodies of Tasks::Run are permuted by the seed
  CrashKind crash_kind = CrashKind::kProcess;
  int64_t start_us = 1'704'067'200'000'000;  // 2024-01-01T00:00:00Z
};

class SimWorld {
 public:
  explicit SimWorld(SimOptions options);
  ~SimWorld();

  /// Starts a life that dies at its `crash_at_call`-th Env call (1-based; 0: never). The previous
  /// life's Env must be unused by now.
  Env& NewLife(int64_t crash_at_call = 0);
  /// Env calls of the present life.
  int64_t calls() const;
  bool crashed() const;
  /// Applies the crash to the disk: drops locks and, under kPower, loses what was not synced.
  void Crash();
  void AdvanceUs(int64_t us);
  /// Next seeded random number, for harnesses that need more choices.
  uint64_t Random();

  /// Faults other than crashes. A path fragment selects the files; "" means none.
  void FailSyncOn(std::string path_fragment);  // fdatasync returns EIO
  void SetDiskFullAfter(int64_t bytes);        // further appends fail as a full disk; -1: never
  /// Flips one bit of a stored file. Errors: no such file.
  Status FlipBit(const std::string& path, int64_t bit);

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace thalweg
