// Memory: who may use how much (MemoryBudget) and where it comes from (Pool, Buffer, Array).
// Every growing container reserves from its budget before it grows (DESIGN.md §4.4). Budgets form a
// tree process > query > operator > shard; a reservation counts in all ancestors. Thread-safe.
// Blocks up to 1 MB stay in the pool; larger ones go back to the system when released.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "base/status.h"

namespace thalweg {

class MemoryBudget {
 public:
  static constexpr int64_t kUnlimited = INT64_MAX;

  /// `parent` may be null (a root) and must outlive this budget.
  MemoryBudget(std::string owner, int64_t limit_bytes, MemoryBudget* parent);
  ~MemoryBudget();  // gives back to the ancestors what is still reserved
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  /// Reserves `bytes` here and in every ancestor, or nothing.
  /// Errors: THALWEG_MEMORY_LIMIT_EXCEEDED naming the budget that is full.
  Status Reserve(int64_t bytes);
  void Release(int64_t bytes);

  int64_t used_bytes() const { return used_bytes_.load(std::memory_order_relaxed); }
  int64_t peak_bytes() const { return peak_bytes_.load(std::memory_order_relaxed); }
  int64_t limit_bytes() const { return limit_bytes_; }
  const std::string& owner() const { return owner_; }

 private:
  const std::string owner_;
  const int64_t limit_bytes_;
  MemoryBudget* const parent_;
  std::atomic<int64_t> used_bytes_{0};
  std::atomic<int64_t> peak_bytes_{0};
};

/// A reference-counted block of bytes from the pool; the unit that Vectors share. 64-byte aligned,
/// with kPadBytes readable bytes behind `capacity` (simdjson and wide loads need them).
class Buffer {
 public:
  static constexpr size_t kPadBytes = 64;

  Buffer() = default;  // none
  /// At least `bytes` bytes, contents undefined. Size classes are powers of two from 256
  /// bytes to 1 MB; larger blocks are whole pages of the system's.
  static Buffer Allocate(size_t bytes);

  Buffer(const Buffer& other) : block_(other.block_) {
    if (block_ != nullptr) block_->references.fetch_add(1, std::memory_order_relaxed);
  }
  Buffer(Buffer&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Buffer& operator=(const Buffer& other) {
    Buffer copy(other);
    std::swap(block_, copy.block_);
    return *this;
  }
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(block_, other.block_);
    other.Reset();
    return *this;
  }
  ~Buffer() { Reset(); }
  /// Gives the block up: this becomes none.
  void Reset();

  explicit operator bool() const { return block_ != nullptr; }
  bool operator==(const Buffer& other) const { return block_ == other.block_; }
  /// True when nobody else holds this block: its bytes may be overwritten.
  bool unique() const {
    return block_ != nullptr && block_->references.load(std::memory_order_acquire) == 1;
  }
  size_t capacity() const { return block_ == nullptr ? 0 : block_->capacity; }
  uint8_t* data() const {
    return block_ == nullptr ? nullptr : reinterpret_cast<uint8_t*>(block_) + kHeaderBytes;
  }
  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(data());
  }
  /// Makes this a block of >= `bytes` that nobody else holds, kept if it already is one.
  /// The contents of a new block are undefined.
  void EnsureUnique(size_t bytes);

 private:
  static constexpr size_t kHeaderBytes = 64;
  struct Block {  // stands kHeaderBytes before the data
    std::atomic<uint32_t> references;
    int32_t size_class;  // -1: not of the pool
    size_t capacity;
  };
  static void Free(Block* block);
  friend struct BufferAccess;
  Block* block_ = nullptr;
};

inline void Buffer::Reset() {
  Block* block = std::exchange(block_, nullptr);
  if (block != nullptr && block->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    Free(block);
  }
}

/// A zeroed array for tables: aligned to its size up to a page; 2 MB aligned with huge pages from
/// 2 MB on. Below 1 MB from the pool, in powers of two from 256 bytes; from 1 MB on from the
/// system, in pages, and given back to it. Move-only. The owner reserves it.
class Array {
 public:
  Array() = default;
  static Array Zeroed(size_t bytes);
  Array(Array&& other) noexcept;
  Array& operator=(Array&& other) noexcept;
  ~Array();
  uint8_t* data() const { return data_; }
  size_t bytes() const { return bytes_; }
  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(data_);
  }
  /// What Zeroed(bytes) really takes, for reservations.
  static size_t AllocationBytes(size_t bytes);

 private:
  uint8_t* data_ = nullptr;
  size_t bytes_ = 0;
};

/// Bytes that the pool holds in free blocks (counted by the process budget's owner, not by
/// queries).
int64_t PooledBytes();
/// Bytes that the pool has taken from the system and never gives back: in use plus pooled.
int64_t PoolSystemBytes();

}  // namespace thalweg
