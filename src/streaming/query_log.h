// QueryLog: what an epoch uses, written down before it can influence a result (law 3), and what was
// committed (DESIGN.md §4.5). Append-only segments under log/ in the checkpoint directory.
//
//   epoch record    epoch, batch time, watermark, offsets (from, to) of every source, conf
//   commit record   epoch, next watermark, rows and bytes read per source
//   state record    version that is durable in state/
//   program record  build, format, plan fingerprint, versions (at each start)
//
// Each record: length, type, CRC32C, payload; a torn tail is cut at open, anything else wrong is
// THALWEG_CHECKPOINT_DAMAGED with file and byte. One thread at a time. Appending allocates nothing
// in the steady state.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/env.h"
#include "data/contracts.h"

namespace thalweg {

struct EpochRecord {
  int64_t epoch = 0;
  int64_t batch_time_us = 0;
  int64_t watermark_us = 0;       // used by this epoch (evict); ms precision
  int64_t late_watermark_us = 0;  // of the epoch before (late)
  bool no_data = false;
  std::vector<Offset> from;  // by source
  std::vector<Offset> to;
};

struct CommitRecord {
  int64_t epoch = 0;
  int64_t next_watermark_us = 0;
  std::vector<int64_t> rows_read;  // by source
  std::vector<int64_t> bytes_read;
};

struct ProgramRecord {
  std::string build;
  std::string plan_fingerprint;
  std::string versions;  // format, tzdata, ICU, UDFs: "tzdata=2024a;…"
  std::string pinned_conf;
};

struct QueryLogOptions {
  bool sync = false;  // fdatasync every epoch (durability = power)
  int64_t segment_bytes = 16 << 20;
  int64_t retained_epochs = 100;
  int64_t retained_us = 600'000'000;
};

/// What a log says about where to go on.
struct LogState {
  std::optional<EpochRecord> last_epoch;
  std::optional<CommitRecord> last_commit;
  int64_t durable_state = -1;  // version, -1: none
  std::optional<ProgramRecord> program;
};

class QueryLog {
 public:
  /// Opens or makes the log below `directory`, cutting a torn tail.
  static Result<std::unique_ptr<QueryLog>> Open(Env& env, const std::string& directory,
                                                QueryLogOptions options);
  ~QueryLog();

  const LogState& state() const;
  Status AppendProgram(const ProgramRecord& record);
  Status AppendEpoch(const EpochRecord& record);
  Status AppendCommit(const CommitRecord& record);
  Status AppendDurableState(int64_t version);
  /// Makes everything appended durable, where the options ask for it.
  Status Sync();
  /// Records of epochs (after, through], with commits where there are any, for replay.
  Status ReadEpochs(int64_t after, int64_t through, std::vector<EpochRecord>* epochs,
                    std::vector<CommitRecord>* commits);
  /// Removes whole segments that neither a replay from `durable_state` nor retention needs.
  Status Trim(int64_t now_us);

 private:
  struct Rep;
  explicit QueryLog(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace thalweg
