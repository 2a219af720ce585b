// Limit of the sliding count in append mode, before output: keys become dense numbers through one
// pre-sized table; an event counts once, in the array of its slice; a slice that closes is added to
// a running total per key and subtracted when it leaves the window. Events may be up to one slide
// out of order. No output, no marks, no eviction of keys. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "zeroed_array.h"

namespace thalweg {

class SlidingCountLimit {
 public:
  SlidingCountLimit(size_t keys, int64_t slide_us, size_t overlap);
  /// At most 1,024 rows. Keys are >= 0.
  void Push(const int64_t* keys, const int64_t* times_us, int count);
  /// Sum over the keys of the window that closed last.
  int64_t WindowTotal() const;

 private:
  static constexpr int kOpenSlices = 4;
  struct Slot {
    uint64_t key;  // + 1; 0: empty
    uint32_t number;
  };
  struct OpenSlice {
    explicit OpenSlice(size_t keys) : counts(keys) {}
    ZeroedArray<uint32_t> counts;
    std::vector<uint32_t> numbers;  // of the keys that it counts
  };
  using ClosedSlice = std::vector<std::pair<uint32_t, uint32_t>>;  // key number, count

  void Enter(int64_t slice);
  void Close(OpenSlice& slice);
  uint32_t NumberOf(uint64_t key, uint64_t home);

  const int64_t slide_us_;
  const size_t overlap_;
  const size_t slots_;
  const int shift_;
  ZeroedArray<Slot> numbers_;
  uint32_t key_count_ = 0;
  std::vector<std::unique_ptr<OpenSlice>> open_;
  std::deque<ClosedSlice> closed_;
  ClosedSlice spare_;  // of the slice that left last: its memory is used again
  ZeroedArray<int64_t> totals_;
  int64_t newest_slice_ = -1;
  int64_t slice_begin_us_ = 0;
  int64_t slice_end_us_ = 0;
  OpenSlice* current_ = nullptr;
};

}  // namespace thalweg
