#include "int64_count.h"

#include <bit>

#include "base/hash.h"

namespace thalweg {
namespace {

constexpr int64_t kEmptyKey = static_cast<int64_t>(0x8F2A6D51C3B7E945ull);
constexpr int kPrefetchRows = 16;

}  // namespace

Int64CountLimit::Int64CountLimit(size_t keys, double load_max, bool marks_dirty)
    : slots_(SlotsFor(keys, load_max)),
      shift_(64 - std::countr_zero(slots_)),
      marks_dirty_(marks_dirty),
      entries_(slots_),
      dirty_(slots_ / 64) {}

void Int64CountLimit::Push(const int64_t* keys, int count) {
  if (marks_dirty_) {
    PushRows<true>(keys, count);
  } else {
    PushRows<false>(keys, count);
  }
}

template <bool kMarksDirty>
void Int64CountLimit::PushRows(const int64_t* keys, int count) {
  uint64_t home[1024];
  Entry* const entries = entries_.data();
  for (int i = 0; i < count; ++i) home[i] = HashWord(static_cast<uint64_t>(keys[i])) >> shift_;
  for (int i = 0; i < kPrefetchRows && i < count; ++i) __builtin_prefetch(&entries[home[i]], 1);
  for (int i = 0; i < count; ++i) {
    if (i + kPrefetchRows < count) __builtin_prefetch(&entries[home[i + kPrefetchRows]], 1);
    const int64_t key = keys[i] ^ kEmptyKey;
    uint64_t slot = home[i];
    while (entries[slot].key != key) {
      if (entries[slot].key == 0) {
        entries[slot].key = key;
        break;
      }
      slot = (slot + 1) & (slots_ - 1);
    }
    ++entries[slot].count;
    if (kMarksDirty) dirty_[slot / 64] |= uint64_t{1} << (slot % 64);
  }
}

int64_t Int64CountLimit::Total() const {
  int64_t total = 0;
  for (size_t i = 0; i < slots_; ++i) total += entries_[i].count;
  return total;
}

}  // namespace thalweg
