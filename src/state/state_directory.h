// StateDirectory: which files of state there are, what each builds on, and what may go. Knows the
// directory by one listing at Open and by what the StateStore adds. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/env.h"
#include "state/state_file.h"

namespace thalweg {

struct StateFileInfo {
  StateFileHeader header;
  std::string name;
  int64_t bytes = 0;
};

/// A run of a chain that one file can stand for.
struct MergePlan {
  std::vector<StateFileInfo> inputs;  // oldest first
  StateFileHeader header;
  int64_t bytes = 0;  // of the inputs
};

class StateDirectory {
 public:
  StateDirectory(FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}

  /// Lists the directory. Files above version `recorded`, and others that are of no use, are
  /// strays: see RemoveStrays. Files that cannot be read are known as such, see Chain.
  Status Open(int64_t recorded);
  /// The files that make `version`, oldest (a base) first. Errors: THALWEG_CHECKPOINT_DAMAGED where
  /// one is missing, is damaged in its header or does not fit on the one before.
  Result<std::vector<StateFileInfo>> Chain(int64_t version) const;
  /// A new complete file, in place of another of its version. The other is a stray, if it is not
  /// overwritten.
  void Add(StateFileInfo info);
  /// A file that is not complete, or may not be there at all.
  void AddStray(std::string name) { strays_.push_back(std::move(name)); }
  Status RemoveStrays();
  /// Removes files that none of the newest `retained` versions up to `recorded` needs.
  Status RemoveUnneeded(int64_t recorded, int retained);
  /// What should be merged in the chain of `version`: all of it into a base when its deltas exceed
  /// `above_percent` of it, else many small deltas into one.
  Result<std::optional<MergePlan>> PlanMerge(int64_t version, int64_t above_percent) const;

  uint64_t NextSequence() { return ++sequence_; }
  std::string PathOf(const std::string& name) const { return JoinPath(path_, name); }
  const std::string& path() const { return path_; }
  static std::string NameOf(const StateFileHeader& header);
  const StateFileInfo* Find(int64_t version) const;

  static constexpr const char* kMergeName = "merge.tmp";

 private:
  struct Known {
    StateFileInfo info;
    Status status;  // of reading its header
  };

  FileSystem& files_;
  const std::string path_;
  std::map<int64_t, Known> known_;  // by version
  std::vector<std::string> strays_;
  uint64_t sequence_ = 0;
};

/// Version and kind in a file's name; nothing if it is not one of a state file.
struct StateFileName {
  int64_t version;
  bool is_base;
};
std::optional<StateFileName> ParseStateFileName(const std::string& name);

}  // namespace thalweg
