// The inside of GroupTable: its shards, the two entries that live beside them, what was erased
// since the last seal. Internal to state/; the parts of GroupTable lie in group_table*.cc.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "state/group_table.h"
#include "state/keyed_records.h"
#include "state/shard_table.h"

namespace thalweg {

/// An unsharded table splits above this.
inline constexpr uint32_t kSplitEntries = 4000;

/// Entries beside the table: of the key word that maps to an empty slot, and of the NULL key.
enum Side : int { kSideWord = 0, kSideNull = 1 };
inline constexpr int kSides = 2;

struct SideEntry {
  uint8_t* block = nullptr;  // another for each, also without bytes
  uint64_t hash = 0;
  bool used = false;
  bool dirty = false;
  bool touched = false;
};

/// Keys erased since the last seal, in the order of erasing: words, or length and bytes.
struct ErasedKeys {
  std::vector<uint64_t> words;
  std::string bytes;
  bool sides[kSides] = {};
  int64_t reserved_bytes = 0;

  bool empty() const { return words.empty() && bytes.empty() && !sides[0] && !sides[1]; }
};

struct GroupTable::Rep {
  Rep(GroupTableOptions table_options, MemoryBudget* table_budget);
  ~Rep();

  int ShardIndex(uint64_t hash) const { return shards.size() == 1 ? 0 : ShardOf(hash); }
  ShardTable& ShardFor(uint64_t hash) { return shards[static_cast<size_t>(ShardIndex(hash))]; }
  const ShardTable& ShardFor(uint64_t hash) const {
    return shards[static_cast<size_t>(ShardIndex(hash))];
  }
  KeyedFormat format() const { return {layout.word_keys(), options.block_bytes, options.spans}; }

  // group_table_locate.cc
  Result<int> Locate(const KeyBatch& keys, int from, bool mark, uint8_t** blocks);
  void Find(const KeyBatch& keys, uint8_t** blocks) const;
  void FillArenas(const KeyBatch& keys, int from, int count, AggregateArena** arenas) const;
  uint8_t* FindOne(const KeyBatch& keys, int i) const;
  // group_table_erase.cc
  Status Erase(const KeyBatch& keys, bool remember);
  // group_table_seal.cc
  Status Seal(int64_t section, bool everything, RecordSink& out) const;
  Status LoadEntries(KeyedReader* reader);
  void MarkSealed();
  // group_table.cc
  Status MakeRoom(uint64_t hash);
  Status Split();
  Status Reserve(int64_t entries);
  Status NeedShards();
  void Clear();
  /// Empties everything but keeps the arrays, for the next slice.
  void Recycle();
  int64_t size() const;
  int64_t capacity() const;  // entries before something grows, if they spread evenly
  int64_t reserved_bytes() const;
  int64_t entry_bytes() const;  // about, in a file

  GroupTableOptions options;
  EntryLayout layout;
  MemoryBudget* const budget;
  std::vector<ShardTable> shards;  // none before the first entry, then 1 or kShardCount
  SideEntry sides[kSides];
  std::unique_ptr<uint64_t[]> side_blocks;
  ErasedKeys erased;
  bool cleared = false;  // since the last seal: older entries are dropped by the next delta
  // Set by any lane.
  std::atomic<bool> any_touched{false};
  std::atomic<int64_t> rows_since_seal{0};
};

/// Used entries in the order of (hash, key bytes).
struct SlotRef {
  uint64_t hash;
  uint32_t slot;
};
/// Slots >= kSideSlots are side entries: kSideSlots + Side.
inline constexpr uint32_t kSideSlots = 0xFFFFFF00u;

enum class Pick : uint8_t { kAll, kDirty, kTouched };

/// Walks one shard in the order of the hash, a run of entries at a time; side entries included.
class OrderedWalk {
 public:
  OrderedWalk(const GroupTable::Rep& table, int shard_index, Pick pick);
  /// Appends the next run, about `wanted` entries; false at the end.
  bool Next(size_t wanted, std::vector<SlotRef>* run);

 private:
  void Take(size_t wanted, std::vector<SlotRef>* run);
  void TakeMarked(size_t wanted, std::vector<SlotRef>* run);
  bool IsCut(uint32_t last, uint32_t next) const;
  void AddSides(bool at_end, size_t begin, std::vector<SlotRef>* run);

  const GroupTable::Rep& table_;
  const ShardTable& shard_;
  const int shard_index_;
  const Pick pick_;
  uint32_t position_ = 0;
  bool side_done_[kSides] = {};
};

}  // namespace thalweg
