// Locate and Find: a batch of keys -> entries. Rows in input order, the shard looked up per row,
// slots fetched kAhead rows before they are needed; the blocks are updated by the caller afterwards
// (two passes: recipes/state-layout.md has the numbers against one pass and against partitioning).
#include <immintrin.h>

#include <algorithm>

#include "base/check.h"
#include "data/batch.h"
#include "state/group_table_rep.h"

namespace thalweg {
namespace {

constexpr int kAhead = 24;
constexpr uint32_t kNoSlot = ~0u;  // must grow first, or (without insertion) unknown
// Below this all entries are in the cache: fetching ahead costs more than it gains.
constexpr int64_t kFetchBytesMin = 512 << 10;

struct Found {
  int count = 0;  // keys located
  Status status;  // of the memory for the next key
};

struct Request {
  const KeyBatch* keys;
  int from;
  bool mark;
  uint8_t** blocks;
};

Found LocateKeys(GroupTable::Rep& table, const Request& request);
uint8_t* LocateSide(GroupTable::Rep& table, Side side, bool mark);

}  // namespace

Result<int> GroupTable::Locate(const KeyBatch& keys, int from, uint8_t** blocks,
                               AggregateArena** arenas) {
  THALWEG_DCHECK(keys.form == rep_->layout.form, "keys of another form than the table's");
  THALWEG_DCHECK(keys.count - from <= kBatchRows, "more keys than a batch has rows");
  THALWEG_ASSIGN_OR_RETURN(const int count, rep_->Locate(keys, from, true, blocks));
  if (!rep_->layout.spans.empty()) rep_->FillArenas(keys, from, count, arenas);
  return count;
}

void GroupTable::Rep::FillArenas(const KeyBatch& keys, int from, int count,
                                 AggregateArena** arenas) const {
  for (int i = 0; i < count; ++i) {
    const bool null = keys.nulls != nullptr && keys.nulls[from + i] != 0;
    arenas[i] = ShardFor(null ? kNullKeyHash : keys.hashes[from + i]).arena.get();
  }
}

Result<int> GroupTable::Rep::Locate(const KeyBatch& keys, int from, bool mark, uint8_t** blocks) {
  if (shards.empty()) THALWEG_RETURN_NOT_OK(NeedShards());
  while (true) {
    Found found = LocateKeys(*this, {&keys, from, mark, blocks});
    if (found.count > 0 || from >= keys.count) {
      if (mark) rows_since_seal.fetch_add(found.count, std::memory_order_relaxed);
      if (mark && options.track_touched && !any_touched.load(std::memory_order_relaxed)) {
        any_touched.store(true, std::memory_order_relaxed);
      }
      return found.count;
    }
    THALWEG_RETURN_NOT_OK(found.status);
    THALWEG_RETURN_NOT_OK(MakeRoom(keys.hashes[from]));
  }
}

void GroupTable::Find(const KeyBatch& keys, uint8_t** blocks, AggregateArena** arenas) const {
  THALWEG_DCHECK(keys.form == rep_->layout.form, "keys of another form than the table's");
  if (rep_->shards.empty()) {
    std::fill(blocks, blocks + keys.count, nullptr);
    return;
  }
  rep_->Find(keys, blocks);
  if (arenas != nullptr && !rep_->layout.spans.empty()) {
    rep_->FillArenas(keys, 0, keys.count, arenas);
  }
}

namespace {

template <bool kSharded>
ShardTable& ShardAt(ShardTable* shards, uint64_t hash) {
  return shards[kSharded ? hash >> 58 : 0];
}
template <bool kSharded>
uint32_t HomeSlot(const ShardTable& shard, uint64_t hash, uint32_t group_slots) {
  const auto high = static_cast<uint32_t>(hash >> 32) << (kSharded ? 6 : 0);
  return static_cast<uint32_t>(uint64_t{high} * shard.homes >> 32) * group_slots;
}

// Probing. Each returns the slot of the key, new if `kInsert`, else kNoSlot.

// 16-byte entries: the four tag words of a line are compared at once.
template <bool kInsert>
inline uint32_t ProbeLines(ShardTable& shard, uint64_t tag_word, uint32_t slot) {
  const __m256i wanted = _mm256_set1_epi64x(static_cast<int64_t>(tag_word));
  const uint8_t* line = shard.entries + static_cast<size_t>(slot) * 16;
  for (;; slot += 4, line += 64) {
    const __m256i low = _mm256_load_si256(reinterpret_cast<const __m256i*>(line));
    const __m256i high = _mm256_load_si256(reinterpret_cast<const __m256i*>(line + 32));
    const __m256i words = _mm256_unpacklo_epi64(low, high);  // of slots 0 2 1 3
    const auto slot_of = [slot](int mask) {
      const auto i = static_cast<uint32_t>(__builtin_ctz(static_cast<unsigned>(mask)));
      return slot + ((i & 1) << 1 | i >> 1);
    };
    const int hit = _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpeq_epi64(words, wanted)));
    if (__builtin_expect(hit != 0, 1)) return slot_of(hit);
    const int gap =
        _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpeq_epi64(words, _mm256_setzero_si256())));
    if (gap == 0) continue;
    if (!kInsert) return kNoSlot;
    const uint32_t free_slot = slot_of(gap);
    if (shard.used >= shard.limit || free_slot >= shard.usable) return kNoSlot;
    StoreWord(shard.entries + static_cast<size_t>(free_slot) * 16, tag_word);
    ++shard.used;
    return free_slot;
  }
}

template <bool kInsert>
inline uint32_t ProbeSlots(ShardTable& shard, uint64_t tag_word, uint32_t slot, size_t stride) {
  uint8_t* entry = shard.entries + slot * stride;
  for (;; ++slot, entry += stride) {
    const uint64_t word = LoadWord(entry);
    if (word == tag_word) return slot;
    if (word != 0) continue;
    if (!kInsert) return kNoSlot;
    if (shard.used >= shard.limit || slot >= shard.usable) return kNoSlot;
    StoreWord(entry, tag_word);
    ++shard.used;
    return slot;
  }
}

template <bool kSharded, bool kLines, bool kFetch>
Found LocateWords(GroupTable::Rep& table, const Request& request) {
  const KeyBatch& keys = *request.keys;
  const uint64_t* const hashes = keys.hashes;
  const uint64_t* const words = keys.words;
  const uint8_t* const nulls = keys.nulls;
  const size_t stride = kLines ? 16 : static_cast<size_t>(table.layout.stride);
  const auto group_slots = static_cast<uint32_t>(kLines ? 4 : table.layout.group_slots);
  ShardTable* const shards = table.shards.data();
  const bool mark = request.mark && shards[0].fresh.bits != nullptr;
  const int end = keys.count;
  uint8_t** blocks = request.blocks;

  const auto fetch = [&](uint64_t hash) {
    const ShardTable& shard = ShardAt<kSharded>(shards, hash);
    const uint8_t* entry = shard.entries + HomeSlot<kSharded>(shard, hash, group_slots) * stride;
    __builtin_prefetch(entry, 1);
    if (!kLines) __builtin_prefetch(entry + stride - 1, 1);
  };
  if (kFetch) {
    for (int i = request.from; i < std::min(end, request.from + kAhead); ++i) fetch(hashes[i]);
  }
  int i = request.from;
  for (; i < end; ++i) {
    if (kFetch && i + kAhead < end) fetch(hashes[i + kAhead]);
    const uint64_t tag_word = words[i] ^ kEmptyWord;
    const bool null = nulls != nullptr && nulls[i] != 0;
    if (__builtin_expect(tag_word == 0 || null, 0)) {
      *blocks++ = LocateSide(table, null ? kSideNull : kSideWord, request.mark);
      continue;
    }
    ShardTable& shard = ShardAt<kSharded>(shards, hashes[i]);
    const uint32_t home = HomeSlot<kSharded>(shard, hashes[i], group_slots);
    const uint32_t slot = kLines ? ProbeLines<true>(shard, tag_word, home)
                                 : ProbeSlots<true>(shard, tag_word, home, stride);
    if (__builtin_expect(slot == kNoSlot, 0)) break;
    if (mark) shard.fresh.Set(slot);
    *blocks++ = shard.entries + slot * stride + 8;
  }
  return {i - request.from, Status()};
}

inline uint64_t InlineWord(const StringView& key) {
  return detail::Load64(key.data());  // the view pads with zeros
}

inline bool SameBytes(const char* a, const char* b, uint32_t length) {  // length > 8
  uint64_t different = detail::Load64(a + length - 8) ^ detail::Load64(b + length - 8);
  for (uint32_t i = 0; i + 8 <= length; i += 8) {
    different |= detail::Load64(a + i) ^ detail::Load64(b + i);
  }
  return different == 0;
}

// Called where the tag words are equal, so the lengths are.
inline bool SameKey(const uint8_t* entry, const StringView& key) {
  if (key.size() <= kInlineKeyBytes) return LoadWord(entry + 8) == InlineWord(key);
  const char* stored;
  std::memcpy(&stored, entry + 8, 8);
  return SameBytes(stored, key.data(), key.size());
}

// First pass for big tables: fetches the slots and then the key bytes they point to.
template <bool kSharded>
void FetchKeys(const GroupTable::Rep& table, const KeyBatch& keys, int from, uint32_t* slots) {
  const size_t stride = static_cast<size_t>(table.layout.stride);
  ShardTable* const shards = const_cast<ShardTable*>(table.shards.data());
  const auto fetch = [&](uint64_t hash) {
    const ShardTable& shard = ShardAt<kSharded>(shards, hash);
    const uint8_t* entry = shard.entries + HomeSlot<kSharded>(shard, hash, 1) * stride;
    __builtin_prefetch(entry, 1);
    __builtin_prefetch(entry + stride - 1, 1);
  };
  const int end = keys.count;
  for (int i = from; i < std::min(end, from + kAhead); ++i) fetch(keys.hashes[i]);
  for (int i = from; i < end; ++i) {
    if (i + kAhead < end) fetch(keys.hashes[i + kAhead]);
    const ShardTable& shard = ShardAt<kSharded>(shards, keys.hashes[i]);
    const uint64_t tag_word = TagWordOf(keys.hashes[i], keys.bytes[i].size());
    uint32_t slot = HomeSlot<kSharded>(shard, keys.hashes[i], 1);
    const uint8_t* entry = shard.entries + slot * stride;
    uint64_t word;
    while ((word = LoadWord(entry)) != 0 && word != tag_word) {
      entry += stride;
      ++slot;
    }
    slots[i - from] = slot;
    if (word != 0 && keys.bytes[i].size() > kInlineKeyBytes) {
      const char* stored;
      std::memcpy(&stored, entry + 8, 8);
      __builtin_prefetch(stored);
      __builtin_prefetch(stored + keys.bytes[i].size() - 1);
    }
  }
}

// Puts a new key into the free slot at `entry`; false without changing anything when there is no
// room or (then with a status) no memory.
bool InsertBytes(ShardTable& shard, uint32_t slot, uint8_t* entry, const StringView& key,
                 Status* status) {
  if (shard.used >= shard.limit || slot >= shard.usable) return false;
  if (key.size() <= kInlineKeyBytes) {
    StoreWord(entry + 8, InlineWord(key));
  } else {
    uint8_t* run = shard.arena->TryAllocate(key.size());
    if (run == nullptr) {
      *status = shard.arena->AddRoom(key.size());
      if (!status->ok()) return false;
      run = shard.arena->TryAllocate(key.size());
    }
    std::memcpy(run, key.data(), key.size());
    std::memcpy(entry + 8, &run, 8);
  }
  ++shard.used;
  return true;
}

template <bool kSharded, bool kFetch>
Found LocateBytes(GroupTable::Rep& table, const Request& request) {
  const KeyBatch& keys = *request.keys;
  const size_t stride = static_cast<size_t>(table.layout.stride);
  ShardTable* const shards = table.shards.data();
  const bool mark = request.mark && shards[0].fresh.bits != nullptr;
  uint32_t slots[kBatchRows];
  if (kFetch) FetchKeys<kSharded>(table, keys, request.from, slots);
  Found found;
  uint8_t** blocks = request.blocks;
  for (int i = request.from; i < keys.count; ++i) {
    if (__builtin_expect(keys.nulls != nullptr && keys.nulls[i] != 0, 0)) {
      *blocks++ = LocateSide(table, kSideNull, request.mark);
      continue;
    }
    const uint64_t hash = keys.hashes[i];
    ShardTable& shard = ShardAt<kSharded>(shards, hash);
    const StringView& key = keys.bytes[i];
    const uint64_t tag_word = TagWordOf(hash, key.size());
    uint32_t slot = kFetch ? slots[i - request.from] : HomeSlot<kSharded>(shard, hash, 1);
    uint8_t* entry = shard.entries + slot * stride;
    for (;; ++slot, entry += stride) {
      const uint64_t word = LoadWord(entry);
      if (word == tag_word && SameKey(entry, key)) break;
      if (word != 0) continue;
      if (!InsertBytes(shard, slot, entry, key, &found.status)) {
        found.count = i - request.from;
        return found;
      }
      StoreWord(entry, tag_word);
      break;
    }
    if (mark) shard.fresh.Set(slot);
    *blocks++ = entry + 16;
  }
  found.count = std::max(0, keys.count - request.from);
  return found;
}

Found LocateKeys(GroupTable::Rep& table, const Request& request) {
  const bool sharded = table.shards.size() > 1;
  const bool fetch = static_cast<int64_t>(table.shards[0].memory.bytes()) *
                         static_cast<int64_t>(table.shards.size()) >=
                     kFetchBytesMin;
  if (!table.layout.word_keys()) {
    if (sharded) {
      return fetch ? LocateBytes<true, true>(table, request)
                   : LocateBytes<true, false>(table, request);
    }
    return fetch ? LocateBytes<false, true>(table, request)
                 : LocateBytes<false, false>(table, request);
  }
  if (table.layout.stride == 16) {
    if (!sharded) {
      return fetch ? LocateWords<false, true, true>(table, request)
                   : LocateWords<false, true, false>(table, request);
    }
    return fetch ? LocateWords<true, true, true>(table, request)
                 : LocateWords<true, true, false>(table, request);
  }
  return sharded ? LocateWords<true, false, true>(table, request)
                 : LocateWords<false, false, true>(table, request);
}

uint8_t* LocateSide(GroupTable::Rep& table, Side side, bool mark) {
  SideEntry& entry = table.sides[side];
  entry.used = true;
  if (mark) entry.dirty = entry.touched = true;
  return entry.block;
}

}  // namespace

uint8_t* GroupTable::Rep::FindOne(const KeyBatch& keys, int i) const {
  const bool null = keys.nulls != nullptr && keys.nulls[i] != 0;
  if (null || (layout.word_keys() && keys.words[i] == kEmptyWord)) {
    const SideEntry& side = sides[null ? kSideNull : kSideWord];
    return side.used ? side.block : nullptr;
  }
  const uint64_t hash = keys.hashes[i];
  auto& shard = const_cast<ShardTable&>(ShardFor(hash));
  const size_t stride = static_cast<size_t>(layout.stride);
  const uint32_t home =
      shard.HomeOf(static_cast<uint32_t>(hash >> 32)) * static_cast<uint32_t>(layout.group_slots);
  if (layout.word_keys()) {
    const uint64_t tag_word = keys.words[i] ^ kEmptyWord;
    const uint32_t slot = stride == 16 ? ProbeLines<false>(shard, tag_word, home)
                                       : ProbeSlots<false>(shard, tag_word, home, stride);
    return slot == kNoSlot ? nullptr : shard.entries + slot * stride + 8;
  }
  const uint64_t tag_word = TagWordOf(hash, keys.bytes[i].size());
  for (uint8_t* entry = shard.entries + home * stride;; entry += stride) {
    const uint64_t word = LoadWord(entry);
    if (word == 0) return nullptr;
    if (word == tag_word && SameKey(entry, keys.bytes[i])) return entry + 16;
  }
}

void GroupTable::Rep::Find(const KeyBatch& keys, uint8_t** blocks) const {
  const auto fetch = [&](uint64_t hash) {
    const ShardTable& shard = ShardFor(hash);
    const uint32_t home = shard.HomeOf(static_cast<uint32_t>(hash >> 32));
    __builtin_prefetch(shard.EntryAt(layout, home * static_cast<uint32_t>(layout.group_slots)));
  };
  for (int i = 0; i < std::min(keys.count, kAhead); ++i) fetch(keys.hashes[i]);
  for (int i = 0; i < keys.count; ++i) {
    if (i + kAhead < keys.count) fetch(keys.hashes[i + kAhead]);
    blocks[i] = FindOne(keys, i);
  }
}

}  // namespace thalweg
