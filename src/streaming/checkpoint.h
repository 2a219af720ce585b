// Checkpoint: the directory that a streaming query goes on from (DESIGN.md §4.5).
//
//   LOCK       held while this object lives: a second opener is refused
//   metadata   the query's id, and which programs may read this directory
//   log/       what epochs used and what was committed          (streaming/query_log.h)
//   state/     versions of the state                            (state/state_store.h)
//   sources/N  sinks/0                                          their own notes
//
// Opened once a query; afterwards immutable and thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/env.h"

namespace thalweg {

struct CheckpointOptions {
  std::string directory{};
  std::string query_id{};  // "": the one found there, else a new one
  bool sync = false;       // durability = power
};

class Checkpoint {
 public:
  /// Opens or makes the directory. Errors: THALWEG_CHECKPOINT_IN_USE with the holder;
  /// THALWEG_CHECKPOINT_OF_OTHER_QUERY; THALWEG_CHECKPOINT_DAMAGED; world errors of the disk.
  static Result<std::unique_ptr<Checkpoint>> Open(Env& env, const CheckpointOptions& options);

  const std::string& directory() const { return directory_; }
  const std::string& query_id() const { return query_id_; }
  std::string log_directory() const { return JoinPath(directory_, "log"); }
  std::string state_directory() const { return JoinPath(directory_, "state"); }
  std::string source_directory(int source) const;
  std::string sink_directory() const { return JoinPath(directory_, "sinks/0"); }

 private:
  Checkpoint(std::string directory, std::string query_id, std::unique_ptr<FileLock> lock);

  const std::string directory_;
  const std::string query_id_;
  const std::unique_ptr<FileLock> lock_;
};

/// The query id of a checkpoint, without opening it; nothing if there is none yet. Errors:
/// THALWEG_CHECKPOINT_DAMAGED.
Result<std::optional<std::string>> ReadCheckpointQueryId(FileSystem& files,
                                                         const std::string& directory);

}  // namespace thalweg
