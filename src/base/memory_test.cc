#include "base/memory.h"

#include <cstring>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/pool.h"

namespace thalweg {
namespace {

TEST(MemoryBudgetTest, ReservationsCountInAllAncestors) {
  MemoryBudget process("process", 1000, nullptr);
  MemoryBudget query("query 'q'", 600, &process);
  MemoryBudget table("aggregate", MemoryBudget::kUnlimited, &query);
  ASSERT_TRUE(table.Reserve(500).ok());
  EXPECT_EQ(process.used_bytes(), 500);
  EXPECT_EQ(query.used_bytes(), 500);
  table.Release(200);
  EXPECT_EQ(process.used_bytes(), 300);
  EXPECT_EQ(table.used_bytes(), 300);
  EXPECT_EQ(process.peak_bytes(), 500);
  table.Release(300);
}

TEST(MemoryBudgetTest, TheFullBudgetIsNamedAndNothingIsReserved) {
  MemoryBudget process("process", 1000, nullptr);
  MemoryBudget query("query 'q'", 600, &process);
  MemoryBudget table("aggregate", MemoryBudget::kUnlimited, &query);
  ASSERT_TRUE(table.Reserve(500).ok());
  const Status status = table.Reserve(101);
  EXPECT_EQ(status.condition(), "THALWEG_MEMORY_LIMIT_EXCEEDED");
  EXPECT_EQ(status.message(),
            "query 'q' needs 101 more bytes, but 500 of 600 are in use. Raise --memory, or bound "
            "the state (a watermark, fewer keys).");
  for (const MemoryBudget* budget : {&process, &query, &table}) {
    EXPECT_EQ(budget->used_bytes(), 500) << budget->owner();
  }
  MemoryBudget other("query 'r'", 900, &process);
  EXPECT_NE(other.Reserve(501).message().find("process needs"), std::string::npos);
  EXPECT_EQ(other.used_bytes(), 0);
  EXPECT_TRUE(table.Reserve(100).ok());
  table.Release(600);
}

TEST(MemoryBudgetTest, ABudgetThatEndsGivesBackWhatItHolds) {
  MemoryBudget process("process", 1000, nullptr);
  {
    MemoryBudget query("query", 1000, &process);
    ASSERT_TRUE(query.Reserve(1000).ok());
    EXPECT_FALSE(query.Reserve(1).ok());
  }
  EXPECT_EQ(process.used_bytes(), 0);
  EXPECT_EQ(process.peak_bytes(), 1000);
}

TEST(MemoryBudgetTest, ThreadsNeverExceedTheLimit) {
  MemoryBudget process("process", 100, nullptr);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&process] {
      MemoryBudget query("query", MemoryBudget::kUnlimited, &process);
      for (int i = 0; i < 2000; ++i) {
        if (query.Reserve(40).ok()) query.Release(40);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(process.used_bytes(), 0);
  EXPECT_LE(process.peak_bytes(), 100);
}

TEST(MemoryBudgetDeathTest, ReleasingMoreThanReservedIsABug) {
  MemoryBudget budget("b", 100, nullptr);
  EXPECT_DEATH(budget.Release(1), "more memory released than was reserved");
}

TEST(PoolTest, SizeClasses) {
  EXPECT_EQ(PoolSizeIndex(0), 0);
  EXPECT_EQ(PoolSizeIndex(256), 0);
  EXPECT_EQ(PoolSizeIndex(257), 1);
  EXPECT_EQ(PoolSizeIndex(512), 1);
  EXPECT_EQ(PoolSizeIndex(513), 2);
  EXPECT_EQ(PoolSizeIndex(kPoolBytesMax - 1), kPoolSizes - 1);
  EXPECT_EQ(PoolSizeIndex(kPoolBytesMax), kPoolSizes - 1);
}

TEST(BufferTest, NoneIsEmpty) {
  const Buffer none;
  EXPECT_FALSE(none);
  EXPECT_EQ(none.data(), nullptr);
  EXPECT_EQ(none.capacity(), 0u);
  EXPECT_FALSE(none.unique());
}

TEST(BufferTest, IsAlignedPaddedAndLargeEnough) {
  for (size_t bytes : {size_t{0}, size_t{1}, size_t{256}, size_t{257}, size_t{5000}, size_t{65536},
                       size_t{1} << 20, (size_t{1} << 20) + 1, size_t{5} << 20}) {
    const Buffer buffer = Buffer::Allocate(bytes);
    EXPECT_GE(buffer.capacity(), bytes);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer.data()) % 64, 0u) << bytes;
    std::memset(buffer.data(), 7, buffer.capacity() + Buffer::kPadBytes);
    EXPECT_TRUE(buffer.unique());
  }
  EXPECT_EQ(Buffer::Allocate(5000).capacity(), 8192u);
}

TEST(BufferTest, CopiesShareTheBlock) {
  Buffer first = Buffer::Allocate(100);
  const Buffer second = first;
  EXPECT_EQ(first, second);
  EXPECT_FALSE(first.unique());
  uint8_t* const data = first.data();
  first.EnsureUnique(100);
  EXPECT_NE(first.data(), data);
  EXPECT_TRUE(first.unique());
  EXPECT_TRUE(second.unique());
  EXPECT_EQ(second.data(), data);
  const uint8_t* const own = first.data();
  first.EnsureUnique(200);
  EXPECT_EQ(first.data(), own);
  first.EnsureUnique(300);
  EXPECT_GE(first.capacity(), 300u);
  first.Reset();
  EXPECT_FALSE(first);
}

TEST(BufferTest, ABlockThatWasReleasedIsUsedAgain) {
  uint8_t* data = nullptr;
  for (int i = 0; i < 10; ++i) {
    const Buffer buffer = Buffer::Allocate(3000);
    if (i > 0) {
      EXPECT_EQ(buffer.data(), data);
    }
    data = buffer.data();
  }
}

TEST(BufferTest, BlocksGoBackAndForthBetweenThreads) {
  std::vector<Buffer> buffers;
  int64_t system_bytes = 0;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 200; ++i) buffers.push_back(Buffer::Allocate(10'000));
    std::thread([&buffers] {
      for (const Buffer& buffer : buffers) std::memset(buffer.data(), 1, 10'000);
      buffers.clear();
    }).join();
    if (round == 0) system_bytes = PoolSystemBytes();
  }
  EXPECT_EQ(PoolSystemBytes(), system_bytes) << "blocks freed elsewhere are not found again";
}

TEST(PoolTest, PooledBytesCountWhatIsFree) {
  Buffer buffer = Buffer::Allocate(1 << 20);
  const int64_t held = PooledBytes();
  buffer.Reset();
  EXPECT_EQ(PooledBytes(), held + (1 << 20) + static_cast<int64_t>(kPoolOverheadBytes));
  EXPECT_LE(PooledBytes(), PoolSystemBytes());
}

TEST(PoolTest, LargeArraysThatAreFreeDoNotStay) {
  constexpr size_t kBytes = 512 << 10;
  std::vector<Array> arrays;
  for (int i = 0; i < 64; ++i) {
    arrays.push_back(Array::Zeroed(kBytes));
    std::memset(arrays.back().data(), 1, kBytes);
  }
  const int64_t held = PooledBytes();
  arrays.clear();
  EXPECT_LE(PooledBytes() - held, 6 << 20);  // of 32 MB
  for (int i = 0; i < 64; ++i) {
    arrays.push_back(Array::Zeroed(kBytes));
    EXPECT_EQ(arrays.back().data()[0], 0);
    EXPECT_EQ(arrays.back().data()[kBytes - 1], 0);
    std::memset(arrays.back().data(), 2, kBytes);
  }
  EXPECT_LE(PooledBytes(), held);
}

#if defined(__SANITIZE_ADDRESS__)
TEST(BufferDeathTest, AViewIntoAReleasedBlockIsCaught) {
  Buffer buffer = Buffer::Allocate(1000);
  volatile uint8_t* data = buffer.data();
  data[500] = 1;
  buffer.Reset();
  EXPECT_DEATH(data[500] = 2, "use-after-poison");
}
#endif

TEST(ArrayTest, IsZeroedAndAligned) {
  for (size_t bytes : {size_t{1}, size_t{300}, size_t{4096}, size_t{5000}, (size_t{1} << 20) - 1,
                       size_t{1} << 20, size_t{2} << 20, (size_t{6} << 20) + 5}) {
    for (int round = 0; round < 2; ++round) {  // the second finds the first one's dirty block
      const Array array = Array::Zeroed(bytes);
      ASSERT_EQ(array.bytes(), bytes);
      for (size_t i = 0; i < bytes; ++i) ASSERT_EQ(array.data()[i], 0) << bytes << " at " << i;
      std::memset(array.data(), 9, bytes);
      const size_t alignment = bytes >= (2 << 20) ? 2 << 20 : bytes >= 4096 ? 4096 : 256;
      EXPECT_EQ(reinterpret_cast<uintptr_t>(array.data()) % alignment, 0u) << bytes;
      EXPECT_GE(Array::AllocationBytes(bytes), bytes);
    }
  }
  EXPECT_EQ(Array::Zeroed(0).data(), nullptr);
  EXPECT_EQ(Array::AllocationBytes(0), 0u);
  EXPECT_EQ(Array::AllocationBytes(300), 512u);
  EXPECT_EQ(Array::AllocationBytes((3 << 20) + 1), (3u << 20) + 4096);
}

TEST(ArrayTest, Moves) {
  Array first = Array::Zeroed(1000);
  uint8_t* const data = first.data();
  Array second = std::move(first);
  EXPECT_EQ(second.data(), data);
  first = std::move(second);
  EXPECT_EQ(first.data(), data);
  EXPECT_EQ(first.bytes(), 1000u);
}

}  // namespace
}  // namespace thalweg
