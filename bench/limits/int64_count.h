// Limit of the keyed count over int64 keys: one table of {key, count}, sized before, no shards, no
// batches, no accounting; each 1,024 rows are hashed, prefetched and counted in one loop.
// Limit A: load at most 0.5, no marks. Limit B: the operator's load and its dirty marks.
// A key equal to kEmptyKey would never end; no input here has it. One thread.
#pragma once

#include <cstdint>

#include "zeroed_array.h"

namespace thalweg {

class Int64CountLimit {
 public:
  Int64CountLimit(size_t keys, double load_max, bool marks_dirty);
  /// At most 1,024 rows.
  void Push(const int64_t* keys, int count);
  /// Sum of all counts, to check that nothing was lost.
  int64_t Total() const;

 private:
  struct Entry {
    int64_t key;  // xor kEmptyKey, so that zeroed memory is empty
    int64_t count;
  };
  template <bool kMarksDirty>
  void PushRows(const int64_t* keys, int count);

  const size_t slots_;
  const int shift_;
  const bool marks_dirty_;
  ZeroedArray<Entry> entries_;
  ZeroedArray<uint64_t> dirty_;
};

}  // namespace thalweg
