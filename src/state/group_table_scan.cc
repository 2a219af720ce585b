// Scans of a GroupTable: batches of entries with their keys, in any order or in that of the hash.
#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "base/check.h"
#include "data/batch.h"
#include "state/group_table_rep.h"

namespace thalweg {

struct ScanCursor::Rep {
  int shard = -1;  // the shard being read; -1: not begun
  uint32_t position = 0;
  bool sides_done = false;
  std::optional<OrderedWalk> walk;
  std::vector<SlotRef> run;  // of `walk`, handed out from run_at on
  size_t run_at = 0;
  int null_row = -1;  // the row of the last batch whose nulls[] is set

  void EnterShard(int next) {
    shard = next;
    position = 0;
    sides_done = false;
  }

  int count = 0;
  uint64_t hashes[kBatchRows];
  uint64_t words[kBatchRows];
  StringView bytes[kBatchRows];
  uint8_t nulls[kBatchRows] = {};
  uint8_t* blocks[kBatchRows];
  AggregateArena* arenas[kBatchRows];
};

ScanCursor::ScanCursor() = default;
ScanCursor::~ScanCursor() = default;
ScanCursor::ScanCursor(ScanCursor&&) noexcept = default;
ScanCursor& ScanCursor::operator=(ScanCursor&&) noexcept = default;

void ScanCursor::Rewind() {
  if (rep_ == nullptr) return;
  rep_->shard = -1;
  rep_->walk.reset();
  rep_->run.clear();
  rep_->run_at = 0;
}

namespace {

struct ScanRange {
  int first_shard;
  int last_shard;
  Pick pick;

  bool whole() const { return first_shard == 0 && last_shard == kShardCount; }
  bool Holds(uint64_t hash) const {
    const int shard = ShardOf(hash);
    return first_shard <= shard && shard < last_shard;
  }
};

// Adds entries to a cursor's batch.
class BatchFiller {
 public:
  BatchFiller(GroupTable::Rep& table, ScanCursor::Rep& batch, const ScanRange& range)
      : table_(table),
        batch_(batch),
        filter_(table.shards.size() == 1 && !range.whole()),
        range_(range) {}

  bool full() const { return batch_.count == kBatchRows; }
  int room() const { return kBatchRows - batch_.count; }
  void AddSlot(ShardTable& shard, uint32_t slot);
  void AddSide(Side side);
  void AddSlots(ShardTable& shard, const uint32_t* slots, int count);

 private:
  void SetArena(int row, ShardTable& shard) {
    if (!table_.layout.spans.empty()) batch_.arenas[row] = shard.arena.get();
  }

  GroupTable::Rep& table_;
  ScanCursor::Rep& batch_;
  const bool filter_;  // an unsharded table holds entries of other shards, too
  const ScanRange& range_;
};

void BatchFiller::AddSlots(ShardTable& shard, const uint32_t* slots, int count) {
  if (!table_.layout.word_keys() || filter_) {
    for (int i = 0; i < count; ++i) AddSlot(shard, slots[i]);
    return;
  }
  const int begin = batch_.count;
  for (int i = 0; i < count; ++i) {
    uint8_t* entry = shard.EntryAt(table_.layout, slots[i]);
    const uint64_t word = LoadWord(entry) ^ kEmptyWord;
    batch_.words[begin + i] = word;
    batch_.hashes[begin + i] = HashWord(word);
    batch_.blocks[begin + i] = entry + 8;
  }
  if (!table_.layout.spans.empty()) {
    std::fill_n(batch_.arenas + begin, count, shard.arena.get());
  }
  batch_.count += count;
}

void BatchFiller::AddSlot(ShardTable& shard, uint32_t slot) {
  uint8_t* entry = shard.EntryAt(table_.layout, slot);
  const uint64_t hash = HashOf(table_.layout, entry);
  if (filter_ && !range_.Holds(hash)) return;
  const int row = batch_.count++;
  batch_.hashes[row] = hash;
  if (table_.layout.word_keys()) {
    batch_.words[row] = LoadWord(entry) ^ kEmptyWord;
  } else {
    batch_.bytes[row] = KeyOf(entry);
  }
  batch_.blocks[row] = entry + table_.layout.block_offset;
  SetArena(row, shard);
}

void BatchFiller::AddSide(Side side) {
  const SideEntry& entry = table_.sides[side];
  if (!range_.Holds(entry.hash)) return;
  const int row = batch_.count++;
  batch_.hashes[row] = entry.hash;
  batch_.words[row] = side == kSideWord ? kEmptyWord : 0;
  batch_.bytes[row] = StringView();
  batch_.blocks[row] = entry.block;
  SetArena(row, table_.ShardFor(entry.hash));
  if (side == kSideNull) {
    batch_.nulls[row] = 1;
    batch_.null_row = row;
  }
}

void ScanOrdered(GroupTable::Rep& table, const ScanRange& range, ScanCursor::Rep& cursor);
void ScanUnordered(GroupTable::Rep& table, const ScanRange& range, ScanCursor::Rep& cursor);
void AddSidesOf(GroupTable::Rep& table, int shard, Pick pick, BatchFiller& filler);
int UsedSlots(const EntryLayout& layout, const ShardTable& shard, int room, uint32_t* position,
              uint32_t* slots);
int MarkedSlots(const ShardTable& shard, int room, uint32_t* position, uint32_t* slots);

struct ShardSpan {
  int first;
  int last;
};

// Indexes into table.shards that a range covers.
ShardSpan ShardsOf(const GroupTable::Rep& table, const ScanRange& range) {
  if (table.shards.size() == 1) return {0, range.first_shard < range.last_shard ? 1 : 0};
  return {range.first_shard, range.last_shard};
}

void ScanRangeOf(GroupTable::Rep& table, const ScanRange& range, bool ordered,
                 ScanCursor::Rep& cursor) {
  cursor.count = 0;
  if (cursor.null_row >= 0) cursor.nulls[cursor.null_row] = 0;
  cursor.null_row = -1;
  if (table.shards.empty()) return;
  if (ordered) {
    ScanOrdered(table, range, cursor);
  } else {
    ScanUnordered(table, range, cursor);
  }
}

void FillOut(const GroupTable::Rep& table, const ScanCursor::Rep& cursor, EntryBatch* out) {
  out->count = cursor.count;
  out->keys.form = table.layout.form;
  out->keys.count = cursor.count;
  out->keys.hashes = cursor.hashes;
  out->keys.words = table.layout.word_keys() ? cursor.words : nullptr;
  out->keys.bytes = table.layout.word_keys() ? nullptr : cursor.bytes;
  out->keys.nulls = cursor.null_row >= 0 ? cursor.nulls : nullptr;
  out->blocks = cursor.blocks;
  out->arenas = table.layout.spans.empty() ? nullptr : cursor.arenas;
}

}  // namespace

Status GroupTable::Scan(int first_shard, int last_shard, bool ordered, ScanCursor* cursor,
                        EntryBatch* out) {
  if (cursor->rep_ == nullptr) cursor->rep_ = std::make_unique<ScanCursor::Rep>();
  ScanRangeOf(*rep_, {first_shard, last_shard, Pick::kAll}, ordered, *cursor->rep_);
  FillOut(*rep_, *cursor->rep_, out);
  return Status::OK();
}

Status GroupTable::ScanTouched(int first_shard, int last_shard, bool ordered, ScanCursor* cursor,
                               EntryBatch* out) {
  THALWEG_CHECK(rep_->options.track_touched, "the table does not track touched entries");
  if (cursor->rep_ == nullptr) cursor->rep_ = std::make_unique<ScanCursor::Rep>();
  if (!any_touched()) {
    cursor->rep_->count = 0;
  } else {
    ScanRangeOf(*rep_, {first_shard, last_shard, Pick::kTouched}, ordered, *cursor->rep_);
  }
  FillOut(*rep_, *cursor->rep_, out);
  return Status::OK();
}

namespace {

void ScanOrdered(GroupTable::Rep& table, const ScanRange& range, ScanCursor::Rep& cursor) {
  BatchFiller filler(table, cursor, range);
  const ShardSpan shards = ShardsOf(table, range);
  if (cursor.shard < 0) cursor.shard = shards.first;
  while (cursor.shard < shards.last) {
    ShardTable& shard = table.shards[static_cast<size_t>(cursor.shard)];
    for (; cursor.run_at < cursor.run.size() && !filler.full(); ++cursor.run_at) {
      const uint32_t slot = cursor.run[cursor.run_at].slot;
      if (slot >= kSideSlots) {
        filler.AddSide(static_cast<Side>(slot - kSideSlots));
      } else {
        filler.AddSlot(shard, slot);
      }
    }
    if (filler.full()) return;
    cursor.run.clear();
    cursor.run_at = 0;
    if (!cursor.walk.has_value()) cursor.walk.emplace(table, cursor.shard, range.pick);
    if (cursor.walk->Next(kBatchRows, &cursor.run)) continue;
    cursor.walk.reset();
    ++cursor.shard;
  }
}

void ScanUnordered(GroupTable::Rep& table, const ScanRange& range, ScanCursor::Rep& cursor) {
  BatchFiller filler(table, cursor, range);
  const ShardSpan shards = ShardsOf(table, range);
  if (cursor.shard < 0) cursor.EnterShard(shards.first);
  uint32_t slots[kBatchRows];
  for (; cursor.shard < shards.last; cursor.EnterShard(cursor.shard + 1)) {
    ShardTable& shard = table.shards[static_cast<size_t>(cursor.shard)];
    if (!cursor.sides_done) {
      if (filler.room() < kSides) return;
      AddSidesOf(table, cursor.shard, range.pick, filler);
      cursor.sides_done = true;
    }
    while (cursor.position < shard.slots) {
      if (filler.full()) return;
      const int count = range.pick == Pick::kAll
                            ? UsedSlots(table.layout, shard, filler.room(), &cursor.position, slots)
                            : MarkedSlots(shard, filler.room(), &cursor.position, slots);
      filler.AddSlots(shard, slots, count);
    }
  }
}

void AddSidesOf(GroupTable::Rep& table, int shard, Pick pick, BatchFiller& filler) {
  for (int i = 0; i < kSides; ++i) {
    const SideEntry& side = table.sides[i];
    if (!side.used || table.ShardIndex(side.hash) != shard) continue;
    if (pick == Pick::kAll || side.touched) filler.AddSide(static_cast<Side>(i));
  }
}

int UsedSlots(const EntryLayout& layout, const ShardTable& shard, int room, uint32_t* position,
              uint32_t* slots) {
  int count = 0;
  uint32_t slot = *position;
  const uint8_t* entry = shard.EntryAt(layout, slot);
  for (; slot < shard.slots && count < room; ++slot, entry += layout.stride) {
    slots[count] = slot;
    count += LoadWord(entry) != 0;
  }
  *position = slot;
  return count;
}

int MarkedSlots(const ShardTable& shard, int room, uint32_t* position, uint32_t* slots) {
  int count = 0;
  uint64_t bits;
  while (NextMarkedWord(shard.fresh, nullptr, shard.slots, position, &bits)) {
    const uint32_t base = *position / 64 * 64;
    // ClearTouched will mark the same word dirty: its misses overlap from here on.
    if (shard.dirty_below.bits != nullptr)
      __builtin_prefetch(&shard.dirty_below.bits[base / 64], 1);
    for (; bits != 0; bits &= bits - 1) {
      const uint32_t slot = base + static_cast<uint32_t>(std::countr_zero(bits));
      if (count == room) {
        *position = slot;
        return count;
      }
      slots[count++] = slot;
    }
    *position = base + 64;
  }
  *position = shard.slots;
  return count;
}

}  // namespace
}  // namespace thalweg
