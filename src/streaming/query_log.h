// QueryLog: what an epoch uses, written down before it can influence a result (law 3), and what was
// committed (DESIGN.md §4.5). Append-only segments below log/ of a checkpoint, whose bytes
// streaming/log_format.h draws. The log of a life of a query:
//
//   program  ( epoch n  [prepared n]  commit n  [durable state n] )*
//
//  1. Epoch n + 1 comes after commit n; numbers have no gaps.
//  2. A version is called durable only when its epoch is committed, so that a replay always ends
//     before the epoch that is not.
//  3. A new segment begins by repeating the last record of each kind: any suffix of the segments
//     that holds the epochs of a replay is a whole log.
//  4. After a failed append or sync the log takes nothing more: it must be opened again.
//
// One thread at a time. Appending is one write and allocates nothing in the steady state. Errors of
// Open and of cursors: THALWEG_CHECKPOINT_DAMAGED with file and byte; world errors of the disk.
#pragma once

#include <memory>

#include "base/env.h"
#include "streaming/log_format.h"

namespace thalweg {

struct QueryLogOptions {
  bool sync = false;  // durability = power: Sync makes durable what was appended
  int64_t segment_bytes = 16 << 20;
  int64_t retained_epochs = 100;
  int64_t retained_us = 600'000'000;
};

/// What a log says about where to go on.
struct LogState {
  std::optional<EpochRecord> last_epoch;
  std::optional<CommitRecord> last_commit;
  std::optional<CommitRecord> prepared;  // of last_epoch, when that is not committed
  std::optional<ProgramRecord> program;
  int64_t durable_state = -1;  // version, -1: none

  int64_t last_epoch_number() const { return last_epoch ? last_epoch->epoch : -1; }
  int64_t last_commit_number() const { return last_commit ? last_commit->epoch : -1; }
};

/// An epoch for a replay.
struct LoggedEpoch {
  EpochRecord epoch;
  std::optional<CommitRecord> commit;
};

/// Reads the epochs of a log in order, a segment in memory at a time. The log must not be trimmed
/// meanwhile.
class LogCursor {
 public:
  ~LogCursor();
  /// The next epoch; false at the end of what was logged when the cursor was made.
  Result<bool> Next(LoggedEpoch* out);

 private:
  friend class QueryLog;
  struct Rep;
  explicit LogCursor(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

class QueryLog {
 public:
  /// Opens or makes the log below `directory`, cutting a torn tail.
  static Result<std::unique_ptr<QueryLog>> Open(Env& env, const std::string& directory,
                                                QueryLogOptions options);
  ~QueryLog();

  /// Kept up to date by the appends.
  const LogState& state() const;
  Status AppendProgram(const ProgramRecord& record);
  Status AppendEpoch(const EpochRecord& record);
  Status AppendPrepared(const CommitRecord& record);
  /// With `state_is_durable` also says, in the same write, that this epoch's version is durable.
  Status AppendCommit(const CommitRecord& record, bool state_is_durable = false);
  Status AppendDurableState(int64_t version);
  /// With options.sync, makes durable what was appended; else does nothing.
  Status Sync();
  /// The epochs after `epoch` (-1: all), from the first one on; an error if it is not there.
  Result<std::unique_ptr<LogCursor>> EpochsAfter(int64_t epoch) const;
  /// Removes whole segments that neither a replay from the durable state nor retention needs.
  Status Trim(int64_t now_us);

 private:
  struct Rep;
  explicit QueryLog(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

/// Checks every byte of a log directory and changes nothing; a torn tail is no error. For
/// `thalweg checkpoint verify`.
Status VerifyLogDirectory(FileSystem& files, const std::string& directory);

}  // namespace thalweg
