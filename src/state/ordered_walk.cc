// OrderedWalk: entries of a shard by (hash, key bytes). Slots are nearly in that order already, so
// a run of them is cut at a gap that no entry has jumped over, and sorted by insertion.
#include <algorithm>
#include <bit>

#include "state/group_table_rep.h"

namespace thalweg {
namespace {

// Sorts nearly sorted runs in about their length; false when it would take much longer.
bool SortByInsertion(SlotRef* begin, SlotRef* end) {
  int64_t moves_left = 16 * (end - begin);
  for (SlotRef* i = begin + 1; i < end; ++i) {
    const SlotRef ref = *i;
    SlotRef* to = i;
    for (; to > begin && to[-1].hash > ref.hash; --to) *to = to[-1];
    *to = ref;
    moves_left -= i - to;
    if (moves_left < 0) return false;
  }
  return true;
}

std::string_view KeyViewOf(const uint8_t* entry) {
  uint32_t length;
  std::memcpy(&length, entry, 4);
  return {KeyBytesOf(entry), length};
}

}  // namespace

OrderedWalk::OrderedWalk(const GroupTable::Rep& table, int shard_index, Pick pick)
    : table_(table),
      shard_(table.shards[static_cast<size_t>(shard_index)]),
      shard_index_(shard_index),
      pick_(pick) {
  for (int i = 0; i < kSides; ++i) {
    const SideEntry& side = table.sides[i];
    const bool picked = pick == Pick::kAll || (pick == Pick::kDirty ? side.dirty : side.touched);
    side_done_[i] = !side.used || !picked || table.ShardIndex(side.hash) != shard_index;
  }
}

bool OrderedWalk::Next(size_t wanted, std::vector<SlotRef>* run) {
  const size_t begin = run->size();
  if (pick_ == Pick::kAll) {
    Take(wanted, run);
  } else {
    TakeMarked(wanted, run);
  }
  SlotRef* first = run->data() + begin;
  SlotRef* last = run->data() + run->size();
  if (!table_.layout.word_keys()) {  // hashes of bytes are not kept: read them in two steps
    for (SlotRef* i = first; i < last; ++i) {
      __builtin_prefetch(KeyBytesOf(shard_.EntryAt(table_.layout, i->slot)));
    }
  }
  for (SlotRef* i = first; i < last; ++i) {
    i->hash = HashOf(table_.layout, shard_.EntryAt(table_.layout, i->slot));
  }
  const auto before = [this](const SlotRef& a, const SlotRef& b) {
    if (a.hash != b.hash || table_.layout.word_keys()) return a.hash < b.hash;
    return KeyViewOf(shard_.EntryAt(table_.layout, a.slot)) <
           KeyViewOf(shard_.EntryAt(table_.layout, b.slot));
  };
  const auto same_hash = [](const SlotRef& a, const SlotRef& b) { return a.hash == b.hash; };
  if (!SortByInsertion(first, last) || std::adjacent_find(first, last, same_hash) != last) {
    std::sort(first, last, before);
  }
  AddSides(position_ >= shard_.slots, begin, run);
  return run->size() > begin;
}

void OrderedWalk::Take(size_t wanted, std::vector<SlotRef>* run) {
  const size_t enough = run->size() + wanted;
  const auto group_slots = static_cast<uint32_t>(table_.layout.group_slots);
  const uint8_t* entry = shard_.EntryAt(table_.layout, position_);
  while (position_ < shard_.slots) {
    bool gap = false;
    for (uint32_t i = 0; i < group_slots; ++i, entry += table_.layout.stride) {
      if (LoadWord(entry) == 0) {
        gap = true;
      } else {
        run->push_back({0, position_ + i});
      }
    }
    position_ += group_slots;
    if (gap && run->size() >= enough) return;
  }
}

void OrderedWalk::TakeMarked(size_t wanted, std::vector<SlotRef>* run) {
  const size_t begin = run->size();
  const bool both = pick_ == Pick::kDirty && table_.layout.touched;
  const Marks* below = both ? &shard_.dirty_below : nullptr;
  uint64_t bits;
  while (NextMarkedWord(shard_.fresh, below, shard_.slots, &position_, &bits)) {
    const uint32_t base = position_ / 64 * 64;
    for (; bits != 0; bits &= bits - 1) {
      const uint32_t slot = base + static_cast<uint32_t>(std::countr_zero(bits));
      if (run->size() - begin >= wanted && IsCut(run->back().slot, slot)) {
        position_ = slot;
        return;
      }
      run->push_back({0, slot});
    }
    position_ = base + 64;
  }
  position_ = shard_.slots;
}

// True if no entry at or behind slot `next` has its home at or before `last`: some group between
// them has a gap.
bool OrderedWalk::IsCut(uint32_t last, uint32_t next) const {
  const auto group_slots = static_cast<uint32_t>(table_.layout.group_slots);
  const uint32_t next_group = next / group_slots;
  for (uint32_t group = last / group_slots; group < next_group; ++group) {
    if (GroupHasGap(table_.layout, shard_, group * group_slots)) return true;
  }
  return false;
}

// Puts side entries where they belong in the run, at its end only if nothing comes behind it.
void OrderedWalk::AddSides(bool at_end, size_t begin, std::vector<SlotRef>* run) {
  for (int i = kSides - 1; i >= 0; --i) {  // NULL comes before others of its hash
    if (side_done_[i]) continue;
    const SlotRef side{table_.sides[i].hash, kSideSlots + static_cast<uint32_t>(i)};
    const auto place =
        std::lower_bound(run->begin() + static_cast<ptrdiff_t>(begin), run->end(), side,
                         [](const SlotRef& a, const SlotRef& b) { return a.hash < b.hash; });
    if (place == run->end() && !at_end) continue;
    run->insert(place, side);
    side_done_[i] = true;
  }
}

}  // namespace thalweg
