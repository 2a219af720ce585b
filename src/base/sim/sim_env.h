// The simulated world: one task at a time in a seeded order, a virtual clock, a disk that loses,
// tears and reorders what was not synced, and a crash at any chosen call (DESIGN.md §4.7).
//
//   SimWorld ── survives crashes: disk, clock, seed, count of calls
//     └─ Env (one life of the process) ── every call counts; at call `crash_at_call` it dies:
//        that call and every later one fail, then the harness calls world.Crash() and starts the
//        next life with world.NewLife().
//
// Same options and same calls give the same trace, byte for byte.
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
  int worker_count = 1;  // what worker_count() says; bodies of Run are permuted whatever it is
  CrashKind crash_kind = CrashKind::kProcess;
  int64_t start_us = 1'704'067'200'000'000;  // 2024-01-01T00:00:00Z
};

/// A call is any virtual call of an Env's parts that a process could die in: all of Clock, Tasks
/// and FileSystem; Append, Sync, ReadAt, Set, Wait, Random; not the reads size_bytes() and
/// worker_count(). The call in which a life dies has, by the seed, taken effect or not (an Append
/// also in part). After the death files fail, clocks and random numbers go on, Wait returns at
/// once, and Run still runs its bodies (they only compute), so that the code unwinds by Status.
///
/// Spawn starts a task that first runs when the present one waits (sim_scheduler.h): tasks change
/// only in Wait, in the destructor of a Task and where a task ends.
class SimWorld {
 public:
  explicit SimWorld(SimOptions options);
  ~SimWorld();

  /// Starts a life that dies at its `crash_at_call`-th Env call (1-based; 0: never). The previous
  /// life's Env must be unused by now.
  Env& NewLife(int64_t crash_at_call = 0);
  /// Env calls of the present life, those after its death not counted.
  int64_t calls() const;
  bool crashed() const;
  /// The call that the life died in: "Append /q/log/1 (120 bytes, 17 written)"; "" if it lives.
  const std::string& crash_site() const;
  /// Depends on every call of all lives so far, its path and size: equal for equal runs.
  uint64_t trace_hash() const;
  /// Applies the crash to the disk: drops locks and, under kPower, loses what was not synced. The
  /// life ends here also if it had not crashed.
  void Crash();
  void AdvanceUs(int64_t us);
  /// Next seeded random number, for harnesses that need more choices.
  uint64_t Random();

  /// Faults other than crashes. A path fragment selects the files; "" means none.
  void FailSyncOn(
      std::string path_fragment);        // fdatasync returns EIO, the data is lost to the disk
  void SetDiskFullAfter(int64_t bytes);  // further appends fail as a full disk; -1: never
  /// Flips one bit of a stored file. Errors: no such file.
  Status FlipBit(const std::string& path, int64_t bit);

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace thalweg
