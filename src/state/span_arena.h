// SpanArena: the memory of one shard's variable parts: key bytes and ArenaSpans of accumulators.
// Small runs are cut from chunks and go back to a free list of their size class, so that garbage is
// bounded by what was once in use; runs above 32 KB are arrays of their own. Nothing ever moves.
// Everything is reserved from the budget before it is taken. One thread at a time (its shard's).
#pragma once

#include <cstdint>
#include <vector>

#include "base/memory.h"
#include "data/aggregate.h"

namespace thalweg {

class SpanArena final : public AggregateArena {
 public:
  explicit SpanArena(MemoryBudget* budget) : budget_(budget) {}
  ~SpanArena() override { Clear(); }
  SpanArena(const SpanArena&) = delete;
  SpanArena& operator=(const SpanArena&) = delete;

  Status Reserve(ArenaSpan* span, uint32_t capacity) override;
  void Free(ArenaSpan* span) override;

  /// `bytes` > 0 undefined bytes, aligned to 8; null when AddRoom(bytes) must be called first.
  uint8_t* TryAllocate(uint32_t bytes) {
    if (bytes > kSmallBytesMax) return AllocateLarge(bytes);
    const int size_class = ClassOf(bytes);
    if (FreeRun* run = free_[size_class]; run != nullptr) {
      free_[size_class] = run->next;
      return reinterpret_cast<uint8_t*>(run);
    }
    const uint32_t rounded = BytesOf(size_class);
    if (static_cast<size_t>(end_ - top_) < rounded) return nullptr;
    top_ += rounded;
    return top_ - rounded;
  }
  /// Both in one.
  Result<uint8_t*> Allocate(uint32_t bytes) {
    uint8_t* run = TryAllocate(bytes);
    if (run != nullptr) return run;
    THALWEG_RETURN_NOT_OK(AddRoom(bytes));
    return TryAllocate(bytes);
  }
  /// Reserves what the next TryAllocate of `bytes` needs.
  Status AddRoom(uint32_t bytes);
  /// Gives back what TryAllocate(bytes) returned.
  void Release(uint8_t* run, uint32_t bytes);
  /// Gives all memory back.
  void Clear();
  /// Forgets all runs but keeps one chunk for the next ones.
  void Recycle();

  int64_t reserved_bytes() const { return reserved_bytes_; }

  static constexpr uint32_t kSmallBytesMax = 32 << 10;
  /// Size classes: steps of 8 up to 128 bytes, then four to a doubling.
  static int ClassOf(uint32_t bytes) {
    if (bytes <= 128) return static_cast<int>((bytes + 7) / 8) - 1;
    const int e = 31 - __builtin_clz(bytes - 1);
    return 16 + (e - 7) * 4 + static_cast<int>((bytes - 1 - (1u << e)) >> (e - 2));
  }
  static uint32_t BytesOf(int size_class) {
    if (size_class < 16) return static_cast<uint32_t>(size_class + 1) * 8;
    const int e = 7 + (size_class - 16) / 4;
    return (1u << e) + static_cast<uint32_t>((size_class - 16) % 4 + 1) * (1u << (e - 2));
  }

 private:
  static constexpr int kClasses = 48;
  struct FreeRun {
    FreeRun* next;
  };
  struct LargeRun;

  uint8_t* AllocateLarge(uint32_t bytes);
  void ReleaseLarge(uint8_t* run);
  void FreeRest();

  MemoryBudget* const budget_;
  uint8_t* top_ = nullptr;
  uint8_t* end_ = nullptr;
  FreeRun* free_[kClasses] = {};
  LargeRun* large_ = nullptr;
  Array next_large_;  // made by AddRoom for the next AllocateLarge
  std::vector<Array> chunks_;
  int64_t reserved_bytes_ = 0;
};

}  // namespace thalweg
