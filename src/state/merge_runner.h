// MergeRunner: keeps the chain of a StateDirectory short. One merge at a time: in a task of its own
// where there are spare workers, else a step at each call; small ones at once. Its result replaces
// the newest of its inputs by a rename. Called by the coordinator alone.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/env.h"
#include "base/memory.h"
#include "state/state_directory.h"
#include "state/state_merge.h"

namespace thalweg {

class MergeRunner {
 public:
  MergeRunner(Env& env, MemoryBudget* budget, StateDirectory* directory, bool sync)
      : env_(env), budget_(budget), directory_(directory), sync_(sync) {}
  ~MergeRunner() { Cancel(); }

  /// A file of `bytes` was sealed: merging keeps pace with it.
  void NoteSealed(int64_t bytes) { step_bytes_ = bytes * 4; }
  /// Begins a merge in the chain of `version` if one is due, goes on with the one that runs, puts
  /// its result in place. Errors: those of the files; nothing runs afterwards.
  Status Advance(int64_t version, int64_t above_percent);
  bool running() const { return merge_ != nullptr; }
  /// Ends what runs; the half-made file is overwritten by the next merge.
  void Cancel();

 private:
  Status Begin(MergePlan plan);
  void Run();
  Status Install();

  Env& env_;
  MemoryBudget* const budget_;
  StateDirectory* const directory_;
  const bool sync_;
  int64_t step_bytes_ = 0;
  MergePlan plan_;
  int64_t reserved_bytes_ = 0;
  std::unique_ptr<StateMerge> merge_;
  // Of the task, if there is one: it writes status_ and then sets done_.
  Status status_;
  std::atomic<bool> done_{false};
  std::atomic<bool> cancelled_{false};
  std::unique_ptr<Task> task_;
};

}  // namespace thalweg
