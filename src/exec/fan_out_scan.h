// FanOutScan: reads the splits of a source on several lanes, in rounds (DESIGN.md §4.6). A round
// fills the exchange above the scan up to some bytes; then the consumers get the rows of all splits
// that were read to the end and of the first one that was not, so that the order is that of the
// splits and the memory is bounded. Without an exchange there is one round.
//
// When a split fails, those before it are read to their end, because a lower row may fail too. The
// coordinator's.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <vector>

#include "exec/epoch_runner.h"
#include "exec/exchange.h"
#include "exec/lane_tasks.h"

namespace thalweg {

/// Where the rows of a scan go: in through edges[lane]; out of the exchange above, if there is one,
/// through consumers[lane].
struct ScanTarget {
  int lanes = 1;
  std::span<const std::unique_ptr<Edge>> edges;
  Exchange* exchange = nullptr;
  std::span<const std::unique_ptr<Edge>> consumers;
  std::span<LaneError> errors;  // by lane
};

class FanOutScan {
 public:
  FanOutScan(LaneTasks* tasks, int64_t round_bytes) : tasks_(tasks), round_bytes_(round_bytes) {}

  /// Reads what is left in `readers`, adds to `counts`. A failure is noted in the errors.
  Status Run(const ScanTarget& target, std::span<BatchReader* const> readers, SourceCounts* counts);

 private:
  struct Split {
    BatchReader* reader = nullptr;
    bool done = false;
    bool cut_short = false;  // what it feeds had enough
    int64_t rows = 0;
    RowOrigin next;  // behind the last row
    LaneError error;
  };

  void FindCandidates(int first, int end);
  void ScanSome(int lane);
  void Drain(int split, int lane);
  void Fail(int split, int lane);
  Status DeliverRound(int first, int last);
  Status Finish(SourceCounts* counts);

  LaneTasks* const tasks_;
  const int64_t round_bytes_;
  const ScanTarget* target_ = nullptr;
  std::vector<Split> splits_;
  std::vector<int> candidates_;
  std::atomic<int> next_candidate_{0};
  std::atomic<int> last_wanted_{0};  // splits behind it do not matter: it failed
  std::vector<Batch> batches_;       // by lane
};

}  // namespace thalweg
