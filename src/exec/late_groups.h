// LateGroups: Spark's numRowsDroppedByWatermark of one epoch, the number of distinct (source
// partition, group) pairs of late rows, where a group is keys + window. Holds memory only while
// late rows come. One a lane, and one for what came before the epoch fanned out, which the lanes
// then only read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/batch.h"
#include "exec/window_shape.h"
#include "state/group_table.h"

namespace thalweg {

class LateGroups {
 public:
  explicit LateGroups(MemoryBudget* budget) : budget_(budget) {}

  /// Adds the pairs of rows with `keys` out of `origin`'s partition and each window of `windows`
  /// (starts, both ends included, `slide_us` apart). Returns how many are neither here nor in
  /// `before`, which may be null.
  Result<int64_t> Add(const RowOrigin& origin, const KeyBatch& keys, const TimeRange& windows,
                      int64_t slide_us, LateGroups* before);
  void Clear() { pairs_.reset(); }

 private:
  Result<int64_t> AddWindow(const RowOrigin& origin, const KeyBatch& keys, int64_t window,
                            LateGroups* before);
  void EncodePairs(const RowOrigin& origin, const KeyBatch& keys, int64_t window);

  MemoryBudget* const budget_;
  std::optional<GroupTable> pairs_;
  std::string bytes_;
  std::vector<StringView> views_;
  std::vector<uint64_t> hashes_;
};

}  // namespace thalweg
