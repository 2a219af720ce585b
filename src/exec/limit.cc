// Limit: skips rows, then passes so many on. The count begins anew in every epoch, or it goes on
// through the life of the query (Spark's streaming global limit). Runs on one lane.
#include <algorithm>
#include <cstring>

#include "exec/grouping.h"
#include "exec/operators.h"
#include "exec/row_selection.h"

namespace thalweg {
namespace {

/// How many rows have come so far.
class LimitState final : public NodeState {
 public:
  explicit LimitState(GroupTable* passed) : passed_(passed) {}

  Status BeginEpoch(const Epoch&) override {
    seen_ = 0;
    if (passed_ == nullptr) return Status::OK();
    uint8_t* block = nullptr;
    passed_->Find(KeyOfAll(), &block, nullptr);
    if (block != nullptr) std::memcpy(&seen_, block, sizeof(seen_));
    return Status::OK();
  }
  Status FanOut() override { return Status::OK(); }
  Status EndEpoch(OperatorMetrics*) override { return Status::OK(); }

  int64_t* seen() { return &seen_; }
  bool lasts() const { return passed_ != nullptr; }
  Status Remember() {
    uint8_t* block = nullptr;
    THALWEG_RETURN_NOT_OK(passed_->Locate(KeyOfAll(), 0, &block, nullptr).status());
    std::memcpy(block, &seen_, sizeof(seen_));
    return Status::OK();
  }

 private:
  GroupTable* const passed_;  // null: the count is forgotten after the epoch
  int64_t seen_ = 0;
};

class LimitOperator final : public Operator {
 public:
  LimitOperator(const RowRange& range, LimitState* state) : range_(range), state_(*state) {}

  Result<Flow> Push(int, const Batch& batch, Output& out) override;
  Result<Emission> EndEpoch(Output& out) override;
  Description Describe() const override;

 private:
  Status WriteRange(const Batch& batch, int first, int count, Output& out, Flow* flow);

  const RowRange range_;
  LimitState& state_;
  Batch passed_;
};

Result<Flow> LimitOperator::Push(int, const Batch& batch, Output& out) {
  const int rows = batch.row_count();
  metrics_.rows_in += rows;
  int64_t* const seen = state_.seen();
  const int first = static_cast<int>(std::clamp<int64_t>(range_.begin - *seen, 0, rows));
  const int end = static_cast<int>(std::clamp<int64_t>(range_.end - *seen, first, rows));
  *seen = std::min(*seen + rows, range_.end);
  Flow flow = Flow::kMore;
  if (end > first) THALWEG_RETURN_NOT_OK(WriteRange(batch, first, end - first, out, &flow));
  // A stream is read to the end of the epoch: what is below watches its time, or keeps something.
  if (range_.reads_on) return Flow::kMore;
  return *seen == range_.end ? Flow::kEnough : flow;
}

Status LimitOperator::WriteRange(const Batch& batch, int first, int count, Output& out,
                                 Flow* flow) {
  metrics_.rows_out += count;
  const Batch* written = &batch;
  if (count < batch.row_count()) {
    const Selection rows = SubSelection(batch.selection(), first, count);
    passed_.ShareFrom(batch);
    RowIndex* const picked = passed_.MutableSelection();
    for (int i = 0; i < count; ++i) picked[i] = static_cast<RowIndex>(rows[i]);
    passed_.SetSelected(count);
    written = &passed_;
  }
  THALWEG_ASSIGN_OR_RETURN(*flow, out.Write(*written));
  return Status::OK();
}

Result<Emission> LimitOperator::EndEpoch(Output&) {
  if (state_.lasts() && metrics_.rows_out > 0) {
    THALWEG_RETURN_NOT_OK(state_.Remember());
    metrics_.rows_updated = 1;
  }
  return Emission::kDone;
}

Description LimitOperator::Describe() const {
  Description description = {"Limit", {}};
  if (range_.begin > 0) description.details.emplace_back("skip", std::to_string(range_.begin));
  if (range_.end != RowRange::kNoEnd) {
    description.details.emplace_back("rows", std::to_string(range_.end - range_.begin));
  }
  if (state_.lasts()) description.details.emplace_back("of", "the whole stream");
  return description;
}

}  // namespace

StatefulOperator NewLimit(const RowRange& range, GroupTable* passed) {
  auto state = std::make_unique<LimitState>(passed);
  LimitState* const shared = state.get();
  StatefulOperator made;
  made.shared = std::move(state);
  made.make = [range, shared] { return std::make_unique<LimitOperator>(range, shared); };
  if (passed != nullptr) made.logical_rows = [passed] { return passed->size(); };
  return made;
}

GroupTableOptions LimitTableOptions() {
  GroupTableOptions options;
  options.block_bytes = sizeof(int64_t);
  options.unsharded = true;
  return options;
}

}  // namespace thalweg
