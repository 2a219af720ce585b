// Deduplicate: keeps the first row of each key, in the order of the epoch. Rows whose event time is
// late are dropped before, whether or not it is one of the keys (Spark). How long a key is
// remembered is the memory's affair: exec/seen_keys.h.
#include <cstring>

#include "exec/operators.h"
#include "exec/seen_keys.h"

namespace thalweg {
namespace {

/// What the lanes of a Deduplicate share. Its own NodeState is its memory's.
class DeduplicateState final : public NodeState {
 public:
  DeduplicateState(Deduplication what, std::unique_ptr<SeenKeys> seen)
      : what_(std::move(what)), seen_(std::move(seen)) {}

  Status BeginEpoch(const Epoch& epoch) override { return seen_->BeginEpoch(epoch); }
  Status FanOut() override { return seen_->FanOut(); }
  Status EndEpoch(OperatorMetrics* metrics) override { return seen_->EndEpoch(metrics); }

  const Deduplication& what() const { return what_; }
  SeenKeys& seen() { return *seen_; }

 private:
  const Deduplication what_;
  const std::unique_ptr<SeenKeys> seen_;
};

class DeduplicateOperator final : public Operator {
 public:
  explicit DeduplicateOperator(DeduplicateState* state) : state_(state), lane_(state->what()) {}

  Result<Flow> Push(int, const Batch& batch, Output& out) override;
  Description Describe() const override {
    return {"Deduplicate", {{"keys", state_->what().keys_text}}};
  }

 private:
  Selection OnTime(const Selection& rows, const Vector& times);
  Status WriteFirst(const Batch& batch, const Selection& rows, Output& out);

  DeduplicateState* const state_;
  KeyLane lane_;
  EventTimeReader reader_;
  LateSplit split_;
  Batch kept_;
};

Result<Flow> DeduplicateOperator::Push(int, const Batch& batch, Output& out) {
  TimedRows rows = {batch, batch.selection()};
  metrics_.rows_in += rows.rows.count;
  if (const int column = state_->what().time_column; column >= 0) {
    rows.times = &reader_.Read(batch.column(column), rows.rows);
    rows.rows = OnTime(rows.rows, *rows.times);
  }
  if (rows.rows.count == 0) return Flow::kMore;
  std::memset(lane_.first, 0, static_cast<size_t>(batch.physical_rows()));
  THALWEG_RETURN_NOT_OK(state_->seen().Note(rows, &lane_));
  // What follows is noted even if nobody wants it: state does not depend on who reads.
  THALWEG_RETURN_NOT_OK(WriteFirst(batch, rows.rows, out));
  return Flow::kMore;
}

Selection DeduplicateOperator::OnTime(const Selection& rows, const Vector& times) {
  if (epoch().late_before_us == kNoThreshold) return rows;
  split_.Split(times, rows, epoch().late_before_us);
  metrics_.late_rows += split_.late_count;
  metrics_.dropped_by_watermark += split_.late_count;
  return split_.late_count == 0 ? rows : split_.on_time_rows();
}

Status DeduplicateOperator::WriteFirst(const Batch& batch, const Selection& rows, Output& out) {
  RowIndex first[kBatchRows];
  int count = 0;
  ForEachRow(rows, [&](int row) {
    first[count] = static_cast<RowIndex>(row);
    count += lane_.first[row];
  });
  metrics_.rows_updated += count;
  metrics_.rows_out += count;
  metrics_.duplicate_rows += rows.count - count;
  if (count == 0) return Status::OK();
  if (count == batch.row_count()) return out.Write(batch).status();
  kept_.ShareFrom(batch);
  std::memcpy(kept_.MutableSelection(), first, sizeof(RowIndex) * static_cast<size_t>(count));
  kept_.SetSelected(count);
  return out.Write(kept_).status();
}

}  // namespace

StatefulOperator NewDeduplicate(Deduplication what, std::unique_ptr<SeenKeys> seen) {
  SeenKeys* memory = seen.get();
  auto state = std::make_unique<DeduplicateState>(std::move(what), std::move(seen));
  DeduplicateState* shared = state.get();
  return {std::move(state), [shared] { return std::make_unique<DeduplicateOperator>(shared); },
          [memory] { return memory->LogicalRows(); }};
}

}  // namespace thalweg
