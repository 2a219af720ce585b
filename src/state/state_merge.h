// StateMerge: several files of state, each building on the one before, into one that stands for
// all. Works from files alone, an entry at a time: the inputs are sorted streams, of equal keys the
// newest wins (state/keyed_records.h). Its memory is a record or two per input. One thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/env.h"
#include "state/state_file.h"

namespace thalweg {

struct StateMergeJob {
  std::vector<std::string> inputs;  // oldest first; the first is a base if the result is one
  std::string output;
  StateFileHeader header;  // of the output
  bool sync = false;
};

class StateMerge {
 public:
  static Result<std::unique_ptr<StateMerge>> Begin(FileSystem& files, StateMergeJob job);
  ~StateMerge();

  /// Reads about `bytes` more; true when the output is complete. Errors: damaged inputs with file
  /// and byte; a merge that failed is over.
  Result<bool> Step(int64_t bytes);
  int64_t output_bytes() const;

 private:
  class Input;
  StateMerge(StateMergeJob job, std::unique_ptr<StateFileWriter> writer);

  Status NextContainer(bool* done);
  Status MergeRun(bool* more);
  Status Emit(const Input& input);
  int64_t read_bytes() const;

  const StateMergeJob job_;
  std::unique_ptr<StateFileWriter> writer_;
  std::vector<std::unique_ptr<Input>> inputs_;  // oldest first
  std::vector<Input*> merging_;                 // those that have the present container
  bool in_container_ = false;
  ContainerHeader container_;
  std::unique_ptr<KeyedWriter> entries_;
  bool in_section_ = false;
  int64_t section_ = 0;
};

}  // namespace thalweg
