// After a thousand epochs an epoch calls malloc on no thread: counted by replacing malloc of this
// program. Under the sanitizers, which replace it themselves, there is nothing to count.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

#include <atomic>
#include <cstdlib>

#include <gtest/gtest.h>

#include "streaming/test_query.h"

namespace {
std::atomic<int64_t> mallocs{0};
std::atomic<bool> armed{false};
}  // namespace

extern "C" {
void* __libc_malloc(size_t bytes);
void* __libc_calloc(size_t count, size_t bytes);
void* __libc_realloc(void* memory, size_t bytes);
void* __libc_memalign(size_t alignment, size_t bytes);

// operator new ends here too.
__attribute__((visibility("default"))) void* malloc(size_t bytes) {
  mallocs.fetch_add(1, std::memory_order_relaxed);
  if (armed.exchange(false)) __builtin_trap();
  return __libc_malloc(bytes);
}
__attribute__((visibility("default"))) void* calloc(size_t count, size_t bytes) {
  mallocs.fetch_add(1, std::memory_order_relaxed);
  return __libc_calloc(count, bytes);
}
__attribute__((visibility("default"))) void* realloc(void* memory, size_t bytes) {
  mallocs.fetch_add(1, std::memory_order_relaxed);
  return __libc_realloc(memory, bytes);
}
__attribute__((visibility("default"))) void* aligned_alloc(size_t alignment, size_t bytes) {
  mallocs.fetch_add(1, std::memory_order_relaxed);
  return __libc_memalign(alignment, bytes);
}
}

namespace thalweg {
namespace {

constexpr int kWarmUpEpochs = 1000;
constexpr int kCountedEpochs = 500;

struct AllocationCase {
  const char* name;
  TestQuerySpec spec;
  int rows_per_addition;
  int workers;
};

// A query in a directory of the real disk; every epoch is one addition.
class RealQuery {
 public:
  RealQuery(const AllocationCase& c)
      : env_(NewPosixEnv(c.workers)),
        budget_("query", MemoryBudget::kUnlimited, nullptr),
        stream_("events", TestInputSchema()) {
    for (int i = 0; i < kWarmUpEpochs + kCountedEpochs; ++i) Add(i, c.rows_per_addition);
    TestQuerySpec spec = c.spec;
    spec.rows_per_epoch = 1;  // a whole addition
    const RelationPtr plan = TestPlan(spec, stream_.table());
    std::vector<StructField> columns;
    for (const AttributePtr& attribute : plan->output) {
      columns.push_back({attribute->column, attribute->type, attribute->nullable});
    }
    rows_ = std::make_unique<MemoryRows>("rows", Schema::Make(columns));
    char directory[] = "/tmp/thalweg-allocation-XXXXXX";
    directory_ = mkdtemp(directory);
    EpochLoopOptions options;
    options.checkpoint = directory_ + "/q";
    options.mode = spec.mode;
    options.sink_table = rows_->table();
    options.budget = &budget_;
    EXPECT_TRUE(options.conf.Set("thalweg.state.sealInterval", "1h").ok());
    auto loop = EpochLoop::Start(plan, *env_, options);
    EXPECT_TRUE(loop.ok()) << loop.status().ToString();
    if (loop.ok()) loop_ = *std::move(loop);
  }
  ~RealQuery() {
    loop_.reset();
    EXPECT_TRUE(env_->files().RemoveRecursively(directory_).ok());
  }

  bool ok() const { return loop_ != nullptr; }
  // Runs `count` epochs that read; what is written is dropped now and then.
  void Run(int count) {
    for (int i = 0; i < count;) {
      const Status status = loop_->RunOnce(&summary_);
      ASSERT_TRUE(status.ok()) << status.ToString();
      ASSERT_NE(summary_.kind, EpochKind::kNone);
      if (summary_.kind == EpochKind::kData) ++i;
      if (summary_.epoch % 8 == 7) rows_->Clear();
      rows_written_ += summary_.result.rows_out;
    }
  }
  int64_t rows_written() const { return rows_written_; }

 private:
  void Add(int addition, int rows) {
    std::vector<Batch> batches;
    for (int done = 0; done < rows; done += kBatchRows) {
      Batch batch(TestInputSchema());
      const int here = std::min(rows - done, kBatchRows);
      for (int i = 0; i < here; ++i) {
        const int64_t time_us = int64_t{addition} * 1'000'000 + (done + i) * 10;
        AppendValue(Value::Timestamp(time_us), &batch.mutable_column(0));
        AppendValue(Value::String("a key of some length " + std::to_string(i % 37)),
                    &batch.mutable_column(1));
        AppendValue(Value::Bigint(i), &batch.mutable_column(2));
      }
      batch.SetRowCount(here);
      batches.push_back(std::move(batch));
    }
    stream_.Add(std::move(batches));
  }

  const std::unique_ptr<Env> env_;
  MemoryBudget budget_;
  MemoryStream stream_;
  std::unique_ptr<MemoryRows> rows_;
  std::string directory_;
  std::unique_ptr<EpochLoop> loop_;
  EpochSummary summary_;
  int64_t rows_written_ = 0;
};

TEST(EpochAllocation, TheCountCounts) {
  const int64_t before = mallocs.load();
  auto* vector = new std::vector<int>(100);
  const int64_t after = mallocs.load();
  delete vector;
  EXPECT_EQ(after - before, 2);
}

TEST(EpochAllocation, AWarmEpochCallsMallocOnNoThread) {
  const TestQuerySpec tumbling = {.window_s = 10, .slide_s = 10};
  const TestQuerySpec sliding = {.window_s = 10, .slide_s = 1, .by_key = true};
  const TestQuerySpec update = {.mode = OutputMode::kUpdate, .by_key = true};
  const TestQuerySpec keyed = {
      .mode = OutputMode::kUpdate, .window_s = 0, .delay_s = -1, .by_key = true};
  const AllocationCase cases[] = {
      {"no rows", tumbling, 0, 1},
      {"tumbling, 100 rows", tumbling, 100, 1},
      {"sliding, 100 rows", sliding, 100, 1},
      {"update, 100 rows", update, 100, 1},
      {"keyed, 100 rows", keyed, 100, 1},
      {"sliding, 5,000 rows, 3 workers", sliding, 5'000, 3},
      {"keyed, 5,000 rows, 3 workers", keyed, 5'000, 3},
  };
  for (const AllocationCase& c : cases) {
    RealQuery query(c);
    ASSERT_TRUE(query.ok()) << c.name;
    query.Run(kWarmUpEpochs);
    const int64_t before = mallocs.load();
    armed = true;
    query.Run(kCountedEpochs);
    armed = false;
    EXPECT_EQ(mallocs.load() - before, 0) << c.name;
    EXPECT_EQ(query.rows_written() > 0, c.rows_per_addition > 0) << c.name;
  }
}

}  // namespace
}  // namespace thalweg
#endif
