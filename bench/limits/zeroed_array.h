// ZeroedArray: memory of a limit program: zeroed, touched, in huge pages where they pay. The limit
// programs share nothing with the engine but the hash and the input, so that a slow allocator of
// ours cannot make its own limit slow. One thread.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace thalweg {

template <class T>
class ZeroedArray {
 public:
  explicit ZeroedArray(size_t count) : bytes_(RoundUp(count * sizeof(T) + 64)) {
    void* p = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) std::abort();
    madvise(p, bytes_, MADV_HUGEPAGE);
    std::memset(p, 0, bytes_);
    data_ = static_cast<T*>(p);
  }
  ~ZeroedArray() { munmap(static_cast<void*>(data_), bytes_); }
  ZeroedArray(const ZeroedArray&) = delete;
  ZeroedArray& operator=(const ZeroedArray&) = delete;

  T* data() { return data_; }
  const T* data() const { return data_; }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }

 private:
  static constexpr size_t kHugePageBytes = size_t{2} << 20;
  static size_t RoundUp(size_t bytes) {
    const size_t page = bytes >= kHugePageBytes ? kHugePageBytes : 4096;
    return (bytes + page - 1) / page * page;
  }

  size_t bytes_;
  T* data_;
};

/// The smallest power of two (>= 256) of which `keys` fill at most `load_max`.
inline size_t SlotsFor(size_t keys, double load_max) {
  size_t slots = 256;
  while (static_cast<double>(slots) * load_max < static_cast<double>(keys)) slots *= 2;
  return slots;
}

}  // namespace thalweg
