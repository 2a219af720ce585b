// MarkDistinct: each row beside a mark: is it the first of its key among the rows that count? What
// DISTINCT in an aggregate is made of: the aggregate then takes the marked rows only.
#include <cstring>

#include "exec/operators.h"
#include "exec/seen_keys.h"
#include "functions/vectors.h"

namespace thalweg {
namespace {

class MarkDistinctState final : public NodeState {
 public:
  MarkDistinctState(Deduplication what, int filter, std::unique_ptr<SeenKeys> seen)
      : what_(std::move(what)), filter_(filter), seen_(std::move(seen)) {}

  Status BeginEpoch(const Epoch& epoch) override { return seen_->BeginEpoch(epoch); }
  Status FanOut() override { return seen_->FanOut(); }
  Status EndEpoch(OperatorMetrics* metrics) override { return seen_->EndEpoch(metrics); }

  const Deduplication& what() const { return what_; }
  int filter() const { return filter_; }
  SeenKeys& seen() { return *seen_; }

 private:
  const Deduplication what_;
  const int filter_;
  const std::unique_ptr<SeenKeys> seen_;
};

class MarkDistinctOperator final : public Operator {
 public:
  MarkDistinctOperator(MarkDistinctState* state, const SchemaPtr& schema)
      : state_(state), lane_(state->what()), marked_(schema) {}

  Result<Flow> Push(int, const Batch& batch, Output& out) override;
  Description Describe() const override {
    return {"MarkDistinct", {{"keys", state_->what().keys_text}}};
  }

 private:
  MarkDistinctState* const state_;
  KeyLane lane_;
  RowIndex counted_[kBatchRows];
  Batch marked_;
};

Result<Flow> MarkDistinctOperator::Push(int, const Batch& batch, Output& out) {
  TimedRows rows = {batch, batch.selection()};
  if (rows.rows.count == 0) return Flow::kMore;
  metrics_.rows_in += rows.rows.count;
  std::memset(lane_.first, 0, static_cast<size_t>(batch.physical_rows()));
  if (state_->filter() >= 0) {
    const int count = SelectTrue(batch.column(state_->filter()), rows.rows, counted_);
    rows.rows = {counted_, count};
  }
  if (rows.rows.count > 0) THALWEG_RETURN_NOT_OK(state_->seen().Note(rows, &lane_));
  for (int i = 0; i < batch.column_count(); ++i) marked_.mutable_column(i) = batch.column(i);
  Vector& marks = marked_.mutable_column(batch.column_count());
  marks.ResetFlat(BooleanType(), batch.physical_rows());
  std::memcpy(marks.mutable_values<uint8_t>(), lane_.first,
              static_cast<size_t>(batch.physical_rows()));
  marked_.ShareRowsFrom(batch);
  metrics_.rows_out += batch.row_count();
  return out.Write(marked_);
}

}  // namespace

StatefulOperator NewMarkDistinct(Deduplication what, int filter, std::unique_ptr<SeenKeys> seen,
                                 const SchemaPtr& schema) {
  auto state = std::make_unique<MarkDistinctState>(std::move(what), filter, std::move(seen));
  MarkDistinctState* shared = state.get();
  return {std::move(state),
          [shared, schema] { return std::make_unique<MarkDistinctOperator>(shared, schema); },
          nullptr};
}

}  // namespace thalweg
