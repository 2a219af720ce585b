#include "exec/slice_merger.h"

#include <algorithm>

namespace thalweg {

GroupTableOptions MergedOptionsOf(const Grouping& grouping) {
  GroupTableOptions options = OptionsOf(grouping);
  options.block_bytes += sizeof(uint64_t);  // how many slices hold the key
  options.track_dirty = false;
  options.track_touched = false;
  return options;
}

SliceMerger::SliceMerger(const Grouping& grouping, SlicedTable* slices)
    : grouping_(grouping), slices_(slices) {}

void SliceMerger::Begin(GroupTable* table, const TimeRange& covered, const ShardRange& shards) {
  table_ = table;
  covered_ = covered;
  shards_ = shards;
}

Status SliceMerger::MoveTo(const TimeRange& run) {
  if (!grouping_.aggregates.invertible()) {
    table_->Clear();
    covered_ = run;
    return FoldRun(run, false);
  }
  if (covered_.start >= covered_.end) covered_ = {run.start, run.start};
  THALWEG_DCHECK(covered_.start <= run.start && covered_.end <= run.end, "a run moves back");
  THALWEG_RETURN_NOT_OK(LeaveBefore(run.start));
  const int64_t from = std::max(run.start, covered_.end);
  covered_ = {run.start, std::max(run.end, covered_.end)};
  return FoldRun({from, run.end}, false);
}

Status SliceMerger::LeaveBefore(int64_t start) {
  if (covered_.start >= start) return Status::OK();
  THALWEG_RETURN_NOT_OK(FoldRun({covered_.start, std::min(start, covered_.end)}, true));
  covered_ = {start, std::max(start, covered_.end)};
  return Status::OK();
}

Status SliceMerger::FoldRun(const TimeRange& run, bool subtract) {
  const auto starts = slices_->starts();
  const auto first = std::lower_bound(starts.begin(), starts.end(), run.start);
  for (auto it = first; it != starts.end() && *it < run.end; ++it) {
    THALWEG_RETURN_NOT_OK(FoldSlice(slices_->FindSlice(*it), subtract));
  }
  return Status::OK();
}

Status SliceMerger::FoldSlice(GroupTable* slice, bool subtract) {
  // The order of entries of one slice changes nothing: each has another key.
  cursor_.Rewind();
  for (EntryBatch entries;;) {
    THALWEG_RETURN_NOT_OK(slice->Scan(shards_.first, shards_.last, false, &cursor_, &entries));
    if (entries.count == 0) return Status::OK();
    THALWEG_RETURN_NOT_OK(subtract ? SubtractEntries(entries) : AddEntries(entries));
  }
}

Status SliceMerger::AddEntries(const EntryBatch& entries) {
  AggregateArena** arenas = grouping_.aggregates.spans().empty() ? nullptr : arenas_;
  for (int from = 0; from < entries.count;) {
    THALWEG_ASSIGN_OR_RETURN(const int count, table_->Locate(entries.keys, from, blocks_, arenas));
    THALWEG_RETURN_NOT_OK(
        grouping_.aggregates.Merge({blocks_, arenas}, entries.blocks + from, count, false));
    for (int i = 0; i < count; ++i) ++*SlicesOf(blocks_[i]);
    from += count;
  }
  return Status::OK();
}

Status SliceMerger::SubtractEntries(const EntryBatch& entries) {
  table_->Find(entries.keys, blocks_, nullptr);
  THALWEG_RETURN_NOT_OK(
      grouping_.aggregates.Merge({blocks_, nullptr}, entries.blocks, entries.count, true));
  const KeyBatch& keys = entries.keys;
  int leaving = 0;
  for (int i = 0; i < entries.count; ++i) {
    hashes_[leaving] = keys.hashes[i];
    if (keys.words != nullptr) words_[leaving] = keys.words[i];
    if (keys.bytes != nullptr) bytes_[leaving] = keys.bytes[i];
    if (keys.nulls != nullptr) nulls_[leaving] = keys.nulls[i];
    leaving += --*SlicesOf(blocks_[i]) == 0;
  }
  if (leaving == 0) return Status::OK();
  KeyBatch gone = keys;
  gone.count = leaving;
  gone.hashes = hashes_;
  gone.words = keys.words == nullptr ? nullptr : words_;
  gone.bytes = keys.bytes == nullptr ? nullptr : bytes_;
  gone.nulls = keys.nulls == nullptr ? nullptr : nulls_;
  return table_->Erase(gone);
}

Status SliceMerger::AddTouchedKeys(GroupTable* slice) {
  AggregateArena** arenas = grouping_.aggregates.spans().empty() ? nullptr : arenas_;
  cursor_.Rewind();
  for (EntryBatch entries;;) {
    THALWEG_RETURN_NOT_OK(
        slice->ScanTouched(shards_.first, shards_.last, false, &cursor_, &entries));
    if (entries.count == 0) return Status::OK();
    for (int from = 0; from < entries.count;) {
      THALWEG_ASSIGN_OR_RETURN(const int count,
                               table_->Locate(entries.keys, from, blocks_, arenas));
      from += count;
    }
  }
}

Status SliceMerger::MergeKeys(const EntryBatch& into, const TimeRange& run) {
  const auto starts = slices_->starts();
  const auto first = std::lower_bound(starts.begin(), starts.end(), run.start);
  uint8_t* found[kBatchRows];
  AggregateArena** arenas = into.arenas == nullptr ? nullptr : arenas_;
  for (auto it = first; it != starts.end() && *it < run.end; ++it) {
    slices_->FindSlice(*it)->Find(into.keys, found, nullptr);
    int count = 0;
    for (int i = 0; i < into.count; ++i) {
      if (found[i] == nullptr) continue;
      found[count] = found[i];
      blocks_[count] = into.blocks[i];
      if (arenas != nullptr) arenas[count] = into.arenas[i];
      ++count;
    }
    THALWEG_RETURN_NOT_OK(grouping_.aggregates.Merge({blocks_, arenas}, found, count, false));
  }
  return Status::OK();
}

}  // namespace thalweg
