#include "sliding_count.h"

#include <bit>

#include "base/hash.h"

namespace thalweg {

SlidingCountLimit::SlidingCountLimit(size_t keys, int64_t slide_us, size_t overlap)
    : slide_us_(slide_us),
      overlap_(overlap),
      slots_(SlotsFor(keys, 0.5)),
      shift_(64 - std::countr_zero(slots_)),
      numbers_(slots_),
      totals_(keys) {
  for (int i = 0; i < kOpenSlices; ++i) open_.push_back(std::make_unique<OpenSlice>(keys));
}

void SlidingCountLimit::Push(const int64_t* keys, const int64_t* times_us, int count) {
  uint64_t home[1024];
  for (int i = 0; i < count; ++i) home[i] = HashWord(static_cast<uint64_t>(keys[i])) >> shift_;
  for (int i = 0; i < count; ++i) {
    if (times_us[i] < slice_begin_us_ || times_us[i] >= slice_end_us_) {
      Enter(times_us[i] / slide_us_);
    }
    const uint32_t number = NumberOf(static_cast<uint64_t>(keys[i]) + 1, home[i]);
    if (current_->counts[number]++ == 0) current_->numbers.push_back(number);
  }
}

void SlidingCountLimit::Enter(int64_t slice) {
  slice_begin_us_ = slice * slide_us_;
  slice_end_us_ = slice_begin_us_ + slide_us_;
  current_ = open_[slice % kOpenSlices].get();
  if (slice <= newest_slice_) return;
  // With at most one slide of disorder nothing comes any more for the slice before the last one.
  if (newest_slice_ >= 0 && slice >= 2) Close(*open_[(slice - 2) % kOpenSlices]);
  newest_slice_ = slice;
}

void SlidingCountLimit::Close(OpenSlice& slice) {
  ClosedSlice closed = std::move(spare_);
  closed.clear();
  for (const uint32_t number : slice.numbers) {
    closed.emplace_back(number, slice.counts[number]);
    totals_[number] += slice.counts[number];
    slice.counts[number] = 0;
  }
  slice.numbers.clear();
  closed_.push_back(std::move(closed));
  if (closed_.size() <= overlap_) return;
  for (const auto& [number, rows] : closed_.front()) totals_[number] -= rows;
  spare_ = std::move(closed_.front());
  closed_.pop_front();
}

uint32_t SlidingCountLimit::NumberOf(uint64_t key, uint64_t home) {
  for (uint64_t slot = home;; slot = (slot + 1) & (slots_ - 1)) {
    Slot& found = numbers_[slot];
    if (found.key == key) return found.number;
    if (found.key == 0) {
      found.key = key;
      found.number = key_count_++;
      return found.number;
    }
  }
}

int64_t SlidingCountLimit::WindowTotal() const {
  int64_t total = 0;
  for (uint32_t i = 0; i < key_count_; ++i) total += totals_[i];
  return total;
}

}  // namespace thalweg
