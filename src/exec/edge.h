// Edge: where a batch goes on one lane, from the port of a node's operator (or the sink's writer)
// seen upward: straight in, or into the exchange before it once the epoch has fanned out. The one
// place where rows are compacted: what reaches state or sink with few of its rows selected is
// gathered until a batch is worth a call. Knows for every row where in the epoch it came from, so
// that the error of the lowest row wins. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>

#include "data/contracts.h"
#include "exec/operator.h"

namespace thalweg {

class Exchange;

/// The place of errors that are not one row's.
inline constexpr RowOrigin kAfterAllRows = {std::numeric_limits<int32_t>::max(), 0, 0};

/// The first error of a lane and the place of its row in the epoch.
class LaneError {
 public:
  void Clear() { *this = LaneError(); }
  void Note(const RowOrigin& at, const Status& status) {
    if (!status_.ok()) return;
    at_ = at;
    status_ = status;
  }
  bool ok() const { return status_.ok(); }
  const RowOrigin& at() const { return at_; }
  const Status& status() const { return status_; }
  /// Keeps the one of the lower row.
  void Merge(const LaneError& other) {
    if (!other.ok() && (ok() || other.at_ < at_)) *this = other;
  }

 private:
  RowOrigin at_;
  Status status_;
};

/// The sink's writer of one lane; without a writer rows are only counted.
struct SinkLane {
  BatchWriter* writer = nullptr;
  int64_t rows = 0;
};

class Edge final : public Output {
 public:
  /// To `port` of `to`, whose output goes to `next`.
  void Connect(Operator* to, int port, Edge* next);
  void Connect(SinkLane* sink) { sink_ = sink; }
  /// Sparse batches are gathered.
  void SetGathers(bool gathers) { gathers_ = gathers; }

  void BeginEpoch(LaneError* error);
  /// From here on Write scatters into `exchange` as its producer `lane`.
  void ScatterInto(Exchange* exchange, int lane);

  Result<Flow> Write(const Batch& batch) override;
  /// Past the exchange. `positions`: of each row in its partition; null: consecutive from the
  /// origin.
  Result<Flow> Deliver(const Batch& batch, const int64_t* positions);
  /// Delivers what was gathered.
  Status Flush();
  /// Ends the port.
  Status EndInput();
  bool enough() const { return enough_; }

 private:
  Result<Flow> Gather(const Batch& batch);
  Result<Flow> PushOn(const Batch& batch);
  void NoteError(const Batch& batch, const int64_t* positions, const Status& status);

  Operator* to_ = nullptr;
  int port_ = 0;
  Edge* next_ = nullptr;
  SinkLane* sink_ = nullptr;
  Exchange* exchange_ = nullptr;  // null: straight in
  int lane_ = 0;
  LaneError* error_ = nullptr;
  bool gathers_ = false;
  bool enough_ = false;

  struct Gathered {
    Batch batch;
    int64_t positions[kBatchRows];
  };
  std::unique_ptr<Gathered> gathered_;  // made on first use
  int gathered_rows_ = 0;
};

/// positions[i] = the place of the i-th row of `rows` in its partition.
void WritePositions(const Batch& batch, const Selection& rows, int64_t* positions);

}  // namespace thalweg
