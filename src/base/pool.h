// The pool of blocks behind Buffer and Array (base/memory.h); nobody else includes this. A block of
// size class c has PoolBlockBytes(c) bytes. Free blocks wait in a small cache per thread, then in
// one list per class; addresses taken from the system are kept, pages of large arrays are given
// back when many are free. Under AddressSanitizer a free block is poisoned, so that a view into it
// is caught. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>

namespace thalweg {

// Powers of two from 256 bytes to 1 MB, twice: with room for a Buffer's header and padding behind
// (classes 0 … 12), and bare for Arrays (classes 13 … 25).
inline constexpr int kPoolSizes = 13;
inline constexpr int kPoolClasses = 2 * kPoolSizes;
inline constexpr size_t kPoolBytesMin = 256;
inline constexpr size_t kPoolBytesMax = kPoolBytesMin << (kPoolSizes - 1);
inline constexpr size_t kPoolOverheadBytes = 128;

/// Index of the smallest power of two >= bytes; `bytes` <= kPoolBytesMax.
inline int PoolSizeIndex(size_t bytes) {
  return bytes <= kPoolBytesMin ? 0 : 64 - __builtin_clzll((bytes - 1) >> 8);
}

inline size_t PoolBlockBytes(int size_class) {
  return size_class < kPoolSizes ? (kPoolBytesMin << size_class) + kPoolOverheadBytes
                                 : kPoolBytesMin << (size_class - kPoolSizes);
}

/// A block with undefined contents, 64-byte aligned (bare ones to their size, up to a page).
void* PoolAllocate(int size_class);
void PoolFree(void* block, int size_class);

inline constexpr size_t kPageBytes = 4096;
inline size_t RoundUpToPage(size_t bytes) {
  return (bytes + kPageBytes - 1) & ~(kPageBytes - 1);
}

/// Zeroed pages of the system, aligned to a power of two; `bytes` is a multiple of the page. Stops
/// the process with a message when there are none.
void* MapPages(size_t bytes, size_t alignment = kPageBytes);
void UnmapPages(void* pages, size_t bytes);

}  // namespace thalweg
