// StateStore: all containers of one query and their files (DESIGN.md §4.4, §4.5).
//
//   state/<version>.base    everything at <version>
//   state/<version>.delta   what changed since the version that its header calls `previous`
//
// A version is durable when its file is complete, synced under `power`, and the query log has the
// record of it: streaming/ writes that record after Seal returns, and calls Load with the last
// version it found there. Files newer than that are not in the log: they are ignored and removed at
// the next SealRecorded. Runs of small deltas are merged into one, deltas that outgrow their base
// into a new base, always from files, never from live memory. One thread at a time (the
// coordinator), lanes only inside containers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/env.h"
#include "state/group_table.h"
#include "state/sliced_table.h"

namespace thalweg {

struct StateStoreOptions {
  std::string directory;             // "" keeps everything in memory only (batch queries)
  bool sync = false;                 // fdatasync files and directory (durability = power)
  int64_t merge_above_percent = 75;  // merge when deltas exceed that share of the base
  int retained_versions = 2;         // newest versions whose files are kept
};

class StateStore {
 public:
  StateStore(Env& env, MemoryBudget* budget, StateStoreOptions options);
  ~StateStore();

  /// Containers are made by the physical planner before Load. `fingerprint` says what is kept, by
  /// which keys; it must be unique in the query. Errors: INTERNAL_ERROR for a second one.
  Result<GroupTable*> AddGroupTable(const std::string& fingerprint, GroupTableOptions options);
  Result<SlicedTable*> AddSlicedTable(const std::string& fingerprint, GroupTableOptions options);

  /// True before lanes touch the containers at the same time, false when one lane has them all
  /// again. Cheap: tables that are not sharded yet are split when they are next asked for.
  Status SetParallel(bool parallel);

  /// Empties all containers and loads `version` (-1: stay empty). Errors:
  /// THALWEG_CHECKPOINT_DAMAGED with file and byte; THALWEG_CHECKPOINT_OF_OTHER_QUERY for a
  /// container that only the file knows or that is laid out otherwise; the memory limit. A
  /// container that the file does not know stays empty. After an error the containers are empty.
  Status Load(int64_t version);
  /// Writes what changed since the last seal as `version` (> the last one); on return the file is
  /// complete. Nothing dirty: still writes a (small) file, so that the version exists. After an
  /// error nothing is lost: Seal may be called again.
  Status Seal(int64_t version);
  /// The log holds the record of `version`: files that no retained version needs are removed, and a
  /// due merge goes on, in a task of its own where there are spare workers, else a step at a time.
  Status SealRecorded(int64_t version);

  int64_t last_sealed() const;
  ContainerMetrics metrics() const;
  /// About what Seal would write, for its cadence.
  int64_t dirty_bytes() const;
  std::vector<std::pair<std::string, ContainerMetrics>> metrics_by_container() const;

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace thalweg
