// GroupTable's life: shape, growth, splitting, forgetting, measures.
#include "state/group_table.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "state/group_table_rep.h"

namespace thalweg {
namespace {

EntryLayout LayoutOf(const GroupTableOptions& options) {
  EntryLayout layout;
  layout.form = options.key_form;
  layout.block_offset = layout.word_keys() ? 8 : 16;
  layout.block_bytes = options.block_bytes;
  layout.stride = layout.block_offset + options.block_bytes;
  layout.group_slots = layout.word_keys() && layout.stride == 16 ? 4 : 1;
  layout.dirty = options.track_dirty;
  layout.touched = options.track_touched;
  layout.needs_arena = !layout.word_keys() || !options.spans.empty();
  layout.spans = options.spans;
  return layout;
}

ShardTable NewShard(const EntryLayout& layout, int index, bool sharded, MemoryBudget* budget) {
  ShardTable shard;
  shard.hash_shift = sharded ? 6 : 0;
  shard.load_step = static_cast<uint8_t>(index * 37 % kShardCount);
  if (layout.needs_arena) shard.arena = std::make_unique<SpanArena>(budget);
  return shard;
}

size_t SideWords(const GroupTableOptions& options) {
  return static_cast<size_t>(std::max(options.block_bytes, 8) / 8 * kSides);
}

Status CopyEntry(const EntryLayout& layout, const ShardTable& from, uint32_t slot, ShardTable* to,
                 MemoryBudget* budget);
Status CopySpans(const EntryLayout& layout, uint8_t* block, SpanArena* arena);

}  // namespace

GroupTable::GroupTable(GroupTableOptions options, MemoryBudget* budget)
    : rep_(std::make_unique<Rep>(std::move(options), budget)) {}

GroupTable::~GroupTable() = default;

GroupTable::Rep::Rep(GroupTableOptions table_options, MemoryBudget* table_budget)
    : options(std::move(table_options)),
      layout(LayoutOf(options)),
      budget(table_budget),
      side_blocks(std::make_unique<uint64_t[]>(SideWords(options))) {
  THALWEG_CHECK(options.block_bytes % 8 == 0, "blocks are a multiple of 8 bytes");
  for (int i = 0; i < kSides; ++i) {
    sides[i].block =
        reinterpret_cast<uint8_t*>(side_blocks.get()) + i * std::max(options.block_bytes, 8);
  }
  sides[kSideWord].hash = HashWord(kEmptyWord);
  sides[kSideNull].hash = kNullKeyHash;
}

GroupTable::Rep::~Rep() {
  budget->Release(erased.reserved_bytes);
}

Status GroupTable::Rep::NeedShards() {
  if (!shards.empty()) return Status::OK();
  const int count = options.unsharded ? 1 : kShardCount;
  std::vector<ShardTable> made;
  for (int i = 0; i < count; ++i) {
    made.push_back(NewShard(layout, i, count > 1, budget));
    THALWEG_RETURN_NOT_OK(made.back().Resize(layout, kShardBytesMin, budget));
  }
  shards = std::move(made);
  return Status::OK();
}

Status GroupTable::Rep::MakeRoom(uint64_t hash) {
  if (shards.size() == 1 && shards[0].used >= kSplitEntries) return Split();
  return ShardFor(hash).Grow(layout, budget);
}

Status GroupTable::Split() {
  return rep_->Split();
}
bool GroupTable::sharded() const {
  return rep_->shards.size() > 1 || !rep_->options.unsharded;
}

Status GroupTable::Rep::Split() {
  if (shards.size() != 1) {
    options.unsharded = false;
    return NeedShards();
  }
  const ShardTable& whole = shards[0];
  // An eighth more than the mean, so that few parts grow at once.
  const size_t bytes = ShardBytesFor(layout, whole.used / kShardCount * 9 / 8 + 1);
  std::vector<ShardTable> parts;
  for (int i = 0; i < kShardCount; ++i) {
    parts.push_back(NewShard(layout, i, true, budget));
    THALWEG_RETURN_NOT_OK(parts.back().Resize(layout, bytes, budget));
  }
  for (uint32_t slot = 0; slot < whole.slots; ++slot) {
    const uint64_t tag_word = LoadWord(whole.EntryAt(layout, slot));
    if (tag_word == 0) continue;
    const uint32_t hash_high = HashHighOf(layout, tag_word);
    THALWEG_RETURN_NOT_OK(CopyEntry(layout, whole, slot, &parts[hash_high >> 26], budget));
  }
  const size_t side_words = SideWords(options);
  auto blocks = std::make_unique<uint64_t[]>(side_words);
  std::copy_n(side_blocks.get(), side_words, blocks.get());
  for (SideEntry& side : sides) {
    auto* block = reinterpret_cast<uint8_t*>(blocks.get()) +
                  (side.block - reinterpret_cast<uint8_t*>(side_blocks.get()));
    SpanArena* arena = parts[static_cast<size_t>(ShardOf(side.hash))].arena.get();
    THALWEG_RETURN_NOT_OK(CopySpans(layout, block, arena));
  }
  std::copy_n(blocks.get(), side_words, side_blocks.get());
  options.unsharded = false;
  shards = std::move(parts);
  return Status::OK();
}

Status GroupTable::Reserve(int64_t entries) {
  return rep_->Reserve(entries);
}

Status GroupTable::Rep::Reserve(int64_t entries) {
  if (options.unsharded && shards.size() <= 1 && entries > kSplitEntries) {
    THALWEG_RETURN_NOT_OK(Split());
  }
  THALWEG_RETURN_NOT_OK(NeedShards());
  const auto count = static_cast<int64_t>(shards.size());
  const int64_t spread = count > 1 ? entries / count / 32 + 2 : 0;
  const size_t bytes = ShardBytesFor(layout, entries / count + spread);
  for (ShardTable& shard : shards) {
    if (shard.memory.bytes() < bytes) THALWEG_RETURN_NOT_OK(shard.Resize(layout, bytes, budget));
  }
  return Status::OK();
}

void GroupTable::ClearTouched() {
  if (!any_touched()) return;
  rep_->any_touched.store(false, std::memory_order_relaxed);
  for (ShardTable& shard : rep_->shards) {
    if (!shard.fresh.any()) continue;
    // Touched entries become dirty ones: the hot loop sets one mark only.
    if (rep_->layout.dirty) {
      uint32_t position = 0;
      uint64_t bits;
      while (NextMarkedWord(shard.fresh, nullptr, shard.slots, &position, &bits)) {
        const uint32_t word = position / 64;
        shard.dirty_below.bits[word] |= bits;
        shard.dirty_below.summary[word / 64] |= uint64_t{1} << (word % 64);
        shard.dirty_below.top |= uint64_t{1} << (position >> shard.dirty_below.top_shift);
        position = (word + 1) * 64;
      }
    }
    shard.fresh.ClearAll(shard.slots);
  }
  for (SideEntry& side : rep_->sides) side.touched = false;
}

bool GroupTable::any_touched() const {
  return rep_->any_touched.load(std::memory_order_relaxed);
}

int64_t GroupTable::size() const {
  return rep_->size();
}

int64_t GroupTable::Rep::size() const {
  int64_t entries = 0;
  for (const ShardTable& shard : shards) entries += shard.used;
  for (const SideEntry& side : sides) entries += side.used;
  return entries;
}

void GroupTable::Clear() {
  rep_->Clear();
}

void GroupTable::Rep::Clear() {
  // Arrays that were well filled will be again.
  if (size() * 8 < capacity()) shards.clear();
  Recycle();
  cleared = true;
}

void GroupTable::Rep::Recycle() {
  for (ShardTable& shard : shards) shard.Recycle();
  for (SideEntry& side : sides) side.used = side.dirty = side.touched = false;
  std::fill_n(side_blocks.get(), SideWords(options), 0);
  budget->Release(erased.reserved_bytes);
  erased = ErasedKeys();
  cleared = false;
  any_touched.store(false, std::memory_order_relaxed);
  rows_since_seal.store(0, std::memory_order_relaxed);
}

int64_t GroupTable::Rep::capacity() const {
  int64_t entries = 0;
  for (const ShardTable& shard : shards) entries += shard.limit;
  return entries;
}

int64_t GroupTable::Rep::reserved_bytes() const {
  int64_t bytes = erased.reserved_bytes;
  for (const ShardTable& shard : shards) bytes += shard.reserved_bytes();
  return bytes;
}

int64_t GroupTable::Rep::entry_bytes() const {
  int64_t variable = 0;
  for (const ShardTable& shard : shards) {
    if (shard.arena != nullptr) variable += shard.arena->reserved_bytes();
  }
  return layout.stride + variable / std::max<int64_t>(size(), 1);
}

ContainerMetrics GroupTable::metrics() const {
  ContainerMetrics metrics;
  metrics.entries = rep_->size();
  metrics.bytes = rep_->reserved_bytes();
  metrics.live_bytes = metrics.entries * rep_->entry_bytes();
  metrics.dirty_bytes = dirty_bytes();
  return metrics;
}

int64_t GroupTable::dirty_bytes() const {
  const int64_t rows = rep_->rows_since_seal.load(std::memory_order_relaxed);
  if (rows == 0) return rep_->erased.reserved_bytes;
  return std::min(rows, rep_->size()) * rep_->entry_bytes() + rep_->erased.reserved_bytes;
}

namespace {

// Copies the entry in a slot of `from` to `to`, parts and marks included.
Status CopyEntry(const EntryLayout& layout, const ShardTable& from, uint32_t slot, ShardTable* to,
                 MemoryBudget* budget) {
  const uint8_t* entry = from.EntryAt(layout, slot);
  const uint32_t hash_high = HashHighOf(layout, LoadWord(entry));
  THALWEG_ASSIGN_OR_RETURN(const uint32_t place, to->NewSlot(layout, hash_high, budget));
  uint8_t* copy = to->EntryAt(layout, place);
  std::memcpy(copy, entry, static_cast<size_t>(layout.stride));
  for (Marks ShardTable::*marks : {&ShardTable::fresh, &ShardTable::dirty_below}) {
    if (!(from.*marks).any() || !(from.*marks).Test(slot)) continue;
    (to->*marks).Set(place);
  }
  if (!layout.word_keys()) {
    const StringView key = KeyOf(entry);
    if (key.size() > kInlineKeyBytes) {
      THALWEG_ASSIGN_OR_RETURN(uint8_t* const run, to->arena->Allocate(key.size()));
      std::memcpy(run, key.data(), key.size());
      std::memcpy(copy + 8, &run, 8);
    }
  }
  return CopySpans(layout, copy + layout.block_offset, to->arena.get());
}

// Gives a block that was copied raw spans of its own.
Status CopySpans(const EntryLayout& layout, uint8_t* block, SpanArena* arena) {
  for (const int offset : layout.spans) {
    auto* span = reinterpret_cast<ArenaSpan*>(block + offset);
    const ArenaSpan old = *span;
    *span = ArenaSpan();
    if (old.size == 0) continue;
    THALWEG_RETURN_NOT_OK(arena->Reserve(span, old.size));
    std::memcpy(span->data, old.data, old.size);
    span->size = old.size;
  }
  return Status::OK();
}

}  // namespace
}  // namespace thalweg
