#include "exec/edge.h"

#include <algorithm>

#include "exec/exchange.h"
#include "exec/row_selection.h"

namespace thalweg {
namespace {

constexpr int kGatherFromRows = 64;  // smaller batches are passed on as they are
constexpr int kGatheredRowsEnough = 512;

/// Less than half of the rows is selected, and copying them saves more than it costs.
bool IsSparse(const Batch& batch) {
  return batch.physical_rows() >= kGatherFromRows && 2 * batch.row_count() < batch.physical_rows();
}

bool SamePartition(const RowOrigin& a, const RowOrigin& b) {
  return a.source == b.source && a.partition == b.partition;
}

}  // namespace

void Edge::Connect(Operator* to, int port, Edge* next) {
  to_ = to;
  port_ = port;
  next_ = next;
}

void Edge::BeginEpoch(LaneError* error) {
  exchange_ = nullptr;
  error_ = error;
  enough_ = false;
  gathered_rows_ = 0;  // left over from an epoch that failed
}

void Edge::ScatterInto(Exchange* exchange, int lane) {
  exchange_ = exchange;
  lane_ = lane;
}

Result<Flow> Edge::Write(const Batch& batch) {
  if (exchange_ != nullptr) return exchange_->Write(lane_, batch);
  if (enough_) return Flow::kEnough;
  if (gathers_ && IsSparse(batch)) return Gather(batch);
  if (gathered_rows_ > 0) THALWEG_RETURN_NOT_OK(Flush());
  return Deliver(batch, nullptr);
}

Result<Flow> Edge::Gather(const Batch& batch) {
  const Selection rows = batch.selection();
  if (rows.count == 0) return Flow::kMore;
  if (gathered_ == nullptr) gathered_ = std::make_unique<Gathered>();
  if (gathered_rows_ > 0 && (gathered_rows_ + rows.count > kBatchRows ||
                             !SamePartition(gathered_->batch.origin(), batch.origin()))) {
    THALWEG_RETURN_NOT_OK(Flush());
    if (enough_) return Flow::kEnough;
  }
  if (gathered_rows_ == 0) gathered_->batch.Reset(batch.schema());
  AppendRows(batch, rows, &gathered_->batch);
  WritePositions(batch, rows, gathered_->positions + gathered_rows_);
  gathered_rows_ += rows.count;
  if (gathered_rows_ >= kGatheredRowsEnough) THALWEG_RETURN_NOT_OK(Flush());
  return enough_ ? Flow::kEnough : Flow::kMore;
}

Status Edge::Flush() {
  if (gathered_rows_ == 0) return Status::OK();
  gathered_rows_ = 0;
  return Deliver(gathered_->batch, gathered_->positions).status();
}

Result<Flow> Edge::Deliver(const Batch& batch, const int64_t* positions) {
  if (enough_) return Flow::kEnough;
  THALWEG_DCHECK(batch.physical_rows() <= kBatchRows, "a batch has too many rows");
  Result<Flow> flow = PushOn(batch);
  if (flow.ok()) {
    enough_ = *flow == Flow::kEnough;
  } else {
    NoteError(batch, positions, flow.status());
  }
  return flow;
}

Result<Flow> Edge::PushOn(const Batch& batch) {
  if (to_ != nullptr) return to_->Push(port_, batch, *next_);
  sink_->rows += batch.row_count();
  if (sink_->writer != nullptr) THALWEG_RETURN_NOT_OK(sink_->writer->Write(batch));
  return Flow::kMore;
}

void Edge::NoteError(const Batch& batch, const int64_t* positions, const Status& status) {
  RowOrigin at = batch.origin();
  const int row = to_ == nullptr ? 0 : std::max(to_->failed_row(), 0);
  at.position = positions == nullptr ? at.position + row : positions[row];
  error_->Note(at, status);  // an error from further on has been noted there
}

Status Edge::EndInput() {
  if (to_ == nullptr) return Status::OK();
  const Status status = to_->EndInput(port_, *next_);
  if (!status.ok()) error_->Note(kAfterAllRows, status);
  return status;
}

void WritePositions(const Batch& batch, const Selection& rows, int64_t* positions) {
  const int64_t first = batch.origin().position;
  for (int i = 0; i < rows.count; ++i) positions[i] = first + rows[i];
}

}  // namespace thalweg
