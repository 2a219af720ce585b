// WindowState: what the lanes of a window aggregate share: the slices, the running total that
// append mode keeps over epochs where windows overlap and aggregates are invertible, and the marks
// of the epoch by lane. Lanes write marks of their own; the rest moves between epochs only.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "exec/grouping.h"
#include "exec/late_groups.h"
#include "exec/operator.h"
#include "exec/slice_merger.h"
#include "state/sliced_table.h"

namespace thalweg {

class WindowState final : public NodeState {
 public:
  WindowState(Grouping grouping, SlicedTable* slices, MemoryBudget* budget);

  Status BeginEpoch(const Epoch& epoch) override;
  Status FanOut() override;
  Status EndEpoch(OperatorMetrics* metrics) override;
  /// Rows that Spark would hold: keys times live windows, by a walk.
  int64_t LogicalRows();

  const Grouping& grouping() const { return grouping_; }
  SlicedTable& slices() { return *slices_; }
  MemoryBudget* budget() const { return budget_; }

  /// The running total and the slices that it holds; null where none is kept.
  GroupTable* total() { return total_ ? &*total_ : nullptr; }
  const TimeRange& covered() const { return covered_; }
  /// Said by the lane of shard 0 for all, which move alike.
  void SetCovered(const TimeRange& covered) { next_covered_ = covered; }

  /// Remembers that a lane folds rows into a slice.
  void Touch(const Epoch& epoch, int64_t slice);
  /// Slices with rows of this epoch in the shards of `lane`, ascending (of all lanes, if it is
  /// alone).
  void TouchedSlices(const Epoch& epoch, std::vector<int64_t>* slices) const;
  /// Notes late rows; returns how many pairs of LateGroups are new.
  Result<int64_t> AddLate(const Epoch& epoch, const RowOrigin& origin, const KeyBatch& keys,
                          const TimeRange& windows);

 private:
  struct LaneMarks {
    std::vector<int64_t> touched;  // ascending
    std::unique_ptr<LateGroups> late;
  };
  LaneMarks& MarksOf(const Epoch& epoch) { return marks_[epoch.alone() ? 0 : 1 + epoch.lane]; }
  void ClearMarks();
  int64_t EvictSlices();

  const Grouping grouping_;
  SlicedTable* const slices_;
  MemoryBudget* const budget_;
  uint64_t generation_ = 0;
  std::optional<GroupTable> total_;
  TimeRange covered_;
  std::optional<TimeRange> next_covered_;  // from the end of the epoch on: lanes read covered_
  int64_t evict_until_us_ = kNoThreshold;
  std::array<LaneMarks, kShardCount + 1> marks_;  // [0]: before fan-out, [1 + lane]: after
};

}  // namespace thalweg
