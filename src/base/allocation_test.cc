// What must not allocate in the steady state, counted by replacing operator new of this program.
#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

#include <gtest/gtest.h>

#include "base/env.h"
#include "base/memory.h"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
namespace {
std::atomic<int64_t> allocations{0};
}  // namespace

void* operator new(size_t bytes) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* memory = std::malloc(bytes);
  if (memory == nullptr) std::abort();
  return memory;
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, size_t) noexcept {
  std::free(memory);
}

namespace thalweg {
namespace {

// Allocations of the second of two calls; the first one warms up.
template <class Work>
int64_t AllocationsOf(Work work) {
  work();
  const int64_t before = allocations.load();
  work();
  return allocations.load() - before;
}

TEST(AllocationTest, TheCountCounts) {
  EXPECT_GE(
      AllocationsOf([] { std::vector<int>(100).swap(*std::make_unique<std::vector<int>>()); }), 1);
}

TEST(AllocationTest, ThePoolAllocatesNothingOnceItIsWarm) {
  std::vector<Buffer> held(100);
  const auto epoch = [&held] {
    for (size_t i = 0; i < held.size(); ++i) held[i] = Buffer::Allocate(100 + i * 700);
    const Array array = Array::Zeroed(100'000);
    for (Buffer& buffer : held) buffer.Reset();
  };
  EXPECT_EQ(AllocationsOf(epoch), 0);
  const int64_t system_bytes = PoolSystemBytes();
  EXPECT_EQ(AllocationsOf(epoch), 0);
  EXPECT_EQ(PoolSystemBytes(), system_bytes);
}

TEST(AllocationTest, AFanOutAllocatesNothing) {
  const std::unique_ptr<Env> env = NewPosixEnv(3);
  std::atomic<int> sum{0};
  const std::function<void(int)> body = [&sum](int i) { sum += i; };
  EXPECT_EQ(AllocationsOf([&] {
              for (int i = 0; i < 100; ++i) env->tasks().Run(8, body);
            }),
            0);
  EXPECT_EQ(sum.load(), 200 * 28);
}

}  // namespace
}  // namespace thalweg
#endif
