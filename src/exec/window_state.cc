#include "exec/window_state.h"

#include <algorithm>

#include "exec/event_time_key.h"

namespace thalweg {
namespace {

bool KeepsTotal(const Grouping& grouping) {
  return grouping.mode == OutputMode::kAppend && !grouping.window.tumbling() &&
         grouping.aggregates.invertible();
}

/// A table that counts, by key, the slices that hold it.
GroupTableOptions CounterOptionsOf(const Grouping& grouping) {
  GroupTableOptions options = OptionsOf(grouping);
  options.block_bytes = sizeof(int64_t);
  options.spans.clear();
  options.track_dirty = false;
  options.track_touched = false;
  return options;
}

/// Adds `by` to the counters of all keys of a slice; returns how many became or ceased to be zero.
Result<int64_t> CountKeys(GroupTable* slice, int64_t by, GroupTable* counters) {
  int64_t changed = 0;
  ScanCursor cursor;
  for (EntryBatch entries;;) {
    THALWEG_RETURN_NOT_OK(slice->Scan(0, kShardCount, false, &cursor, &entries));
    if (entries.count == 0) return changed;
    uint8_t* blocks[kBatchRows];
    for (int from = 0; from < entries.count;) {
      THALWEG_ASSIGN_OR_RETURN(const int count,
                               counters->Locate(entries.keys, from, blocks, nullptr));
      for (int i = 0; i < count; ++i) {
        int64_t& slices = *reinterpret_cast<int64_t*>(blocks[i]);
        changed += slices == 0 || slices + by == 0;
        slices += by;
      }
      from += count;
    }
  }
}

}  // namespace

WindowState::WindowState(Grouping grouping, SlicedTable* slices, MemoryBudget* budget)
    : grouping_(std::move(grouping)), slices_(slices), budget_(budget) {
  if (KeepsTotal(grouping_)) total_.emplace(MergedOptionsOf(grouping_), budget);
}

Status WindowState::BeginEpoch(const Epoch& epoch) {
  evict_until_us_ = grouping_.drops_late() ? epoch.evict_until_us : kNoThreshold;
  if (grouping_.mode == OutputMode::kAppend && !grouping_.window.tumbling() &&
      epoch.evicted_us != kNoThreshold && epoch.evicted_us != epoch.late_before_us) {
    // A slice would hold rows that are late for a window which is only now final.
    return NotSupportedYet("overlapping windows in append mode with one threshold");
  }
  if (const uint64_t generation = slices_->generation(); generation != generation_) {
    generation_ = generation;
    if (total_) total_->Clear();
    covered_ = TimeRange();
    ClearMarks();  // of an epoch that failed
    slices_->ClearTouched();
  }
  next_covered_.reset();
  slices_->SetParallel(false);
  return Status::OK();
}

Status WindowState::FanOut() {
  slices_->SetParallel(true);
  return total_ ? total_->Split() : Status::OK();
}

Status WindowState::EndEpoch(OperatorMetrics* metrics) {
  if (grouping_.mode == OutputMode::kUpdate) slices_->ClearTouched();
  if (next_covered_) covered_ = *next_covered_;
  ClearMarks();
  metrics->rows_removed += EvictSlices();
  return Status::OK();
}

int64_t WindowState::EvictSlices() {
  const auto starts = slices_->starts();
  if (evict_until_us_ == kNoThreshold || starts.empty()) return 0;
  const int64_t keep_from = grouping_.window.FirstWindowEndingAfter(evict_until_us_);
  if (starts.front() >= keep_from) return 0;
  // Where windows overlap in append mode the rows removed are those emitted; elsewhere entries are
  // counted, because a walk over overlapping windows would cost more than the eviction.
  int64_t removed = 0;
  const bool counted = grouping_.time_is_key || !grouping_.window.tumbling();  // when emitted
  if (grouping_.mode == OutputMode::kUpdate || !counted) {
    for (const int64_t start : starts) {
      if (start >= keep_from) break;
      removed += slices_->FindSlice(start)->size();
    }
  }
  slices_->EvictBefore(keep_from);
  return removed;
}

int64_t WindowState::LogicalRows() {
  const auto starts = slices_->starts();
  const WindowShape& shape = grouping_.window;
  if (starts.empty()) return 0;
  if (grouping_.time_is_key) {
    const int stamp_at = grouping_.aggregates.block_bytes() - static_cast<int>(sizeof(uint64_t));
    return LiveEntries(slices_, evict_until_us_, stamp_at);
  }
  if (shape.tumbling()) {
    int64_t rows = 0;
    for (const int64_t start : starts) rows += slices_->FindSlice(start)->size();
    return rows;
  }
  // A walk over the windows that counts the keys in each: a failure (memory) leaves the count
  // short.
  GroupTable counters(CounterOptionsOf(grouping_), budget_);
  int64_t window = shape.FirstWindowEndingAfter(starts.front());
  if (evict_until_us_ != kNoThreshold) {
    window = std::max(window, shape.FirstWindowEndingAfter(evict_until_us_));
  }
  auto leaving = std::lower_bound(starts.begin(), starts.end(), window);
  int64_t keys = 0, rows = 0;
  for (auto entering = leaving; leaving != starts.end(); window += shape.slide_us) {
    for (; leaving != starts.end() && *leaving < window; ++leaving) {
      const Result<int64_t> gone = CountKeys(slices_->FindSlice(*leaving), -1, &counters);
      if (!gone.ok()) return rows;
      keys -= *gone;
    }
    if (leaving == entering && leaving != starts.end() && *leaving >= window + shape.size_us) {
      window = shape.FirstWindowEndingAfter(*leaving);  // a gap without slices
    }
    for (; entering != starts.end() && *entering < window + shape.size_us; ++entering) {
      const Result<int64_t> come = CountKeys(slices_->FindSlice(*entering), 1, &counters);
      if (!come.ok()) return rows;
      keys += *come;
    }
    rows += keys;
  }
  return rows;
}

void WindowState::Touch(const Epoch& epoch, int64_t slice) {
  std::vector<int64_t>& touched = MarksOf(epoch).touched;
  const auto at = std::lower_bound(touched.begin(), touched.end(), slice);
  if (at == touched.end() || *at != slice) touched.insert(at, slice);
}

void WindowState::TouchedSlices(const Epoch& epoch, std::vector<int64_t>* slices) const {
  slices->clear();
  for (size_t i = 0; i < marks_.size(); ++i) {
    if (i > 0 && !epoch.alone() && i != static_cast<size_t>(epoch.lane) + 1) continue;
    slices->insert(slices->end(), marks_[i].touched.begin(), marks_[i].touched.end());
  }
  std::sort(slices->begin(), slices->end());
  slices->erase(std::unique(slices->begin(), slices->end()), slices->end());
}

Result<int64_t> WindowState::AddLate(const Epoch& epoch, const RowOrigin& origin,
                                     const KeyBatch& keys, const TimeRange& windows) {
  LaneMarks& marks = MarksOf(epoch);
  if (marks.late == nullptr) marks.late = std::make_unique<LateGroups>(budget_);
  LateGroups* before = epoch.alone() ? nullptr : marks_[0].late.get();
  return marks.late->Add(origin, keys, windows, grouping_.window.slide_us, before);
}

void WindowState::ClearMarks() {
  for (LaneMarks& marks : marks_) {
    marks.touched.clear();
    marks.late.reset();
  }
}

}  // namespace thalweg
