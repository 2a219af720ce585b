#include "base/pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/check.h"
#include "base/memory.h"

#if defined(__SANITIZE_ADDRESS__)
#define THALWEG_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define THALWEG_ASAN 1
#endif
#endif

#ifdef THALWEG_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#endif

namespace thalweg {
namespace {

struct FreeBlock {
  FreeBlock* next;
};

void Poison([[maybe_unused]] void* block, [[maybe_unused]] size_t bytes) {
#ifdef THALWEG_ASAN
  ASAN_POISON_MEMORY_REGION(block, bytes);
#endif
}

void Unpoison([[maybe_unused]] void* block, [[maybe_unused]] size_t bytes) {
#ifdef THALWEG_ASAN
  ASAN_UNPOISON_MEMORY_REGION(block, bytes);
#endif
}

struct FreeList {
  FreeBlock* head = nullptr;
  int count = 0;

  void Push(void* block, size_t bytes) {
    auto* free_block = static_cast<FreeBlock*>(block);
    free_block->next = head;
    head = free_block;
    ++count;
    Poison(block, bytes);
  }
  void* Pop(size_t bytes) {
    FreeBlock* block = head;
    Unpoison(block, bytes);
    head = block->next;
    --count;
    return block;
  }
};

// One size class for all threads: free blocks, and the rest of the slab last taken from the system,
// which is cut when it is needed so that its pages are not touched before. Of large arrays a few
// wait as they are; the others are cold: the system has the pages of all but their beginning back,
// else what a growing table has left behind would stay as large as the table.
struct SharedClass {
  std::mutex mutex;
  FreeList free;
  FreeList cold;
  char* slab = nullptr;
  char* slab_end = nullptr;

  void* Take(size_t block_bytes);
  void Put(void* block, int size_class);
};
constexpr size_t kLargeArrayBytes = 64 << 10;
constexpr size_t kWarmBytesMax = 2 << 20;  // of a class of large arrays

struct ThreadCache;

struct Pool {
  SharedClass classes[kPoolClasses];
  std::atomic<int64_t> system_bytes{0};
  std::mutex caches_mutex;
  ThreadCache* caches = nullptr;
};

// Never destroyed: buffers of static objects come back after it would be gone.
Pool& ThePool() {
  static Pool& pool = *new Pool;
  return pool;
}

// A few free blocks per class that only their thread touches; about 256 KB per class at most.
struct ThreadCache {
  FreeList free[kPoolClasses];
  std::atomic<int64_t> bytes{0};  // written by its thread alone, summed by PooledBytes
  ThreadCache* next = nullptr;
  ThreadCache* previous = nullptr;

  ThreadCache();
  ~ThreadCache();
  static int CountMax(size_t block_bytes) {
    return std::clamp(static_cast<int>((256 << 10) / block_bytes), 2, 64);
  }
  void AddBytes(int64_t change) {
    bytes.store(bytes.load(std::memory_order_relaxed) + change, std::memory_order_relaxed);
  }
  void Refill(int size_class, size_t block_bytes);
  void Flush(int size_class, size_t block_bytes, int keep);
};

enum class CacheState : uint8_t { kNone, kAlive, kGone };
thread_local CacheState cache_state = CacheState::kNone;
thread_local ThreadCache* thread_cache = nullptr;

// The present thread's cache, null while the thread is ending.
ThreadCache* MyCache() {
  if (cache_state == CacheState::kAlive) [[likely]]
    return thread_cache;
  if (cache_state == CacheState::kGone) return nullptr;
  thread_local ThreadCache cache;
  thread_cache = &cache;
  return thread_cache;
}

}  // namespace

void* PoolAllocate(int size_class) {
  const size_t block_bytes = PoolBlockBytes(size_class);
  ThreadCache* cache = MyCache();
  if (cache == nullptr) {
    SharedClass& shared = ThePool().classes[size_class];
    std::lock_guard lock(shared.mutex);
    return shared.Take(block_bytes);
  }
  if (cache->free[size_class].count == 0) cache->Refill(size_class, block_bytes);
  cache->AddBytes(-static_cast<int64_t>(block_bytes));
  return cache->free[size_class].Pop(block_bytes);
}

void PoolFree(void* block, int size_class) {
  const size_t block_bytes = PoolBlockBytes(size_class);
  ThreadCache* cache = MyCache();
  if (cache == nullptr) {
    SharedClass& shared = ThePool().classes[size_class];
    std::lock_guard lock(shared.mutex);
    shared.Put(block, size_class);
    return;
  }
  cache->free[size_class].Push(block, block_bytes);
  cache->AddBytes(static_cast<int64_t>(block_bytes));
  const int count_max = ThreadCache::CountMax(block_bytes);
  if (cache->free[size_class].count > count_max) {
    cache->Flush(size_class, block_bytes, count_max / 2);
  }
}

int64_t PooledBytes() {
  Pool& pool = ThePool();
  int64_t bytes = 0;
  {
    std::lock_guard lock(pool.caches_mutex);
    for (ThreadCache* cache = pool.caches; cache != nullptr; cache = cache->next) {
      bytes += cache->bytes.load(std::memory_order_relaxed);
    }
  }
  for (int c = 0; c < kPoolClasses; ++c) {
    SharedClass& shared = pool.classes[c];
    std::lock_guard lock(shared.mutex);
    bytes += static_cast<int64_t>(PoolBlockBytes(c)) * shared.free.count +
             static_cast<int64_t>(kPageBytes) * shared.cold.count + (shared.slab_end - shared.slab);
  }
  return bytes;
}

int64_t PoolSystemBytes() {
  return ThePool().system_bytes.load(std::memory_order_relaxed);
}

void* MapPages(size_t bytes, size_t alignment) {
  const size_t spare = alignment - kPageBytes;
  void* mapped = mmap(nullptr, bytes + spare, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  THALWEG_CHECK(mapped != MAP_FAILED, "the system has no more memory; lower --memory");
  char* pages = static_cast<char*>(mapped);
  if (spare > 0) {  // give back what lies before and behind the aligned part
    const size_t before = -reinterpret_cast<uintptr_t>(pages) & (alignment - 1);
    if (before > 0) munmap(pages, before);
    pages += before;
    if (spare > before) munmap(pages + bytes, spare - before);
  }
#ifdef THALWEG_ASAN
  __lsan_register_root_region(pages, bytes);
#endif
  return pages;
}

void UnmapPages(void* pages, size_t bytes) {
#ifdef THALWEG_ASAN
  __lsan_unregister_root_region(pages, bytes);
#endif
  THALWEG_CHECK(munmap(pages, bytes) == 0, "munmap of pages that were not mapped");
}

namespace {

void* SharedClass::Take(size_t block_bytes) {
  if (free.count > 0) return free.Pop(block_bytes);
  if (cold.count > 0) return cold.Pop(block_bytes);
  if (static_cast<size_t>(slab_end - slab) < block_bytes) {
    const size_t wanted = std::clamp<size_t>(block_bytes * 16, 64 << 10, 1 << 20);
    const size_t slab_bytes = RoundUpToPage(std::max(wanted, block_bytes));
    slab = static_cast<char*>(MapPages(slab_bytes));
    slab_end = slab + slab_bytes / block_bytes * block_bytes;
    ThePool().system_bytes.fetch_add(static_cast<int64_t>(slab_bytes), std::memory_order_relaxed);
  }
  char* block = slab;
  slab += block_bytes;
  return block;
}

void SharedClass::Put(void* block, int size_class) {
  const size_t block_bytes = PoolBlockBytes(size_class);
  const bool large_array = size_class >= kPoolSizes && block_bytes >= kLargeArrayBytes;
  if (!large_array || static_cast<size_t>(free.count + 1) * block_bytes <= kWarmBytesMax) {
    return free.Push(block, block_bytes);
  }
  const uintptr_t begin = RoundUpToPage(reinterpret_cast<uintptr_t>(block) + sizeof(FreeBlock));
  const uintptr_t end = (reinterpret_cast<uintptr_t>(block) + block_bytes) & ~(kPageBytes - 1);
  // Refused at worst: then they stay.
  (void)madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  cold.Push(block, block_bytes);
}

ThreadCache::ThreadCache() {
  Pool& pool = ThePool();
  std::lock_guard lock(pool.caches_mutex);
  next = pool.caches;
  if (next != nullptr) next->previous = this;
  pool.caches = this;
  cache_state = CacheState::kAlive;
}

ThreadCache::~ThreadCache() {
  cache_state = CacheState::kGone;
  for (int c = 0; c < kPoolClasses; ++c) Flush(c, PoolBlockBytes(c), 0);
  Pool& pool = ThePool();
  std::lock_guard lock(pool.caches_mutex);
  (previous != nullptr ? previous->next : pool.caches) = next;
  if (next != nullptr) next->previous = previous;
}

// Takes one block, and more as far as free ones are waiting.
void ThreadCache::Refill(int size_class, size_t block_bytes) {
  SharedClass& shared = ThePool().classes[size_class];
  const int wanted = CountMax(block_bytes) / 2;
  int64_t taken_bytes = 0;
  {
    std::lock_guard lock(shared.mutex);
    do {
      free[size_class].Push(shared.Take(block_bytes), block_bytes);
      taken_bytes += static_cast<int64_t>(block_bytes);
    } while (free[size_class].count < wanted && shared.free.count > 0);
  }
  AddBytes(taken_bytes);
}

void ThreadCache::Flush(int size_class, size_t block_bytes, int keep) {
  if (free[size_class].count <= keep) return;
  SharedClass& shared = ThePool().classes[size_class];
  int64_t given_bytes = 0;
  {
    std::lock_guard lock(shared.mutex);
    while (free[size_class].count > keep) {
      shared.Put(free[size_class].Pop(block_bytes), size_class);
      given_bytes += static_cast<int64_t>(block_bytes);
    }
  }
  AddBytes(-given_bytes);
}

}  // namespace
}  // namespace thalweg
