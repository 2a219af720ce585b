#include "string_count.h"

#include <bit>

#include "base/hash.h"

namespace thalweg {
namespace {

bool SameBytes(const char* a, const char* b, uint32_t length);

}  // namespace

StringCountLimit::StringCountLimit(const Options& options)
    : options_(options),
      slots_(SlotsFor(options.keys, options.load_max)),
      shift_(64 - std::countr_zero(slots_)),
      entries_(slots_),
      dirty_(slots_ / 64),
      arena_(options.keys * options.key_bytes_max + 64) {}

void StringCountLimit::Push(const StringView* keys, int count) {
  uint64_t hashes[1024];
  for (int i = 0; i < count; ++i) hashes[i] = HashBytes(keys[i].data(), keys[i].size()) | 1;
  Prefetch(hashes, count);
  for (int i = 0; i < count; ++i) {
    const uint64_t slot = Find(hashes[i], keys[i]);
    ++entries_[slot].count;
    if (options_.marks_dirty) dirty_[slot / 64] |= uint64_t{1} << (slot % 64);
  }
}

void StringCountLimit::Prefetch(const uint64_t* hashes, int count) const {
  for (int i = 0; i < count; ++i) __builtin_prefetch(&entries_[hashes[i] >> shift_], 1);
  if (!options_.prefetches_key_bytes) return;
  for (int i = 0; i < count; ++i) {
    __builtin_prefetch(entries_[hashes[i] >> shift_].key.data());
  }
}

uint64_t StringCountLimit::Find(uint64_t hash, const StringView& key) {
  for (uint64_t slot = hash >> shift_;; slot = (slot + 1) & (slots_ - 1)) {
    Entry& entry = entries_[slot];
    if (entry.hash == hash && entry.key.size() == key.size() &&
        SameBytes(entry.key.data(), key.data(), key.size())) {
      return slot;
    }
    if (entry.hash == 0) {
      char* copy = arena_.data() + arena_used_;
      std::memcpy(copy, key.data(), key.size());
      arena_used_ += key.size();
      entry.hash = hash;
      entry.key = StringView(copy, key.size());
      return slot;
    }
  }
}

int64_t StringCountLimit::Total() const {
  int64_t total = 0;
  for (size_t i = 0; i < slots_; ++i) total += entries_[i].count;
  return total;
}

namespace {

bool SameBytes(const char* a, const char* b, uint32_t length) {  // length >= 8
  uint64_t difference = detail::Load64(a + length - 8) ^ detail::Load64(b + length - 8);
  for (uint32_t i = 0; i + 8 <= length; i += 8) {
    difference |= detail::Load64(a + i) ^ detail::Load64(b + i);
  }
  return difference == 0;
}

}  // namespace
}  // namespace thalweg
