// Seen within the watermark: the truth is slices by expiry (key -> expiry), so that what expires
// leaves as whole slices; found is a key by an index (key -> expiry of its last first row) that is
// derived from them. An expired entry may linger until its slice goes: it counts as absent, and its
// key may come again and lie in a later slice, too.
#include <algorithm>

#include "exec/grouping.h"
#include "exec/seen_keys.h"

namespace thalweg {
namespace {

GroupTableOptions IndexOptions(const Deduplication& what) {
  GroupTableOptions options = SeenKeyOptions(what);
  options.track_dirty = false;
  return options;
}

class ExpiryMemory final : public SeenKeys {
 public:
  ExpiryMemory(SlicedTable* slices, const Deduplication& what, MemoryBudget* budget)
      : delay_us_(what.delay_us),
        shape_(EventTimeSlices(what.delay_us)),
        slices_(slices),
        index_(IndexOptions(what), budget),
        born_gone_(IndexOptions(what), budget) {}

  Status BeginEpoch(const Epoch& epoch) override;
  Status FanOut() override {
    slices_->SetParallel(true);
    THALWEG_RETURN_NOT_OK(born_gone_.Split());
    return index_.Split();
  }
  Status EndEpoch(OperatorMetrics* metrics) override;
  Status Note(const TimedRows& rows, KeyLane* lane) override;
  int64_t LogicalRows() override;

 private:
  uint64_t ExpiryOf(const Vector& times, int row) const;
  Status KeepInSlices(const KeyBatch& keys, KeyLane* lane, const uint64_t* expiries);
  Status RebuildIndex();
  bool IsBornGone(const KeyBatch& key) const {
    uint8_t* born = nullptr;
    born_gone_.Find(key, &born, nullptr);
    return born != nullptr;
  }
  /// Entries of `slice` with an expiry up to `until` that the index points to.
  template <class F>
  Status ForEachExpired(GroupTable* slice, uint64_t until, F&& f);

  const int64_t delay_us_;
  const WindowShape shape_;
  SlicedTable* const slices_;
  GroupTable index_;
  uint64_t generation_ = 0;
  int64_t evict_until_us_ = kNoThreshold;
  uint64_t gone_ = 0;     // keys with an expiry up to this stamp are absent …
  GroupTable born_gone_;  // … but for those that this epoch brought (rows without a time)
};

Status ExpiryMemory::BeginEpoch(const Epoch& epoch) {
  evict_until_us_ = epoch.evict_until_us;
  gone_ = epoch.evicted_us == kNoThreshold ? 0 : StampOf(epoch.evicted_us);
  slices_->SetParallel(false);
  if (born_gone_.size() > 0) born_gone_.Clear();
  if (generation_ == slices_->generation()) return Status::OK();
  generation_ = slices_->generation();
  return RebuildIndex();
}

Status ExpiryMemory::RebuildIndex() {
  index_.Clear();
  ScanCursor cursor;
  for (const int64_t start : slices_->starts()) {
    cursor.Rewind();
    for (EntryBatch entries;;) {
      THALWEG_RETURN_NOT_OK(
          slices_->FindSlice(start)->Scan(0, kShardCount, false, &cursor, &entries));
      if (entries.count == 0) break;
      uint8_t* found[kBatchRows];
      for (int from = 0; from < entries.count;) {
        THALWEG_ASSIGN_OR_RETURN(const int count,
                                 index_.Locate(entries.keys, from, found, nullptr));
        for (int i = 0; i < count; ++i) {
          StampIn(found[i]) = std::max(StampIn(found[i]), StampIn(entries.blocks[from + i]));
        }
        from += count;
      }
    }
  }
  return Status::OK();
}

/// A row without a time counts as one of 1970-01-01 (Spark).
uint64_t ExpiryMemory::ExpiryOf(const Vector& times, int row) const {
  int64_t expiry_us = 0;
  const int64_t time_us = times.IsNull(row) ? 0 : times.Get<int64_t>(row);
  if (__builtin_add_overflow(time_us, delay_us_, &expiry_us)) expiry_us = INT64_MAX - 1;
  return StampOf(expiry_us);
}

Status ExpiryMemory::Note(const TimedRows& rows, KeyLane* lane) {
  KeyBatch keys;
  THALWEG_RETURN_NOT_OK(lane->Encode(rows.batch, rows.rows, &keys));
  uint64_t expiries[kBatchRows] = {};  // of keys that are new, else 0
  for (int from = 0; from < keys.count;) {
    THALWEG_ASSIGN_OR_RETURN(const int count, index_.Locate(keys, from, lane->blocks, nullptr));
    for (int i = 0; i < count; ++i) {
      uint64_t& expiry = StampIn(lane->blocks[i]);
      if (expiry > gone_) continue;
      const KeyBatch key = SubKeys(keys, from + i, 1);
      if (expiry != 0 && IsBornGone(key)) continue;
      const int row = rows.rows[from + i];
      lane->first[row] = 1;
      expiry = expiries[from + i] = ExpiryOf(*rows.times, row);
      uint8_t* born = nullptr;
      if (expiry <= gone_)
        THALWEG_RETURN_NOT_OK(born_gone_.Locate(key, 0, &born, nullptr).status());
    }
    from += count;
  }
  return KeepInSlices(keys, lane, expiries);
}

Status ExpiryMemory::KeepInSlices(const KeyBatch& keys, KeyLane* lane, const uint64_t* expiries) {
  int64_t starts[kBatchRows];
  int count = 0;
  for (int i = 0; i < keys.count; ++i) {
    if (expiries[i] == 0) continue;
    starts[count++] = shape_.LastWindowAt(static_cast<int64_t>(StampOf(expiries[i])));
  }
  std::sort(starts, starts + count);
  count = static_cast<int>(std::unique(starts, starts + count) - starts);
  for (int s = 0; s < count; ++s) {
    PickedEntries picked;
    uint64_t of_picked[kBatchRows];
    picked.Begin(keys);
    for (int i = 0; i < keys.count; ++i) {
      if (expiries[i] == 0) continue;
      if (shape_.LastWindowAt(static_cast<int64_t>(StampOf(expiries[i]))) != starts[s]) continue;
      of_picked[picked.count()] = expiries[i];
      picked.Add(i);
    }
    THALWEG_ASSIGN_OR_RETURN(GroupTable* const slice, slices_->Slice(starts[s]));
    const KeyBatch in_slice = picked.entries().keys;
    for (int from = 0; from < in_slice.count;) {
      THALWEG_ASSIGN_OR_RETURN(const int located,
                               slice->Locate(in_slice, from, lane->blocks, nullptr));
      for (int i = 0; i < located; ++i) StampIn(lane->blocks[i]) = of_picked[from + i];
      from += located;
    }
  }
  return Status::OK();
}

Status ExpiryMemory::EndEpoch(OperatorMetrics* metrics) {
  if (evict_until_us_ == kNoThreshold) return Status::OK();
  const int64_t keep_from = shape_.FirstWindowEndingAfter(evict_until_us_);
  for (const int64_t start : slices_->starts()) {
    if (start >= keep_from) break;
    THALWEG_RETURN_NOT_OK(ForEachExpired(slices_->FindSlice(start), StampOf(evict_until_us_),
                                         [&](const EntryBatch& expired) {
                                           metrics->rows_removed += expired.count;
                                           return index_.Erase(expired.keys);
                                         }));
  }
  slices_->EvictBefore(keep_from);
  return Status::OK();
}

int64_t ExpiryMemory::LogicalRows() {
  int64_t rows = index_.size();
  for (const int64_t start : slices_->starts()) {
    if (evict_until_us_ == kNoThreshold || start > evict_until_us_) break;
    const Status status = ForEachExpired(slices_->FindSlice(start), StampOf(evict_until_us_),
                                         [&](const EntryBatch& expired) {
                                           rows -= expired.count;
                                           return Status::OK();
                                         });
    if (!status.ok()) break;
  }
  return rows;
}

template <class F>
Status ExpiryMemory::ForEachExpired(GroupTable* slice, uint64_t until, F&& f) {
  ScanCursor cursor;
  for (EntryBatch entries;;) {
    THALWEG_RETURN_NOT_OK(slice->Scan(0, kShardCount, false, &cursor, &entries));
    if (entries.count == 0) return Status::OK();
    uint8_t* indexed[kBatchRows];
    index_.Find(entries.keys, indexed, nullptr);
    PickedEntries expired;
    expired.Begin(entries);
    for (int i = 0; i < entries.count; ++i) {
      const uint64_t expiry = StampIn(entries.blocks[i]);
      if (expiry > until || indexed[i] == nullptr || StampIn(indexed[i]) != expiry) continue;
      expired.Add(i);
    }
    if (expired.count() > 0) THALWEG_RETURN_NOT_OK(f(expired.entries()));
  }
}

}  // namespace

std::unique_ptr<SeenKeys> SeenWithin(SlicedTable* slices, const Deduplication& what,
                                     MemoryBudget* budget) {
  return std::make_unique<ExpiryMemory>(slices, what, budget);
}

}  // namespace thalweg
