// CheckpointReport: all that lies in a checkpoint, read to the last byte and changed in nothing;
// for `thalweg checkpoint inspect` and `verify`. Takes no lock, so that it works beside a running
// query, and goes on behind damage. One thread.
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "state/state_report.h"
#include "streaming/query_log.h"

namespace thalweg {

struct LogSegmentReport {
  std::string path;
  int64_t size_bytes = 0;
  int64_t first_epoch = -1;
  int64_t last_epoch = -1;
  int64_t torn_at =
      -1;  // >= 0: what stands from here on is no record, and is cut at the next start
};

struct CheckpointReport {
  std::string directory;
  std::string query_id;  // "": cannot be read
  std::string holder;    // who took the checkpoint last, "" when it was given back
  std::vector<LogSegmentReport> segments;
  LogState log;                     // what the log adds up to, as far as it can be read
  std::vector<LoggedEpoch> epochs;  // in order
  StateReport state;
  int64_t files_read = 0;
  int64_t bytes_read = 0;
  std::vector<Status> damages;     // each names its file and byte
  std::vector<std::string> notes;  // what is no damage and yet worth a word
};

/// The checkpoints at DIR: itself, or those of DIR/<table>/<flow>. Errors: THALWEG_NO_CHECKPOINT.
Result<std::vector<std::string>> FindCheckpoints(FileSystem& files, const std::string& directory);

/// Read again a few times where a running query changed its files meanwhile.
CheckpointReport ReadCheckpoint(FileSystem& files, const std::string& directory);

}  // namespace thalweg
