// Limit of the keyed count over strings of 8 bytes and more: one table of {hash, view, count},
// sized before; keys that are new are copied into one arena. Two ways of prefetching, since neither
// is faster for all sizes: slots only, or slots and then the bytes of the keys in them. Limit A:
// load at most 0.5, no marks. Limit B: the operator's load and its dirty marks. One thread.
#pragma once

#include <cstdint>

#include "data/string_view.h"
#include "zeroed_array.h"

namespace thalweg {

class StringCountLimit {
 public:
  struct Options {
    size_t keys = 0;
    uint32_t key_bytes_max = 0;
    double load_max = 0.5;
    bool marks_dirty = false;
    bool prefetches_key_bytes = false;
  };
  explicit StringCountLimit(const Options& options);
  /// At most 1,024 rows.
  void Push(const StringView* keys, int count);
  int64_t Total() const;

 private:
  struct Entry {
    uint64_t hash;  // 0: empty
    StringView key;
    int64_t count;
  };
  void Prefetch(const uint64_t* hashes, int count) const;
  /// The slot of the key, made if it is new.
  uint64_t Find(uint64_t hash, const StringView& key);

  const Options options_;
  const size_t slots_;
  const int shift_;
  ZeroedArray<Entry> entries_;
  ZeroedArray<uint64_t> dirty_;
  ZeroedArray<char> arena_;
  size_t arena_used_ = 0;
};

}  // namespace thalweg
