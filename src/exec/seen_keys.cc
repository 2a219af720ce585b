// The memories that need no index: for ever, by event time.
#include "exec/seen_keys.h"

#include "exec/grouping.h"

namespace thalweg {
namespace {

/// The stamp of keys that have no time.
uint64_t SeenStamp(int) {
  return 1;
}

/// Notes keys in `table`; stamp(row) is kept for a new one. `keys` are those of `rows`.
template <class StampOfRow>
Status NoteIn(GroupTable* table, const KeyBatch& keys, const Selection& rows, KeyLane* lane,
              StampOfRow&& stamp) {
  for (int from = 0; from < keys.count;) {
    THALWEG_ASSIGN_OR_RETURN(const int count, table->Locate(keys, from, lane->blocks, nullptr));
    for (int i = 0; i < count; ++i) {
      uint64_t& seen = StampIn(lane->blocks[i]);
      const int row = rows[from + i];
      lane->first[row] = seen == 0;
      if (seen == 0) seen = stamp(row);
    }
    from += count;
  }
  return Status::OK();
}

class PlainMemory final : public SeenKeys {
 public:
  explicit PlainMemory(GroupTable* table) : table_(table) {}

  Status BeginEpoch(const Epoch&) override { return Status::OK(); }
  Status FanOut() override { return table_->Split(); }
  Status EndEpoch(OperatorMetrics*) override { return Status::OK(); }
  Status Note(const TimedRows& rows, KeyLane* lane) override;
  int64_t LogicalRows() override { return table_->size(); }

 private:
  GroupTable* const table_;
};

class EventTimeMemory final : public SeenKeys {
 public:
  EventTimeMemory(SlicedTable* slices, int64_t delay_us)
      : shape_(EventTimeSlices(delay_us)), slices_(slices) {}

  Status BeginEpoch(const Epoch& epoch) override {
    evict_until_us_ = epoch.evict_until_us;
    slices_->SetParallel(false);
    return Status::OK();
  }
  Status FanOut() override {
    slices_->SetParallel(true);
    return Status::OK();
  }
  Status EndEpoch(OperatorMetrics* metrics) override;
  Status Note(const TimedRows& rows, KeyLane* lane) override;
  int64_t LogicalRows() override { return LiveEntries(slices_, evict_until_us_, 0); }

 private:
  const WindowShape shape_;
  SlicedTable* const slices_;
  int64_t evict_until_us_ = kNoThreshold;
};

Status PlainMemory::Note(const TimedRows& rows, KeyLane* lane) {
  KeyBatch keys;
  THALWEG_RETURN_NOT_OK(lane->Encode(rows.batch, rows.rows, &keys));
  return NoteIn(table_, keys, rows.rows, lane, SeenStamp);
}

Status EventTimeMemory::Note(const TimedRows& rows, KeyLane* lane) {
  const Vector& times = *rows.times;
  return lane->splitter().ForEachSlice(
      times, rows.rows, [&](int64_t start, const Selection& in_slice) -> Status {
        THALWEG_ASSIGN_OR_RETURN(GroupTable* const slice, slices_->Slice(start));
        KeyBatch keys;
        THALWEG_RETURN_NOT_OK(lane->Encode(rows.batch, in_slice, &keys));
        return NoteIn(slice, keys, in_slice, lane, [&](int row) {
          return start == kTimelessSlice ? kTimelessStamp : StampOf(times.Get<int64_t>(row));
        });
      });
}

Status EventTimeMemory::EndEpoch(OperatorMetrics* metrics) {
  if (evict_until_us_ == kNoThreshold) return Status::OK();
  const int64_t keep_from = shape_.FirstWindowEndingAfter(evict_until_us_);
  for (const int64_t start : slices_->starts()) {
    if (start >= keep_from) break;
    metrics->rows_removed += slices_->FindSlice(start)->size();
  }
  slices_->EvictBefore(keep_from);
  return Status::OK();
}

}  // namespace

GroupTableOptions SeenKeyOptions(const Deduplication& what) {
  GroupTableOptions options;
  options.key_form = what.key_types.empty() ? KeyForm::kWord : KeyEncoder::FormOf(what.key_types);
  options.block_bytes = sizeof(uint64_t);
  options.unsharded = true;
  return options;
}

KeyLane::KeyLane(const Deduplication& what)
    : what_(what),
      encoder_(what.key_types, what.normalize_floats),
      columns_(what.key_columns.size()),
      splitter_(EventTimeSlices(what.delay_us)) {}

Status KeyLane::Encode(const Batch& batch, const Selection& rows, KeyBatch* keys) {
  if (columns_.empty()) {
    *keys = KeyOfAll();
    return Status::OK();
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    columns_[i] = &batch.column(what_.key_columns[i]);
  }
  return encoder_.Encode(columns_.data(), rows, keys);
}

std::unique_ptr<SeenKeys> SeenForEver(GroupTable* table) {
  return std::make_unique<PlainMemory>(table);
}

std::unique_ptr<SeenKeys> SeenByEventTime(SlicedTable* slices, const Deduplication& what) {
  return std::make_unique<EventTimeMemory>(slices, what.delay_us);
}

}  // namespace thalweg
