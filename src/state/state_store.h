// StateStore: all containers of one query and their files (DESIGN.md §4.4, §4.5).
//
//   state/<version>.base    everything at <version>        (merged from files, off the epoch's path)
//   state/<version>.delta   what changed since the file before it in the chain
//
// A version is durable when its file is complete, synced under `power`, and the query log has the
// record of it: streaming/ writes that record after Seal returns, and calls Load with the last
// version it found there. Files the log does not know are ignored and removed at the next seal. One
// thread at a time (the coordinator), lanes only inside containers.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/env.h"
#include "state/group_table.h"
#include "state/sliced_table.h"

namespace thalweg {

struct StateStoreOptions {
  std::string directory;    // "" keeps everything in memory only (batch queries)
  bool sync = false;        // fdatasync files and directory (durability = power)
  int64_t merge_above_percent = 75;  // merge when deltas exceed that share of the base
  int retained_versions = 2;         // chains of older versions kept on disk
};

class StateStore {
 public:
  StateStore(Env& env, MemoryBudget* budget, StateStoreOptions options);
  ~StateStore();

  /// Containers are made by the physical planner before Load. `fingerprint` says what is kept, by
  /// which keys; it must be unique in the query. Errors: INTERNAL_ERROR for a second one.
  Result<GroupTable*> AddGroupTable(const std::string& fingerprint, GroupTableOptions options);
  Result<SlicedTable*> AddSlicedTable(const std::string& fingerprint, GroupTableOptions options);

  /// Empties all containers and loads `version` (-1: stay empty). Errors:
  /// THALWEG_CHECKPOINT_DAMAGED with file and byte; a container that the file does not know stays
  /// empty, one that only the file knows is an error of the caller's program check.
  Status Load(int64_t version);
  /// Writes what changed since the last seal as `version`; on return the file is complete. Nothing
  /// dirty: still writes a (small) file, so that the version exists.
  Status Seal(int64_t version);
  /// The log holds the record of `version`: older files that no retained chain needs are removed and
  /// a due merge is done (by `tasks` off the epoch's path where there are spare workers).
  Status SealRecorded(int64_t version);

  int64_t last_sealed() const;
  ContainerMetrics metrics() const;
  std::vector<std::pair<std::string, ContainerMetrics>> metrics_by_container() const;

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

/// Checks every file of a state directory; for `thalweg checkpoint verify`.
Status VerifyStateDirectory(FileSystem& files, const std::string& directory);

}  // namespace thalweg
