// StateReport: what lies in a directory of state, read to the last entry and changed in nothing;
// for `thalweg checkpoint`. Works beside a running query and on damaged files: what cannot be read
// of a file is said by its status. One thread at a time.
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "state/state_file.h"

namespace thalweg {

/// A container in one file.
struct StateContainerReport {
  std::string fingerprint;
  ContainerKind kind = ContainerKind::kGroups;
  int64_t entries = 0;  // about, in the whole container when the file was sealed
  int64_t written = 0;  // entries that the file holds
  int64_t erased = 0;   // entries of older files that it takes away
  int64_t slices_dropped = 0;
  int64_t bytes = 0;  // of its records
};

struct StateFileReport {
  std::string name;
  int64_t size_bytes = 0;
  int64_t version = 0;    // by its name
  bool recorded = false;  // the log knows this version or a later one
  StateFileHeader header;
  std::vector<StateContainerReport> containers;  // as far as they could be read
  Status status;  // THALWEG_CHECKPOINT_DAMAGED with file and byte, or why it cannot be read
};

struct StateReport {
  std::vector<StateFileReport> files;  // by version
  std::vector<std::string> chain;      // names of what makes the recorded version, oldest first
  Status chain_status;                 // why it cannot be made
  std::vector<std::string> strangers;  // names that are none of state files
};

/// Errors: the directory cannot be listed.
Result<StateReport> ReadStateDirectory(FileSystem& files, const std::string& directory,
                                       int64_t last_recorded);

/// OK if every file up to `last_recorded`, the newest version in the log, is whole and that version
/// can be made. Errors: THALWEG_CHECKPOINT_DAMAGED with file and byte.
Status VerifyStateDirectory(FileSystem& files, const std::string& directory, int64_t last_recorded);

}  // namespace thalweg
