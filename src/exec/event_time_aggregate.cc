// EventTimeAggregate: groups by keys of which one is an event time: a watermarked column, or a
// window made below.
//
//   append     groups with evicted < time <= evict_until, once
//   update     groups touched in this epoch
//
// A row with a time <= late_before is late; a group without a time is never final.
#include "exec/event_time_key.h"
#include "exec/group_output.h"
#include "exec/group_updater.h"
#include "exec/operators.h"
#include "exec/window_state.h"

namespace thalweg {
namespace {

class EventTimeAggregateOperator final : public Operator {
 public:
  explicit EventTimeAggregateOperator(WindowState* state)
      : state_(state),
        splitter_(state->grouping().window),
        updater_(state->grouping()),
        output_(state->grouping()) {}

  Result<Flow> Push(int, const Batch& batch, Output&) override;
  Result<Emission> EndEpoch(Output& out) override;
  Description Describe() const override;

 private:
  const Grouping& grouping() const { return state_->grouping(); }
  Status CountLate(const Batch& batch, const Selection& rows);
  Status Fold(const Batch& batch, int64_t start, const Selection& rows);
  Status EmitFinal(Output& out);
  Status EmitFinalOf(GroupTable* slice, Output& out);
  Status EmitTouched(Output& out);

  WindowState* const state_;
  EventTimeReader reader_;
  EventTimeSplitter splitter_;
  LateSplit split_;
  GroupUpdater updater_;
  GroupOutput output_;
  PickedEntries final_;
  ScanCursor cursor_;
  std::vector<int64_t> touched_;
};

Result<Flow> EventTimeAggregateOperator::Push(int, const Batch& batch, Output&) {
  Selection rows = batch.selection();
  metrics_.rows_in += rows.count;
  const Vector& times = reader_.Read(batch.column(grouping().time_column), rows);
  if (epoch().late_before_us != kNoThreshold) {
    split_.Split(times, rows, epoch().late_before_us);
    if (split_.late_count > 0) {
      THALWEG_RETURN_NOT_OK(CountLate(batch, split_.late_rows()));
      rows = split_.on_time_rows();
    }
  }
  THALWEG_RETURN_NOT_OK(splitter_.ForEachSlice(
      times, rows,
      [&](int64_t start, const Selection& in_slice) { return Fold(batch, start, in_slice); }));
  return Flow::kMore;
}

Status EventTimeAggregateOperator::CountLate(const Batch& batch, const Selection& rows) {
  metrics_.late_rows += rows.count;
  KeyBatch keys;
  THALWEG_RETURN_NOT_OK(updater_.Encode(batch, rows, &keys));
  // The time is one of the keys: one pair a group.
  THALWEG_ASSIGN_OR_RETURN(const int64_t pairs,
                           state_->AddLate(epoch(), batch.origin(), keys, TimeRange()));
  metrics_.dropped_by_watermark += pairs;
  return Status::OK();
}

Status EventTimeAggregateOperator::Fold(const Batch& batch, int64_t start, const Selection& rows) {
  THALWEG_ASSIGN_OR_RETURN(GroupTable* const slice, state_->slices().Slice(start));
  if (grouping().mode == OutputMode::kUpdate) state_->Touch(epoch(), start);
  return updater_.Update(batch, rows, slice);
}

Result<Emission> EventTimeAggregateOperator::EndEpoch(Output& out) {
  output_.Clear();
  if (grouping().mode == OutputMode::kUpdate) {
    THALWEG_RETURN_NOT_OK(EmitTouched(out));
    metrics_.rows_updated += output_.rows();
  } else {
    THALWEG_RETURN_NOT_OK(EmitFinal(out));
    metrics_.rows_removed += output_.rows();
  }
  metrics_.rows_out += output_.rows();
  THALWEG_RETURN_NOT_OK(output_.Flush(out).status());
  return Emission::kDone;
}

Status EventTimeAggregateOperator::EmitFinal(Output& out) {
  if (epoch().evict_until_us == kNoThreshold) return Status::OK();
  for (const int64_t start : state_->slices().starts()) {
    if (start > epoch().evict_until_us) break;
    THALWEG_RETURN_NOT_OK(EmitFinalOf(state_->slices().FindSlice(start), out));
  }
  return Status::OK();
}

Status EventTimeAggregateOperator::EmitFinalOf(GroupTable* slice, Output& out) {
  const int stamp_at = grouping().aggregates.block_bytes() - static_cast<int>(sizeof(uint64_t));
  const uint64_t until = StampOf(epoch().evict_until_us);
  const uint64_t gone = epoch().evicted_us == kNoThreshold ? 0 : StampOf(epoch().evicted_us);
  cursor_.Rewind();
  for (EntryBatch entries;;) {
    THALWEG_RETURN_NOT_OK(slice->Scan(epoch().first_shard, epoch().last_shard,
                                      grouping().ordered_output, &cursor_, &entries));
    if (entries.count == 0) return Status::OK();
    final_.Begin(entries);
    for (int i = 0; i < entries.count; ++i) {
      const uint64_t stamp = StampIn(entries.blocks[i], stamp_at);
      if (stamp <= until && stamp > gone) final_.Add(i);
    }
    if (final_.count() == 0) continue;
    THALWEG_RETURN_NOT_OK(output_.Append(final_.entries(), 0, out).status());
  }
}

Status EventTimeAggregateOperator::EmitTouched(Output& out) {
  state_->TouchedSlices(epoch(), &touched_);
  for (const int64_t start : touched_) {
    GroupTable* const slice = state_->slices().FindSlice(start);
    cursor_.Rewind();
    for (EntryBatch entries;;) {
      THALWEG_RETURN_NOT_OK(slice->ScanTouched(epoch().first_shard, epoch().last_shard,
                                               grouping().ordered_output, &cursor_, &entries));
      if (entries.count == 0) break;
      THALWEG_RETURN_NOT_OK(output_.Append(entries, 0, out).status());
    }
  }
  return Status::OK();
}

Description EventTimeAggregateOperator::Describe() const {
  return {"EventTimeAggregate",
          {{"keys", grouping().keys_text}, {"aggregates", grouping().aggregates_text}}};
}

}  // namespace

StatefulOperator NewEventTimeAggregate(Grouping grouping, SlicedTable* slices,
                                       MemoryBudget* budget) {
  auto state = std::make_unique<WindowState>(std::move(grouping), slices, budget);
  WindowState* shared = state.get();
  return {std::move(state),
          [shared] { return std::make_unique<EventTimeAggregateOperator>(shared); },
          [shared] { return shared->LogicalRows(); }};
}

}  // namespace thalweg
