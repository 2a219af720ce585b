#include "state/span_arena.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <utility>

namespace thalweg {

// A run of its own: the array that holds it lies in its first bytes.
struct SpanArena::LargeRun {
  static constexpr size_t kHeaderBytes = 64;
  Array memory;
  LargeRun* next;
  LargeRun* previous;
  uint8_t* bytes() { return reinterpret_cast<uint8_t*>(this) + kHeaderBytes; }
  static LargeRun* Of(uint8_t* bytes) { return reinterpret_cast<LargeRun*>(bytes - kHeaderBytes); }
};

Status SpanArena::Reserve(ArenaSpan* span, uint32_t capacity) {
  if (capacity <= span->capacity) return Status::OK();
  const uint64_t wanted =
      std::max<uint64_t>(capacity, uint64_t{span->capacity} + span->capacity / 2);
  const uint32_t bytes = static_cast<uint32_t>(std::min<uint64_t>(wanted, UINT32_MAX - 4096));
  if (bytes < capacity) {
    return Status::World("an accumulator needs more than 4 GB; group by more keys");
  }
  THALWEG_ASSIGN_OR_RETURN(uint8_t* const run, Allocate(bytes));
  const uint32_t size = span->size;
  if (span->data != nullptr) {
    std::memcpy(run, span->data, size);
    Release(span->data, span->capacity);
  }
  span->data = run;
  span->capacity = bytes > kSmallBytesMax ? bytes : BytesOf(ClassOf(bytes));
  return Status::OK();
}

void SpanArena::Free(ArenaSpan* span) {
  if (span->data != nullptr) Release(span->data, span->capacity);
  *span = ArenaSpan();
}

Status SpanArena::AddRoom(uint32_t bytes) {
  const bool large = bytes > kSmallBytesMax;
  // Chunks double with the arena, so that small shards stay small and big ones have few.
  const size_t chunk = std::clamp(std::bit_ceil(static_cast<size_t>(reserved_bytes_ / 2 + 1)),
                                  size_t{1} << 10, size_t{512} << 10);
  const size_t array_bytes =
      large ? bytes + LargeRun::kHeaderBytes : std::max(chunk, std::bit_ceil(size_t{bytes}));
  const auto reserved = static_cast<int64_t>(Array::AllocationBytes(array_bytes));
  THALWEG_RETURN_NOT_OK(budget_->Reserve(reserved));
  reserved_bytes_ += reserved;
  Array memory = Array::Zeroed(array_bytes);
  if (large) {
    next_large_ = std::move(memory);
    return Status::OK();
  }
  FreeRest();
  top_ = memory.data();
  end_ = top_ + memory.bytes();
  chunks_.push_back(std::move(memory));
  return Status::OK();
}

void SpanArena::Release(uint8_t* run, uint32_t bytes) {
  if (bytes > kSmallBytesMax) return ReleaseLarge(run);
  FreeRun*& head = free_[ClassOf(bytes)];
  head = new (run) FreeRun{head};
}

void SpanArena::Clear() {
  while (large_ != nullptr) ReleaseLarge(large_->bytes());
  next_large_ = Array();
  chunks_.clear();
  std::fill(std::begin(free_), std::end(free_), nullptr);
  top_ = end_ = nullptr;
  budget_->Release(reserved_bytes_);
  reserved_bytes_ = 0;
}

void SpanArena::Recycle() {
  if (chunks_.empty()) return Clear();
  Array kept = std::move(chunks_.back());
  const auto bytes = static_cast<int64_t>(Array::AllocationBytes(kept.bytes()));
  reserved_bytes_ -= bytes;
  Clear();
  reserved_bytes_ = bytes;
  top_ = kept.data();
  end_ = top_ + kept.bytes();
  chunks_.push_back(std::move(kept));
}

// What is left of the present chunk goes to the free lists.
void SpanArena::FreeRest() {
  while (end_ - top_ >= 8) {
    const auto left = static_cast<uint32_t>(std::min<ptrdiff_t>(end_ - top_, kSmallBytesMax));
    int size_class = ClassOf(left);
    if (BytesOf(size_class) > left) --size_class;
    uint8_t* run = top_;
    top_ += BytesOf(size_class);
    Release(run, BytesOf(size_class));
  }
}

uint8_t* SpanArena::AllocateLarge(uint32_t bytes) {
  if (next_large_.bytes() < bytes + LargeRun::kHeaderBytes) return nullptr;
  uint8_t* memory = next_large_.data();
  LargeRun* run = new (memory) LargeRun{std::move(next_large_), large_, nullptr};
  if (large_ != nullptr) large_->previous = run;
  large_ = run;
  return run->bytes();
}

void SpanArena::ReleaseLarge(uint8_t* bytes) {
  LargeRun* run = LargeRun::Of(bytes);
  (run->previous != nullptr ? run->previous->next : large_) = run->next;
  if (run->next != nullptr) run->next->previous = run->previous;
  const Array memory = std::move(run->memory);  // freed at the end, the header with it
  const auto reserved = static_cast<int64_t>(Array::AllocationBytes(memory.bytes()));
  budget_->Release(reserved);
  reserved_bytes_ -= reserved;
}

}  // namespace thalweg
