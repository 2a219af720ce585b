// SlicedTable: one GroupTable a slice of event time, ordered by slice start. Windows are combined
// from slices when they are emitted; evicting a slice drops its table, O(1), and its memory is
// reused for the next one (DESIGN.md §4.4). A new slice is sized like the last one.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "state/group_table.h"

namespace thalweg {

class SlicedTable final : public Container {
 public:
  SlicedTable(GroupTableOptions options, MemoryBudget* budget);
  ~SlicedTable() override;

  /// The slice that starts at `start`, made if missing. Direct lookup for starts near the newest.
  /// In a parallel epoch (see SetParallel) lanes may call this at the same time. Ask again in every
  /// epoch: what changed is looked for in the slices that were handed out since the last seal.
  Result<GroupTable*> Slice(int64_t start);
  GroupTable* FindSlice(int64_t start);
  /// Starts of all slices, ascending; valid until a slice is made or evicted. A span, so that
  /// eviction moves nothing.
  std::span<const int64_t> starts() const;
  /// Drops every slice that starts before `start`; returns how many. O(what is dropped).
  int EvictBefore(int64_t start);
  /// True: a slice is split into shards when Slice hands it out, so that several lanes can use it.
  void SetParallel(bool parallel);
  void ClearTouched();
  /// Rises with every Load and Clear: whoever derived something from the slices makes it anew.
  uint64_t generation() const;

  Status SealDelta(RecordSink& out) const override;
  Status SealBase(RecordSink& out) const override;
  void MarkSealed() override;
  Status Load(std::string_view record) override;
  void Clear() override;
  ContainerMetrics metrics() const override;
  int64_t dirty_bytes() const override;

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace thalweg
