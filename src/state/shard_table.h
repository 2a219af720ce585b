// ShardTable: one linear-probing table of a GroupTable: a shard of it, or all while it is small.
//
//   memory   | entries … | dirty bits | summary | touched bits | summary |      one Array
//   entry    | tag word u64 | [key u64] | block … |
//            kWord:  tag word = word ^ kEmptyWord, no key
//            others: tag word = key length u32, hash >> 32; key = its bytes (<= 8) or a pointer
//
// Invariants:
//   * a tag word of 0 is a free slot; the one kWord key that maps to 0 lives beside the table
//   * slots form groups (4 slots in a cache line for 16-byte entries, else 1); an entry whose home
//     is group H lies in group P >= H, and all groups from H to P - 1 are full. There is no
//     wrap-around: `tail` groups behind the last home take what overflows
//   * the last group is never full, so that every search ends
//   * homes rise with the hash, so a walk over the slots meets hashes in order except among entries
//     with no gap between them, and growing streams from the old array into the new one
// Internal to state/. One thread at a time.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/memory.h"
#include "data/key_codec.h"
#include "state/span_arena.h"

namespace thalweg {

inline constexpr uint64_t kEmptyWord = 0x8F2A6D51C3B7E945ull;

/// The same for all shards of a table.
struct EntryLayout {
  KeyForm form = KeyForm::kWord;
  int block_offset = 8;
  int block_bytes = 8;
  int stride = 16;
  int group_slots = 4;
  bool dirty = true;
  bool touched = false;
  bool needs_arena = false;
  std::vector<int> spans;

  bool word_keys() const { return form == KeyForm::kWord; }
};

/// A part of a budget, given back when it goes.
class Reservation {
 public:
  Reservation() = default;
  static Result<Reservation> Make(MemoryBudget* budget, size_t bytes);
  Reservation(Reservation&& other) noexcept
      : budget_(other.budget_), bytes_(std::exchange(other.bytes_, 0)) {}
  Reservation& operator=(Reservation&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Reservation() {
    if (bytes_ > 0) budget_->Release(bytes_);
  }
  int64_t bytes() const { return bytes_; }

 private:
  MemoryBudget* budget_ = nullptr;
  int64_t bytes_ = 0;
};

/// One bit a slot, one bit a word of those, and 64 bits over all: what is marked is found without
/// reading the rest, 100 marks among 10 M slots too.
struct Marks {
  uint64_t* bits = nullptr;
  uint64_t* summary = nullptr;
  uint64_t top = 0;    // bit i: some slot of [i, i + 1) << top_shift may be marked
  int top_shift = 12;  // at least a word of `summary` a bit

  bool any() const { return top != 0; }
  void Set(uint32_t slot) {
    bits[slot >> 6] |= uint64_t{1} << (slot & 63);
    summary[slot >> 12] |= uint64_t{1} << (slot >> 6 & 63);
    top |= uint64_t{1} << (slot >> top_shift);
  }
  bool Test(uint32_t slot) const { return bits[slot >> 6] >> (slot & 63) & 1; }
  void Reset(uint32_t slot) { bits[slot >> 6] &= ~(uint64_t{1} << (slot & 63)); }
  /// O(what is marked).
  void ClearAll(uint32_t slots);
};

/// From slot *position on, the next word of marks in `a` or (if not null) `b`: its marks from there
/// on in *bits, a slot of that word in *position. False at the end.
bool NextMarkedWord(const Marks& a, const Marks* b, uint32_t slots, uint32_t* position,
                    uint64_t* bits);

struct alignas(64) ShardTable {
  // Read for every row.
  uint8_t* entries = nullptr;
  uint32_t homes = 0;   // groups that are homes
  uint32_t usable = 0;  // slots that may be filled: all but the last group
  uint32_t used = 0;
  uint32_t limit = 0;  // grows above this
  Marks fresh;         // touched if tracked, else dirty if tracked

  Marks dirty_below;  // when touched marks are tracked: dirty apart from `fresh`
  uint32_t slots = 0;
  uint32_t tail = 0;       // slots behind the homes
  uint8_t hash_shift = 0;  // 6 in a shard: its top bits are all the same
  uint8_t load_step = 0;   // 0 … 63: shards grow at different loads, not all in one batch
  Array memory;
  Reservation reserved;  // for `memory`
  std::unique_ptr<SpanArena> arena;

  /// The home slot of a hash of which only the upper half counts.
  uint32_t HomeOf(uint32_t hash_high) const {
    return static_cast<uint32_t>(uint64_t{static_cast<uint32_t>(hash_high << hash_shift)} * homes >>
                                 32);
  }
  uint8_t* EntryAt(const EntryLayout& layout, uint32_t slot) const {
    return entries + static_cast<size_t>(slot) * static_cast<size_t>(layout.stride);
  }
  Marks& dirty(const EntryLayout& layout) { return layout.touched ? dirty_below : fresh; }
  const Marks& dirty(const EntryLayout& layout) const {
    return layout.touched ? dirty_below : fresh;
  }

  /// Moves all entries to a new array of `bytes`, or of more until they fit; the present array
  /// stays when the budget refuses.
  Status Resize(const EntryLayout& layout, size_t bytes, MemoryBudget* budget);
  Status Grow(const EntryLayout& layout, MemoryBudget* budget);
  /// A slot for an entry that is not in the table, counted as used; the caller fills it at once.
  Result<uint32_t> NewSlot(const EntryLayout& layout, uint32_t hash_high, MemoryBudget* budget);
  /// Empties a slot; entries behind it move up. Does not free key and spans.
  void RemoveSlot(const EntryLayout& layout, uint32_t slot);
  /// Frees the key bytes and spans of an entry.
  void FreeParts(const EntryLayout& layout, uint8_t* entry);
  /// Empties everything, keeping the array.
  void Recycle();
  int64_t reserved_bytes() const;
};

inline uint64_t LoadWord(const uint8_t* p) {
  uint64_t word;
  std::memcpy(&word, p, 8);
  return word;
}
inline void StoreWord(uint8_t* p, uint64_t word) {
  std::memcpy(p, &word, 8);
}

inline uint32_t HashHighOf(const EntryLayout& layout, uint64_t tag_word) {
  return static_cast<uint32_t>((layout.word_keys() ? HashWord(tag_word ^ kEmptyWord) : tag_word) >>
                               32);
}
inline uint64_t TagWordOf(uint64_t hash, uint32_t length) {
  return (hash & 0xFFFFFFFF00000000ull) | length;
}

/// Key bytes of an entry that is not kWord.
inline constexpr uint32_t kInlineKeyBytes = 8;
inline const char* KeyBytesOf(const uint8_t* entry) {
  uint32_t length;
  std::memcpy(&length, entry, 4);
  if (length <= kInlineKeyBytes) return reinterpret_cast<const char*>(entry) + 8;
  const char* p;
  std::memcpy(&p, entry + 8, 8);
  return p;
}
inline StringView KeyOf(const uint8_t* entry) {
  uint32_t length;
  std::memcpy(&length, entry, 4);
  return StringView(KeyBytesOf(entry), length);
}
inline uint64_t HashOf(const EntryLayout& layout, const uint8_t* entry) {
  if (layout.word_keys()) return HashWord(LoadWord(entry) ^ kEmptyWord);
  uint32_t length;
  std::memcpy(&length, entry, 4);
  return HashBytes(KeyBytesOf(entry), length);
}

/// True if some slot of the group that holds `slot` is free.
bool GroupHasGap(const EntryLayout& layout, const ShardTable& shard, uint32_t slot);

/// Bytes of an array that holds about `entries` of a shard below its growth limit: a power of two.
size_t ShardBytesFor(const EntryLayout& layout, int64_t entries);
inline constexpr size_t kShardBytesMin = 1 << 10;

}  // namespace thalweg
