// Operator: one step of the rows' river. One instance per lane (one lane for a small epoch, else
// one per worker), one task at a time, no locks, no per-shard fields, owning nothing that grows:
// every table, run, list and buffer is a container of state/ (DESIGN.md §4.3).
//
// The contract, asserted by the EpochRunner:
//  1. Before the first Push of an epoch the frame calls BeginEpoch with the epoch's constants, this
//     operator's thresholds and the shards this lane owns. An epoch that turns out to be large
//     shrinks lane 0's shards once (SetShards) and begins the other lanes.
//  2. Then, port by port in port order: Push* EndInput. After the last port: EndEpoch until kDone.
//  3. A Push that answers kEnough gets nothing more on that port in this epoch, only EndInput.
//  4. Batches pushed on and out have at most kBatchRows rows; what an operator writes into `out` it
//     may reuse as soon as Write returns.
//  5. Rows of one shard reach an operator in the order of the epoch, whatever the number of lanes.
//  6. Results depend only on the rows and the epoch: no clock, no randomness, no order of threads.
//  7. A batch in which row r is the first to fail: rows before r are pushed on, then FailAt(r).
//  8. What the lanes of a node share lies in its NodeState. Lanes touch only their shards of it;
//     its own calls come from the coordinator while no lane runs: BeginEpoch before that of the
//     first operator, FanOut when the epoch turns out to be large, EndEpoch after the last
//     operator.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "data/batch.h"
#include "functions/evaluator.h"

namespace thalweg {

enum class Flow : uint8_t { kMore, kEnough };
enum class Emission : uint8_t { kAgain, kDone };

/// No watermark: nothing is late, nothing is evicted.
inline constexpr int64_t kNoThreshold = std::numeric_limits<int64_t>::min();

/// An epoch as one operator on one lane sees it.
struct Epoch {
  EpochConstants constants;
  int64_t late_before_us = kNoThreshold;  // event time (window end) <= this: late
  int64_t evict_until_us = kNoThreshold;  // event time (window end) <= this: final, leaves
  int64_t evicted_us = kNoThreshold;      // evict_until_us of the epoch before: has left
  int lane = 0;
  int first_shard = 0;  // this lane owns shards [first_shard, last_shard)
  int last_shard = kShardCount;
  /// No other lane runs.
  bool alone() const { return first_shard == 0 && last_shard == kShardCount; }
};

/// Statistics of the event time column at a watermark node, in µs; NULL counts as 0 (Spark).
struct EventTimeStats {
  int64_t count = 0;
  int64_t max_us = 0;
  int64_t min_us = 0;
  __int128 sum_us = 0;
  void Add(const EventTimeStats& other);
};

/// What a lane's operator counted in this epoch; summed over lanes by the frame.
struct OperatorMetrics {
  int64_t rows_in = 0;
  int64_t rows_out = 0;
  int64_t late_rows = 0;             // rows that some group of theirs did not take any more
  int64_t dropped_by_watermark = 0;  // Spark's: distinct late (source partition, group) pairs
  int64_t rows_updated = 0;          // logical state rows
  int64_t rows_removed = 0;
  int64_t duplicate_rows = 0;  // Spark's numDroppedDuplicateRows
  EventTimeStats event_time;
  void Add(const OperatorMetrics& other);
};

/// For EXPLAIN, progress and the UI: "Filter", {("condition", "(v > 0)")}.
struct Description {
  std::string name;
  std::vector<std::pair<std::string, std::string>> details;
};

/// Where batches go: the next operator, an exchange or a sink.
class Output {
 public:
  virtual ~Output() = default;
  virtual Result<Flow> Write(const Batch& batch) = 0;
};

class Operator {
 public:
  virtual ~Operator() = default;
  virtual Result<Flow> Push(int port, const Batch& batch, Output& out) = 0;
  virtual Status EndInput(int port, Output& out);
  virtual Result<Emission> EndEpoch(Output& out);
  virtual Description Describe() const = 0;

  void BeginEpoch(const Epoch& epoch) {
    epoch_ = epoch;
    metrics_ = OperatorMetrics();
    failed_row_ = -1;
  }
  void SetShards(int first_shard, int last_shard) {
    epoch_.first_shard = first_shard;
    epoch_.last_shard = last_shard;
  }
  const OperatorMetrics& metrics() const { return metrics_; }
  /// Row of the pushed batch that the last failed Push failed at; -1: not one row's failure.
  int failed_row() const { return failed_row_; }

 protected:
  const Epoch& epoch() const { return epoch_; }
  /// `return FailAt(row, status)`: names the row of the pushed batch that failed.
  Status FailAt(int row, Status status) {
    failed_row_ = row;
    return status;
  }
  OperatorMetrics metrics_;

 private:
  Epoch epoch_;
  int failed_row_ = -1;
};

/// What the operators of one node share: its containers and what is derived from them. Owned by the
/// node. After an error the next call is BeginEpoch, of an epoch that runs on reloaded containers.
class NodeState {
 public:
  virtual ~NodeState() = default;
  virtual Status BeginEpoch(const Epoch& epoch) = 0;
  /// From here on several lanes run, each with shards of its own.
  virtual Status FanOut() = 0;
  /// Evicts what is final, forgets the marks of the epoch, adds what that counts to `metrics`.
  virtual Status EndEpoch(OperatorMetrics* metrics) = 0;
};

}  // namespace thalweg
