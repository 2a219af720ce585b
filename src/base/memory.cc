#include "base/memory.h"

#include <sys/mman.h>

#include <cstring>
#include <new>

#include "base/pool.h"

namespace thalweg {
namespace {

constexpr size_t kSystemArrayBytesMin = 1 << 20;
constexpr size_t kHugePageBytes = 2 << 20;

size_t LargeBufferBytes(size_t capacity) {
  return capacity + kPoolOverheadBytes;
}

}  // namespace

Buffer Buffer::Allocate(size_t bytes) {
  static_assert(kHeaderBytes + kPadBytes == kPoolOverheadBytes && sizeof(Block) <= kHeaderBytes);
  const bool pooled = bytes <= kPoolBytesMax;
  const int size_class = pooled ? PoolSizeIndex(bytes) : -1;
  const size_t capacity = pooled ? kPoolBytesMin << size_class
                                 : RoundUpToPage(LargeBufferBytes(bytes)) - kPoolOverheadBytes;
  void* memory = pooled ? PoolAllocate(size_class) : MapPages(LargeBufferBytes(capacity));
  Buffer buffer;
  buffer.block_ = new (memory) Block{{1}, size_class, capacity};
  return buffer;
}

void Buffer::Free(Block* block) {
  if (block->size_class >= 0) {
    PoolFree(block, block->size_class);
  } else {
    UnmapPages(block, LargeBufferBytes(block->capacity));
  }
}

void Buffer::EnsureUnique(size_t bytes) {
  if (unique() && capacity() >= bytes) return;
  Reset();  // first, so that the pool may hand the same block out again
  *this = Allocate(bytes);
}

Array Array::Zeroed(size_t bytes) {
  Array array;
  if (bytes == 0) return array;
  array.bytes_ = bytes;
  if (bytes >= kHugePageBytes) {
    array.data_ = static_cast<uint8_t*>(MapPages(AllocationBytes(bytes), kHugePageBytes));
    // Refused where the kernel has no transparent huge pages: slower, not wrong.
    (void)madvise(array.data_, AllocationBytes(bytes), MADV_HUGEPAGE);
  } else if (bytes >= kSystemArrayBytesMin) {
    array.data_ = static_cast<uint8_t*>(MapPages(AllocationBytes(bytes)));
  } else {
    array.data_ = static_cast<uint8_t*>(PoolAllocate(kPoolSizes + PoolSizeIndex(bytes)));
    std::memset(array.data_, 0, bytes);
  }
  return array;
}

Array::Array(Array&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

Array& Array::operator=(Array&& other) noexcept {
  Array taken(std::move(other));
  std::swap(data_, taken.data_);
  std::swap(bytes_, taken.bytes_);
  return *this;
}

Array::~Array() {
  if (data_ == nullptr) return;
  if (bytes_ >= kSystemArrayBytesMin) {
    UnmapPages(data_, AllocationBytes(bytes_));
  } else {
    PoolFree(data_, kPoolSizes + PoolSizeIndex(bytes_));
  }
}

size_t Array::AllocationBytes(size_t bytes) {
  if (bytes == 0) return 0;
  if (bytes >= kSystemArrayBytesMin) return RoundUpToPage(bytes);
  return PoolBlockBytes(kPoolSizes + PoolSizeIndex(bytes));
}

}  // namespace thalweg
