// After 1,000 epochs no thread calls malloc in an epoch any more: neither without rows, nor with
// 100, nor when windows open, close and come out, nor when the rows fan out over workers. Counted
// by standing in for the C library's malloc; a sanitizer brings its own, so there is no such test
// there.
#include <atomic>
#include <cerrno>
#include <cstdlib>

#include <gtest/gtest.h>

#include "query.h"
#include "streaming/epoch_loop.h"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
namespace {
std::atomic<int64_t> allocations{0};
}  // namespace

extern "C" {
void* __libc_malloc(size_t bytes);
void* __libc_calloc(size_t count, size_t bytes);
void* __libc_realloc(void* memory, size_t bytes);
void* __libc_memalign(size_t alignment, size_t bytes);

__attribute__((visibility("default"))) void* malloc(size_t bytes) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_malloc(bytes);
}
__attribute__((visibility("default"))) void* calloc(size_t count, size_t bytes) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_calloc(count, bytes);
}
__attribute__((visibility("default"))) void* realloc(void* memory, size_t bytes) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_realloc(memory, bytes);
}
__attribute__((visibility("default"))) void* aligned_alloc(size_t alignment, size_t bytes) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_memalign(alignment, bytes);
}
__attribute__((visibility("default"))) int posix_memalign(void** memory, size_t alignment,
                                                          size_t bytes) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  *memory = __libc_memalign(alignment, bytes);
  return *memory == nullptr ? ENOMEM : 0;
}
}

namespace thalweg {
namespace {

constexpr int kWarmEpochs = 1000;
constexpr int kCountedEpochs = 1000;

struct Load {
  int rows = 0;            // an epoch
  int64_t advance_us = 0;  // of event time, an epoch
  bool sliding = false;
};

class AllocationTest : public testing::Test {
 protected:
  void SetUp() override {
    char path[] = "/tmp/thalweg-allocation-XXXXXX";
    ASSERT_NE(mkdtemp(path), nullptr);
    directory_ = path;
  }
  void TearDown() override { EXPECT_TRUE(env_->files().RemoveRecursively(directory_).ok()); }

  /// Allocations within the turns of the counted epochs.
  int64_t AllocationsOf(const Load& load) {
    const QueryShape shape{10'000'000, load.sliding ? 4'000'000 : 10'000'000, kDelayUs};
    auto source = std::make_shared<MemoryStream>("events", FeedSchema());
    MemoryRows sink("results", ResultSchema(shape));
    MemoryBudget budget("query", MemoryBudget::kUnlimited, nullptr);
    EpochLoopOptions options;
    options.checkpoint = JoinPath(directory_, std::to_string(queries_++));
    options.sink_table = sink.table();
    options.budget = &budget;
    EXPECT_TRUE(options.conf.Set("thalweg.state.sealInterval", "1h").ok());
    Result<std::unique_ptr<EpochLoop>> loop =
        EpochLoop::Start(WindowedCount(source->table(), shape), *env_, std::move(options));
    EXPECT_TRUE(loop.ok()) << loop.status().ToString();
    if (!loop.ok()) return -1;
    int64_t counted = 0;
    EpochSummary summary;
    for (int epoch = 0; epoch < kWarmEpochs + kCountedEpochs; ++epoch) {
      source->Add(ToBatches(RowsOf(load, epoch), 1, kBatchRows).batches);
      sink.Clear();
      const int64_t before = allocations.load();
      do {
        const Status status = (*loop)->RunOnce(&summary);
        EXPECT_TRUE(status.ok()) << status.ToString();
        if (!status.ok()) return -1;
      } while (summary.kind != EpochKind::kNone);
      if (epoch >= kWarmEpochs) counted += allocations.load() - before;
    }
    EXPECT_TRUE((*loop)->Stop().ok());
    return counted;
  }

 private:
  static std::vector<Row> RowsOf(const Load& load, int epoch) {
    std::vector<Row> rows;
    for (int i = 0; i < load.rows; ++i) {
      rows.push_back({1'000'000'000 + epoch * load.advance_us + i, i % 50, i, 0.25});
    }
    return rows;
  }

  const std::unique_ptr<Env> env_ = NewPosixEnv(2);
  std::string directory_;
  int queries_ = 0;
};

TEST_F(AllocationTest, TheCountCounts) {
  const int64_t before = allocations.load();
  void* volatile memory = std::malloc(1000);
  std::free(memory);
  EXPECT_EQ(allocations.load() - before, 1);
}

TEST_F(AllocationTest, AnEpochWithoutRows) {
  EXPECT_EQ(AllocationsOf({}), 0);
}
TEST_F(AllocationTest, AnEpochOf100Rows) {
  EXPECT_EQ(AllocationsOf({100, 0, false}), 0);
}
TEST_F(AllocationTest, WindowsThatOpenAndClose) {
  EXPECT_EQ(AllocationsOf({100, 3'000'000, false}), 0);
  EXPECT_EQ(AllocationsOf({100, 3'000'000, true}), 0);
}
TEST_F(AllocationTest, RowsThatFanOut) {
  EXPECT_EQ(AllocationsOf({5000, 1'000'000, false}), 0);
}

}  // namespace
}  // namespace thalweg
#endif
