// GroupTable: key -> accumulator block, the state of a keyed aggregation and the build side of
// whatever looks keys up. 64 linear-probing tables, one a shard (or one in all, while small, if
// `unsharded`); an entry is key + block, no header; probed a cache line at a time; dirty and
// touched marks are bitmaps beside the entries (DESIGN.md §4.3; recipes: state-layout).
//
// The batch protocol: Locate finds or makes the entries of a batch of keys and hands out block
// pointers, then aggregates update column-wise. Pointers are valid until the next Locate, Erase,
// Load, Split or Clear. A lane touches only shards it owns in this phase; different lanes may
// Locate at the same time. Everything else is one thread at a time, scans of different shards
// excepted.
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
  int block_bytes = 8;         // multiple of 8, may be 0; zero bytes are the initial state
  std::vector<int> spans;      // offsets of ArenaSpans inside the block, ascending
  bool track_dirty = true;     // false: never sealed. A StateStore without directory clears it
  bool track_touched = false;  // remember entries located since ClearTouched (update mode)
  bool unsharded = false;      // begin as one table, split into shards above ~4,000 entries
};

/// Entries handed out by scans, at most kBatchRows at a time; the arrays belong to the cursor. Keys
/// are in the table's form, with hashes: they can be decoded, or located in another table.
struct EntryBatch {
  int count = 0;
  KeyBatch keys;
  uint8_t* const* blocks = nullptr;
  AggregateArena* const* arenas = nullptr;  // parallel to blocks; nullptr without spans
};

/// Position of a scan and the memory of its batches; a fresh or rewound one starts at the
/// beginning. Between the calls of one scan the table may not be changed, except inside the blocks.
class ScanCursor {
 public:
  ScanCursor();
  ~ScanCursor();
  ScanCursor(ScanCursor&&) noexcept;
  ScanCursor& operator=(ScanCursor&&) noexcept;
  void Rewind();

  struct Rep;  // internal to state/

 private:
  friend class GroupTable;
  std::unique_ptr<Rep> rep_;
};

class GroupTable final : public Container {
 public:
  /// `budget` outlives the table.
  GroupTable(GroupTableOptions options, MemoryBudget* budget);
  ~GroupTable() override;

  /// Finds or makes the entries of keys [from, keys.count): blocks[i - from] … for as many keys as
  /// fit without moving an entry already handed out. Returns how many (>= 1); call again for the
  /// rest after updating. With spans, arenas[i - from] is the arena of the entry's shard (else
  /// `arenas` may be null). Marks entries dirty (and touched). Errors: the memory limit; entries
  /// located before stay as they are and the table remains usable.
  Result<int> Locate(const KeyBatch& keys, int from, uint8_t** blocks, AggregateArena** arenas);
  /// Like Locate for all keys, but makes nothing: blocks[i] is null where the key is unknown. Marks
  /// nothing. `arenas` may be null.
  void Find(const KeyBatch& keys, uint8_t** blocks, AggregateArena** arenas) const;
  /// Removes keys and frees their spans; unknown ones are ignored. Lanes erase in shards of theirs.
  Status Erase(const KeyBatch& keys);

  /// Entries whose hash lies in shards [first_shard, last_shard), of an unsharded table too, in any
  /// order or, if `ordered`, by (key hash, key bytes), which is also by shard; a NULL key comes
  /// before others of its hash. Fills at most kBatchRows; out->count == 0 at the end. Blocks may be
  /// written, but are not marked.
  Status Scan(int first_shard, int last_shard, bool ordered, ScanCursor* cursor, EntryBatch* out);
  /// The same for the entries located since ClearTouched, at a cost of O(their number).
  Status ScanTouched(int first_shard, int last_shard, bool ordered, ScanCursor* cursor,
                     EntryBatch* out);
  void ClearTouched();
  bool any_touched() const;

  int64_t size() const;
  /// Room for about `entries` in all without growing.
  Status Reserve(int64_t entries);
  /// Splits an unsharded table now: required before several lanes Locate in it.
  Status Split();
  bool sharded() const;

  Status SealDelta(RecordSink& out) const override;
  Status SealBase(RecordSink& out) const override;
  void MarkSealed() override;
  Status Load(std::string_view record) override;
  void Clear() override;
  ContainerMetrics metrics() const override;
  int64_t dirty_bytes() const override;

  struct Rep;  // internal to state/

 private:
  friend class SlicedTable;
  std::unique_ptr<Rep> rep_;
};

}  // namespace thalweg
