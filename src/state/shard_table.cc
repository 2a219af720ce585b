#include "state/shard_table.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace thalweg {
namespace {

// Loads at which shards grow: spread, so that 64 shards that fill alike do not grow in one batch.
constexpr double kLoadMin = 0.625;
constexpr double kLoadMax = 0.7;

size_t MarkWords(uint32_t slots) {
  return (slots + 63) / 64;
}
size_t MarkBytes(uint32_t slots) {
  return 8 * (MarkWords(slots) + (MarkWords(slots) + 63) / 64);
}
int MarkSets(const EntryLayout& layout) {
  return (layout.dirty ? 1 : 0) + (layout.touched ? 1 : 0);
}
size_t TableBytes(const EntryLayout& layout, uint32_t slots) {
  return static_cast<size_t>(slots) * static_cast<size_t>(layout.stride) +
         static_cast<size_t>(MarkSets(layout)) * MarkBytes(slots);
}

uint32_t SlotsIn(const EntryLayout& layout, size_t bytes);
void Shape(const EntryLayout& layout, uint32_t slots, uint32_t tail, ShardTable* table);
bool MoveEntries(const EntryLayout& layout, const ShardTable& from, ShardTable* to);
Marks MarksAt(uint8_t** at, uint32_t slots);

}  // namespace

void Marks::ClearAll(uint32_t slots) {
  const size_t summary_words = (MarkWords(slots) + 63) / 64;
  const size_t stretch = size_t{1} << (top_shift - 12);  // words of `summary` a bit of `top`
  for (; top != 0; top &= top - 1) {
    const size_t first = static_cast<size_t>(std::countr_zero(top)) * stretch;
    for (size_t s = first; s < std::min(first + stretch, summary_words); ++s) {
      for (uint64_t left = summary[s]; left != 0; left &= left - 1) {
        bits[s * 64 + static_cast<size_t>(std::countr_zero(left))] = 0;
      }
      summary[s] = 0;
    }
  }
}

namespace {

/// The first slot >= `slot` of a stretch that may have marks; `slots` if there is none.
uint64_t SkipEmpty(uint64_t top, int top_shift, uint64_t slot, uint64_t slots) {
  const uint64_t stretch = slot >> top_shift;
  if (stretch >= 64 || top >> stretch == 0) return slots;
  const auto skipped = static_cast<uint64_t>(std::countr_zero(top >> stretch));
  return skipped == 0 ? slot : (stretch + skipped) << top_shift;
}

}  // namespace

bool NextMarkedWord(const Marks& a, const Marks* b, uint32_t slots, uint32_t* position,
                    uint64_t* bits) {
  const uint64_t top = a.top | (b != nullptr ? b->top : 0);
  for (uint64_t at = *position; at < slots;) {
    at = SkipEmpty(top, a.top_shift, at, slots);
    if (at >= slots) return false;
    const size_t word = at / 64;
    uint64_t summary = a.summary[word / 64] | (b != nullptr ? b->summary[word / 64] : 0);
    summary &= ~uint64_t{0} << (word % 64);
    if (summary == 0) {
      at = (word / 64 + 1) * 64 * 64;
      continue;
    }
    const size_t marked = word / 64 * 64 + static_cast<size_t>(std::countr_zero(summary));
    const uint64_t mask = marked == word ? ~uint64_t{0} << (at % 64) : ~uint64_t{0};
    *bits = (a.bits[marked] | (b != nullptr ? b->bits[marked] : 0)) & mask;
    if (*bits != 0) {
      *position = static_cast<uint32_t>(marked * 64 + static_cast<size_t>(std::countr_zero(*bits)));
      return true;
    }
    at = (marked + 1) * 64;
  }
  return false;
}

Result<Reservation> Reservation::Make(MemoryBudget* budget, size_t bytes) {
  const auto wanted = static_cast<int64_t>(Array::AllocationBytes(bytes));
  THALWEG_RETURN_NOT_OK(budget->Reserve(wanted));
  Reservation reservation;
  reservation.budget_ = budget;
  reservation.bytes_ = wanted;
  return reservation;
}

Status ShardTable::Resize(const EntryLayout& layout, size_t bytes, MemoryBudget* budget) {
  uint32_t wanted_tail = tail;
  while (true) {
    ShardTable larger;
    THALWEG_ASSIGN_OR_RETURN(larger.reserved, Reservation::Make(budget, bytes));
    larger.hash_shift = hash_shift;
    larger.load_step = load_step;
    larger.memory = Array::Zeroed(bytes);
    Shape(layout, SlotsIn(layout, bytes), wanted_tail, &larger);
    if (larger.limit > used && MoveEntries(layout, *this, &larger)) {
      larger.arena = std::move(arena);
      *this = std::move(larger);
      return Status::OK();
    }
    // Many keys share the upper half of their hash: more room behind the homes takes them.
    wanted_tail = larger.tail * 4;
    bytes *= 2;
  }
}

Status ShardTable::Grow(const EntryLayout& layout, MemoryBudget* budget) {
  return Resize(layout, std::max(memory.bytes() * 2, kShardBytesMin), budget);
}

Result<uint32_t> ShardTable::NewSlot(const EntryLayout& layout, uint32_t hash_high,
                                     MemoryBudget* budget) {
  while (true) {
    uint32_t slot = HomeOf(hash_high) * static_cast<uint32_t>(layout.group_slots);
    while (LoadWord(EntryAt(layout, slot)) != 0) ++slot;
    if (used < limit && slot < usable) {
      ++used;
      return slot;
    }
    THALWEG_RETURN_NOT_OK(Grow(layout, budget));
  }
}

void ShardTable::RemoveSlot(const EntryLayout& layout, uint32_t slot) {
  const auto group_slots = static_cast<uint32_t>(layout.group_slots);
  const auto stride = static_cast<size_t>(layout.stride);
  const bool has_touched = layout.touched;
  uint32_t hole = slot;
  bool chain_ends = GroupHasGap(layout, *this, hole);
  // A full group may have sent entries on: the first that could lie in the hole's group fills it
  // and leaves the next hole.
  for (uint32_t next = (hole / group_slots + 1) * group_slots; !chain_ends; next += group_slots) {
    chain_ends = GroupHasGap(layout, *this, next);
    for (uint32_t i = next; i < next + group_slots; ++i) {
      const uint64_t tag_word = LoadWord(EntryAt(layout, i));
      if (tag_word == 0 || HomeOf(HashHighOf(layout, tag_word)) > hole / group_slots) continue;
      std::memcpy(EntryAt(layout, hole), EntryAt(layout, i), stride);
      for (Marks* marks : {&fresh, &dirty_below}) {
        if (marks->bits == nullptr) continue;
        marks->Reset(hole);
        if (marks->Test(i)) marks->Set(hole);
      }
      hole = i;
      break;
    }
  }
  std::memset(EntryAt(layout, hole), 0, stride);
  if (fresh.bits != nullptr) fresh.Reset(hole);
  if (has_touched && dirty_below.bits != nullptr) dirty_below.Reset(hole);
  --used;
}

void ShardTable::FreeParts(const EntryLayout& layout, uint8_t* entry) {
  if (!layout.word_keys()) {
    const StringView key = KeyOf(entry);
    if (key.size() > kInlineKeyBytes) {
      uint8_t* run;
      std::memcpy(&run, entry + 8, 8);
      arena->Release(run, key.size());
    }
  }
  for (const int offset : layout.spans) {
    arena->Free(reinterpret_cast<ArenaSpan*>(entry + layout.block_offset + offset));
  }
}

void ShardTable::Recycle() {
  if (used > 0) std::memset(memory.data(), 0, memory.bytes());
  used = 0;
  fresh.top = dirty_below.top = 0;
  if (arena != nullptr) arena->Recycle();
}

int64_t ShardTable::reserved_bytes() const {
  return reserved.bytes() + (arena != nullptr ? arena->reserved_bytes() : 0);
}

bool GroupHasGap(const EntryLayout& layout, const ShardTable& shard, uint32_t slot) {
  const auto group_slots = static_cast<uint32_t>(layout.group_slots);
  const uint8_t* entry = shard.EntryAt(layout, slot / group_slots * group_slots);
  for (uint32_t i = 0; i < group_slots; ++i, entry += layout.stride) {
    if (LoadWord(entry) == 0) return true;
  }
  return false;
}

size_t ShardBytesFor(const EntryLayout& layout, int64_t entries) {
  const double slots = static_cast<double>(entries) / kLoadMin + 20;
  const double bytes = slots * (layout.stride + MarkSets(layout) * (1.0 / 8 + 1.0 / 512));
  return std::max(std::bit_ceil(static_cast<size_t>(bytes)), kShardBytesMin);
}

namespace {

uint32_t SlotsIn(const EntryLayout& layout, size_t bytes) {
  const auto group_slots = static_cast<size_t>(layout.group_slots);
  size_t slots = bytes / static_cast<size_t>(layout.stride) / group_slots * group_slots;
  while (TableBytes(layout, static_cast<uint32_t>(slots)) > bytes) slots -= group_slots;
  return static_cast<uint32_t>(slots);
}

void Shape(const EntryLayout& layout, uint32_t slots, uint32_t tail, ShardTable* table) {
  const auto group_slots = static_cast<uint32_t>(layout.group_slots);
  // What runs over behind the last home: falls by about half with every slot and a half.
  tail = std::min(std::max(tail, slots < 512 ? 16u : 64u), slots / 2 / group_slots * group_slots);
  table->slots = slots;
  table->tail = tail;
  table->homes = (slots - tail) / group_slots;
  table->usable = slots - group_slots;
  const double load = kLoadMin + (kLoadMax - kLoadMin) * table->load_step / 64;
  table->limit = static_cast<uint32_t>((slots - tail) * load);
  table->used = 0;
  table->entries = table->memory.data();
  uint8_t* at = table->entries + static_cast<size_t>(slots) * static_cast<size_t>(layout.stride);
  table->fresh = MarkSets(layout) > 0 ? MarksAt(&at, slots) : Marks();
  table->dirty_below = MarkSets(layout) > 1 ? MarksAt(&at, slots) : Marks();
}

Marks MarksAt(uint8_t** at, uint32_t slots) {
  Marks marks;
  marks.bits = reinterpret_cast<uint64_t*>(*at);
  marks.summary = marks.bits + MarkWords(slots);
  while (slots > uint64_t{64} << marks.top_shift) ++marks.top_shift;
  *at += MarkBytes(slots);
  return marks;
}

// False when the last group would be reached.
template <int kStride>
bool MoveEntriesOf(const EntryLayout& layout, const ShardTable& from, ShardTable* to) {
  const size_t stride = kStride > 0 ? kStride : static_cast<size_t>(layout.stride);
  const auto group_slots = kStride == 16 ? 4 : static_cast<uint32_t>(layout.group_slots);
  const bool word_keys = layout.word_keys();
  const uint8_t* entry = from.entries;
  for (uint32_t slot = 0; slot < from.slots; ++slot, entry += stride) {
    const uint64_t tag_word = LoadWord(entry);
    if (tag_word == 0) continue;
    const uint64_t hash = word_keys ? HashWord(tag_word ^ kEmptyWord) : tag_word;
    uint32_t free_slot = to->HomeOf(static_cast<uint32_t>(hash >> 32)) * group_slots;
    uint8_t* place = to->entries + free_slot * stride;
    for (; LoadWord(place) != 0; place += stride) ++free_slot;
    if (free_slot >= to->usable) return false;
    std::memcpy(place, entry, stride);
    if (from.fresh.any() && from.fresh.Test(slot)) to->fresh.Set(free_slot);
    if (from.dirty_below.any() && from.dirty_below.Test(slot)) to->dirty_below.Set(free_slot);
  }
  return true;
}

bool MoveEntries(const EntryLayout& layout, const ShardTable& from, ShardTable* to) {
  const bool moved = layout.stride == 16 && layout.word_keys() ? MoveEntriesOf<16>(layout, from, to)
                                                               : MoveEntriesOf<0>(layout, from, to);
  to->used = from.used;
  return moved;
}

}  // namespace
}  // namespace thalweg
