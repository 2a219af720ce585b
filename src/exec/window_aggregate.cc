// WindowAggregate: groups by keys and a window of event time. A row is folded into one slice
// whatever the overlap; windows are put together from slices when they are emitted.
//
//   append     windows with late_before < end <= evict_until, once     then they are evicted
//   update     groups touched in this epoch, windows with end > late_before     likewise
//   complete   all windows; nothing is late, nothing leaves
//
// A row is late for those of its windows that end at or before late_before: they were final an
// epoch ago. The slice takes it as long as one of its windows is open.
#include <algorithm>

#include "exec/group_output.h"
#include "exec/group_updater.h"
#include "exec/operators.h"
#include "exec/row_selection.h"
#include "exec/slice_splitter.h"
#include "exec/window_state.h"

namespace thalweg {
namespace {

std::string DurationText(int64_t us) {
  if (us % 1'000'000 == 0) return std::to_string(us / 1'000'000) + " s";
  if (us % 1'000 == 0) return std::to_string(us / 1'000) + " ms";
  return std::to_string(us) + " us";
}

class WindowAggregateOperator final : public Operator {
 public:
  explicit WindowAggregateOperator(WindowState* state)
      : state_(state),
        splitter_(state->grouping().window),
        updater_(state->grouping()),
        merger_(state->grouping(), &state->slices()),
        output_(state->grouping()) {}

  Result<Flow> Push(int, const Batch& batch, Output&) override;
  Result<Emission> EndEpoch(Output& out) override;
  Description Describe() const override;

 private:
  const Grouping& grouping() const { return state_->grouping(); }
  const WindowShape& shape() const { return state_->grouping().window; }
  ShardRange shards() const { return {epoch().first_shard, epoch().last_shard}; }
  int64_t late_before_us() const {
    return grouping().drops_late() ? epoch().late_before_us : kNoThreshold;
  }

  Status PushSegment(const Batch& batch, const SliceSplitter::Segment& segment);
  Status CountLate(const Batch& batch, const Selection& rows, const TimeRange& windows);
  Status UpdateInTotal(const Batch& batch, const Selection& rows, GroupTable* slice);

  Status EmitFinal(Output& out);
  Status EmitTouched(Output& out);
  Status EmitAll(Output& out);
  std::optional<int64_t> NextWindow(std::span<const int64_t> starts, int64_t from) const;
  Status EmitWindow(int64_t window, Output& out);
  Status EmitTouchedWindow(int64_t window, Output& out);
  Status EmitTable(GroupTable* table, bool touched, int64_t window, Output& out);
  GroupTable* Scratch();

  WindowState* const state_;
  SliceSplitter splitter_;
  GroupUpdater updater_;
  SliceMerger merger_;
  GroupOutput output_;
  ScanCursor cursor_;
  std::optional<GroupTable> scratch_;  // merged windows where no running total is kept
  std::vector<int64_t> touched_;
  bool enough_ = false;
};

Result<Flow> WindowAggregateOperator::Push(int, const Batch& batch, Output&) {
  const Selection rows = batch.selection();
  metrics_.rows_in += rows.count;
  for (const auto& segment : splitter_.Split(batch.column(grouping().time_column), rows)) {
    THALWEG_RETURN_NOT_OK(PushSegment(batch, segment));
  }
  return Flow::kMore;
}

Status WindowAggregateOperator::PushSegment(const Batch& batch,
                                            const SliceSplitter::Segment& segment) {
  const int64_t start = segment.slice.start;
  if (const int64_t late = late_before_us(); late != kNoThreshold) {
    const TimeRange windows = shape().WindowsOf(start);
    if (windows.start + shape().size_us <= late) {
      const int64_t last_late = std::min(windows.end, shape().LastWindowAt(late - shape().size_us));
      THALWEG_RETURN_NOT_OK(CountLate(batch, segment.rows, {windows.start, last_late}));
      if (last_late == windows.end) return Status::OK();
    }
  }
  THALWEG_ASSIGN_OR_RETURN(GroupTable* const slice, state_->slices().Slice(start));
  if (grouping().mode == OutputMode::kUpdate) state_->Touch(epoch(), start);
  if (state_->total() != nullptr && state_->covered().Contains(start)) {
    return UpdateInTotal(batch, segment.rows, slice);
  }
  return updater_.Update(batch, segment.rows, slice);
}

Status WindowAggregateOperator::CountLate(const Batch& batch, const Selection& rows,
                                          const TimeRange& windows) {
  metrics_.late_rows += rows.count;
  KeyBatch keys;
  THALWEG_RETURN_NOT_OK(updater_.Encode(batch, rows, &keys));
  THALWEG_ASSIGN_OR_RETURN(const int64_t pairs,
                           state_->AddLate(epoch(), batch.origin(), keys, windows));
  metrics_.dropped_by_watermark += pairs;
  return Status::OK();
}

// Rows of a slice that the running total already holds: few, so one at a time.
Status WindowAggregateOperator::UpdateInTotal(const Batch& batch, const Selection& rows,
                                              GroupTable* slice) {
  KeyBatch keys;
  THALWEG_RETURN_NOT_OK(updater_.Encode(batch, rows, &keys));
  for (int i = 0; i < rows.count; ++i) {
    const KeyBatch key = keys.count == 1 ? keys : SubKeys(keys, i, 1);
    uint8_t* block = nullptr;
    slice->Find(key, &block, nullptr);
    const bool is_new = block == nullptr;
    THALWEG_RETURN_NOT_OK(updater_.UpdateOne(batch, rows[i], key, slice, &block));
    THALWEG_RETURN_NOT_OK(updater_.UpdateOne(batch, rows[i], key, state_->total(), &block));
    merger_.CountSlice(block, is_new);
  }
  return Status::OK();
}

Result<Emission> WindowAggregateOperator::EndEpoch(Output& out) {
  output_.Clear();
  enough_ = false;
  switch (grouping().mode) {
    case OutputMode::kAppend:
      THALWEG_RETURN_NOT_OK(EmitFinal(out));
      break;
    case OutputMode::kUpdate:
      THALWEG_RETURN_NOT_OK(EmitTouched(out));
      metrics_.rows_updated += output_.rows();
      break;
    case OutputMode::kComplete:
      THALWEG_RETURN_NOT_OK(EmitAll(out));
      break;
  }
  metrics_.rows_out += output_.rows();
  THALWEG_RETURN_NOT_OK(output_.Flush(out).status());
  return Emission::kDone;
}

Status WindowAggregateOperator::EmitFinal(Output& out) {
  const int64_t evict = grouping().drops_late() ? epoch().evict_until_us : kNoThreshold;
  const auto starts = state_->slices().starts();
  if (evict == kNoThreshold || starts.empty()) return Status::OK();
  int64_t from = shape().FirstWindowEndingAfter(starts.front());
  if (const int64_t late = late_before_us(); late != kNoThreshold && !shape().tumbling()) {
    from = std::max(from, shape().FirstWindowEndingAfter(late));  // emitted, but its slices live on
  }
  if (from + shape().size_us > evict) return Status::OK();
  GroupTable* total = state_->total();
  merger_.Begin(total == nullptr ? Scratch() : total, state_->covered(), shards());
  for (auto window = NextWindow(starts, from); window && *window + shape().size_us <= evict;
       window = NextWindow(starts, *window + shape().slide_us)) {
    THALWEG_RETURN_NOT_OK(EmitWindow(*window, out));
  }
  if (!shape().tumbling()) metrics_.rows_removed += output_.rows();
  if (total == nullptr) return Status::OK();
  THALWEG_RETURN_NOT_OK(merger_.LeaveBefore(shape().FirstWindowEndingAfter(evict)));
  if (epoch().first_shard == 0) state_->SetCovered(merger_.covered());
  return Status::OK();
}

Status WindowAggregateOperator::EmitTouched(Output& out) {
  state_->TouchedSlices(epoch(), &touched_);
  if (touched_.empty()) return Status::OK();
  int64_t from = shape().FirstWindowEndingAfter(touched_.front());
  if (const int64_t late = late_before_us(); late != kNoThreshold) {
    from = std::max(from, shape().FirstWindowEndingAfter(late));
  }
  for (auto window = NextWindow(touched_, from); window && !enough_;
       window = NextWindow(touched_, *window + shape().slide_us)) {
    THALWEG_RETURN_NOT_OK(EmitTouchedWindow(*window, out));
  }
  return Status::OK();
}

Status WindowAggregateOperator::EmitAll(Output& out) {
  const auto starts = state_->slices().starts();
  if (starts.empty()) return Status::OK();
  GroupTable* scratch = shape().tumbling() ? nullptr : Scratch();
  merger_.Begin(scratch, TimeRange(), shards());
  const int64_t from = shape().FirstWindowEndingAfter(starts.front());
  for (auto window = NextWindow(starts, from); window && !enough_;
       window = NextWindow(starts, *window + shape().slide_us)) {
    THALWEG_RETURN_NOT_OK(EmitWindow(*window, out));
  }
  return Status::OK();
}

/// The first window from `from` on that holds one of the slices `starts`.
std::optional<int64_t> WindowAggregateOperator::NextWindow(std::span<const int64_t> starts,
                                                           int64_t from) const {
  const auto slice = std::lower_bound(starts.begin(), starts.end(), from);
  if (slice == starts.end()) return std::nullopt;
  return std::max(from, shape().FirstWindowEndingAfter(*slice));
}

Status WindowAggregateOperator::EmitWindow(int64_t window, Output& out) {
  if (shape().tumbling()) {
    return EmitTable(state_->slices().FindSlice(window), false, window, out);
  }
  THALWEG_RETURN_NOT_OK(merger_.MoveTo({window, window + shape().size_us}));
  return EmitTable(merger_.table(), false, window, out);
}

Status WindowAggregateOperator::EmitTouchedWindow(int64_t window, Output& out) {
  if (shape().tumbling()) {
    return EmitTable(state_->slices().FindSlice(window), true, window, out);
  }
  const TimeRange run = {window, window + shape().size_us};
  GroupTable* groups = Scratch();
  merger_.Begin(groups, TimeRange(), shards());
  for (auto slice = std::lower_bound(touched_.begin(), touched_.end(), run.start);
       slice != touched_.end() && *slice < run.end; ++slice) {
    THALWEG_RETURN_NOT_OK(merger_.AddTouchedKeys(state_->slices().FindSlice(*slice)));
  }
  cursor_.Rewind();
  for (EntryBatch entries; !enough_;) {
    THALWEG_RETURN_NOT_OK(
        groups->Scan(0, kShardCount, grouping().ordered_output, &cursor_, &entries));
    if (entries.count == 0) return Status::OK();
    THALWEG_RETURN_NOT_OK(merger_.MergeKeys(entries, run));
    THALWEG_ASSIGN_OR_RETURN(const Flow flow, output_.Append(entries, window, out));
    enough_ = flow == Flow::kEnough;
  }
  return Status::OK();
}

Status WindowAggregateOperator::EmitTable(GroupTable* table, bool touched, int64_t window,
                                          Output& out) {
  const bool ordered = grouping().ordered_output;
  const auto [first, last] = shards();
  cursor_.Rewind();
  for (EntryBatch entries; !enough_;) {
    THALWEG_RETURN_NOT_OK(touched ? table->ScanTouched(first, last, ordered, &cursor_, &entries)
                                  : table->Scan(first, last, ordered, &cursor_, &entries));
    if (entries.count == 0) return Status::OK();
    THALWEG_ASSIGN_OR_RETURN(const Flow flow, output_.Append(entries, window, out));
    enough_ = flow == Flow::kEnough;
  }
  return Status::OK();
}

/// An empty table of this lane.
GroupTable* WindowAggregateOperator::Scratch() {
  if (!scratch_) scratch_.emplace(MergedOptionsOf(grouping()), state_->budget());
  scratch_->Clear();
  return &*scratch_;
}

Description WindowAggregateOperator::Describe() const {
  return {"WindowAggregate",
          {{"keys", grouping().keys_text},
           {"aggregates", grouping().aggregates_text},
           {"size", DurationText(shape().size_us)},
           {"slide", DurationText(shape().slide_us)}}};
}

}  // namespace

StatefulOperator NewWindowAggregate(Grouping grouping, SlicedTable* slices, MemoryBudget* budget) {
  auto state = std::make_unique<WindowState>(std::move(grouping), slices, budget);
  WindowState* shared = state.get();
  return {std::move(state), [shared] { return std::make_unique<WindowAggregateOperator>(shared); },
          [shared] { return shared->LogicalRows(); }};
}

}  // namespace thalweg
