// GroupTable: key -> accumulator block, the state of a keyed aggregation and the build side of
// whatever looks keys up. 64 linear-probing tables, one a shard (or one in all, while small, if
// `unsharded`); an entry is key + block, no header; probed a cache line at a time; dirty and touched
// marks are bitmaps beside the entries (DESIGN.md §4.3; recipes: state-layout).
//
// The batch protocol: Locate finds or makes the entries of a batch of keys and hands out block
// pointers, then aggregates update column-wise. Pointers are valid until the next Locate, Load, Clear.
// A lane touches only shards it owns in this phase; different lanes may Locate at the same time.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "data/aggregate.h"
#include "data/key_codec.h"
#include "state/container.h"

namespace thalweg {

struct GroupTableOptions {
  KeyForm key_form = KeyForm::kWord;
  int block_bytes = 8;        // multiple of 8; zero bytes are the initial state
  bool uses_arena = false;    // accumulators have variable parts
  bool track_touched = false; // keep the list of entries located since ClearTouched (update mode)
  bool unsharded = false;     // begin as one table, split into shards above ~4,000 entries
};

/// Entries handed out by scans, at most kBatchRows at a time. Keys are in the table's form: `keys`
/// can be decoded by the KeyDecoder that belongs to the encoder.
struct EntryBatch {
  int count = 0;
  KeyBatch keys;
  uint8_t* const* blocks = nullptr;
  AggregateArena* const* arenas = nullptr;  // parallel to blocks; nullptr without arenas
};

/// Position of a scan; a fresh one starts at the beginning.
struct ScanCursor {
  int shard = 0;
  int64_t position = 0;
};

class GroupTable final : public Container {
 public:
  /// `budget` outlives the table.
  GroupTable(GroupTableOptions options, MemoryBudget* budget);
  ~GroupTable() override;

  /// Finds or makes the entries of keys [from, keys.count): blocks[i - from] … for as many keys as
  /// fit without moving an entry already handed out. Returns how many (>= 1); call again for the rest
  /// after updating. With arenas, arenas[i - from] is the arena of the entry's shard. Marks entries
  /// dirty (and touched).
  Result<int> Locate(const KeyBatch& keys, int from, uint8_t** blocks, AggregateArena** arenas);
  /// Like Locate, but makes nothing: blocks[i] is null where the key is unknown. Marks nothing.
  void Find(const KeyBatch& keys, uint8_t** blocks) const;
  /// Removes keys; unknown ones are ignored.
  Status Erase(const KeyBatch& keys);

  /// Entries of shards [first_shard, last_shard), in any order or, if `ordered`, by (shard, key
  /// hash, key bytes). Fills at most kBatchRows; out->count == 0 at the end.
  Status Scan(int first_shard, int last_shard, bool ordered, ScanCursor* cursor, EntryBatch* out);
  /// The same for the entries touched since ClearTouched.
  Status ScanTouched(int first_shard, int last_shard, bool ordered, ScanCursor* cursor,
                     EntryBatch* out);
  void ClearTouched();

  int64_t size() const;
  /// Room for about `entries` more without growing.
  Status Reserve(int64_t entries);
  /// Splits an unsharded table now: required before several lanes Locate in it.
  Status Split();

  Status SealDelta(RecordSink& out) override;
  Status SealBase(RecordSink& out) override;
  Status Load(std::string_view record) override;
  void Clear() override;
  ContainerMetrics metrics() const override;

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace thalweg
