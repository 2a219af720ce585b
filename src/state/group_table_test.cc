#include "state/group_table.h"

#include <cstring>
#include <string>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "data/batch.h"
#include "state/group_table_rep.h"
#include "state/table_twin.h"

namespace thalweg {
namespace {

struct Shape {
  std::string name;
  GroupTableOptions options;
};
void PrintTo(const Shape& shape, std::ostream* out) {
  *out << shape.name;
}

GroupTableOptions ShapeOf(KeyForm form, int block_bytes, std::vector<int> spans = {}) {
  GroupTableOptions options;
  options.key_form = form;
  options.block_bytes = block_bytes;
  options.spans = std::move(spans);
  return options;
}

std::vector<Shape> Shapes() {
  std::vector<Shape> shapes;
  shapes.push_back({"word", ShapeOf(KeyForm::kWord, 8)});
  shapes.push_back({"word_without_block", ShapeOf(KeyForm::kWord, 0)});
  shapes.push_back({"wide_word", ShapeOf(KeyForm::kWord, 24)});
  shapes.push_back({"word_with_spans", ShapeOf(KeyForm::kWord, 40, {0, 24})});
  shapes.push_back({"bytes", ShapeOf(KeyForm::kBytes, 8)});
  shapes.push_back({"bytes_with_span", ShapeOf(KeyForm::kBytes, 24, {8})});
  shapes.push_back({"record_without_block", ShapeOf(KeyForm::kRecord, 0)});
  const size_t plain = shapes.size();
  for (size_t i = 0; i < plain; ++i) {
    shapes.push_back(shapes[i]);
    shapes.back().name += "_small_touched";
    shapes.back().options.unsharded = true;
    shapes.back().options.track_touched = true;
  }
  return shapes;
}

class GroupTableTwinTest : public testing::TestWithParam<Shape> {
 protected:
  // Loads all records into a new table and compares it with the map.
  void ExpectLoads(const std::vector<std::string>& records, const TwinMap& expected) {
    GroupTable loaded(GetParam().options, &budget_);
    for (const std::string& record : records) {
      const Status status = loaded.Load(record);
      ASSERT_TRUE(status.ok()) << status.ToString();
    }
    TableTwin::ExpectHolds(loaded, GetParam().options, expected, "loaded");
    RecordList nothing;
    ASSERT_TRUE(loaded.SealDelta(nothing).ok());
    EXPECT_TRUE(nothing.records.empty()) << "loading marks nothing";
  }

  void OneStep(TableTwin& twin, RecordList* sealed);

  MemoryBudget budget_{"test", MemoryBudget::kUnlimited, nullptr};
};

void GroupTableTwinTest::OneStep(TableTwin& twin, RecordList* sealed) {
  const uint64_t distinct = twin.random()() % 4 == 0 ? 8000 : 600;
  switch (twin.random()() % 16) {
    case 0:
      twin.Split();
      break;
    case 1:
      ASSERT_TRUE(twin.table().Reserve(static_cast<int64_t>(twin.random()() % 3000)).ok());
      break;
    case 2:
      twin.Compare("after steps");
      break;
    case 3:
    case 4:
      ASSERT_TRUE(twin.table().SealDelta(*sealed).ok());
      twin.table().MarkSealed();
      ExpectLoads(sealed->records, twin.map());
      break;
    case 5:
      sealed->records.clear();
      ASSERT_TRUE(twin.table().SealBase(*sealed).ok());
      twin.table().MarkSealed();
      ExpectLoads(sealed->records, twin.map());
      break;
    case 6:
    case 7:
    case 8:
      ASSERT_TRUE(
          twin.Erase(twin.RandomKeys(static_cast<int>(twin.random()() % 800), distinct)).ok());
      break;
    case 9:
      if (twin.random()() % 8 == 0) twin.Clear();
      break;
    case 10:
      if (!twin.options().track_touched) break;
      twin.CompareTouched();
      twin.ClearTouched();
      twin.CompareTouched();
      break;
    default:
      ASSERT_TRUE(
          twin.Update(twin.RandomKeys(static_cast<int>(twin.random()() % 2500), distinct)).ok());
  }
}

TEST_P(GroupTableTwinTest, DoesWhatAMapDoes) {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(seed);
    TableTwin twin(GetParam().options, &budget_, seed);
    RecordList sealed;
    for (int step = 0; step < 40; ++step) {
      OneStep(twin, &sealed);
      if (HasFatalFailure()) return;
    }
    twin.Compare("at the end");
    if (HasFatalFailure()) return;
  }
  EXPECT_EQ(budget_.used_bytes(), 0) << "everything is given back";
}

TEST_P(GroupTableTwinTest, MemoryLimitLeavesWhatWasThere) {
  for (const int64_t limit : {20'000, 100'000, 400'000, 700'000}) {
    SCOPED_TRACE(limit);
    MemoryBudget small("small", limit, &budget_);
    TableTwin twin(GetParam().options, &small, 5);
    Status status;
    for (int i = 0; i < 200 && status.ok(); ++i)
      status = twin.Update(twin.RandomKeys(1000, 60'000));
    ASSERT_EQ(status.condition(), "THALWEG_MEMORY_LIMIT_EXCEEDED");
    twin.Compare("after a refusal");
    if (HasFatalFailure()) return;
    std::vector<TwinKey> known;
    for (const auto& [key, block] : twin.map()) {
      if (known.size() < 500) known.push_back(key);
    }
    if (GetParam().options.spans.empty()) {
      ASSERT_TRUE(twin.Update(known).ok()) << "known keys need no memory";
    }
    if (twin.options().track_dirty) {
      (void)twin.table().Split();  // may be refused, too
    }
    twin.Compare("after a refused split");
    if (HasFatalFailure()) return;
  }
  EXPECT_EQ(budget_.used_bytes(), 0);
}

INSTANTIATE_TEST_SUITE_P(Shapes, GroupTableTwinTest, testing::ValuesIn(Shapes()),
                         [](const auto& shape) { return shape.param.name; });

TEST(GroupTableTest, GarbageOfVariablePartsIsBounded) {
  MemoryBudget budget("test", MemoryBudget::kUnlimited, nullptr);
  TableTwin twin(ShapeOf(KeyForm::kBytes, 16, {0}), &budget, 9);
  int64_t settled = 0;
  for (int round = 0; round < 150; ++round) {
    ASSERT_TRUE(twin.Update(twin.RandomKeys(2000, 2000)).ok());
    std::vector<TwinKey> all;
    for (const auto& [key, block] : twin.map()) all.push_back(key);
    ASSERT_TRUE(twin.Erase(all).ok());
    twin.table().MarkSealed();
    if (round == 30) settled = budget.used_bytes();
  }
  EXPECT_LE(budget.used_bytes(), settled * 2);
}

TEST(GroupTableTest, UnshardedTableSplitsWhenItIsNoLongerSmall) {
  MemoryBudget budget("test", MemoryBudget::kUnlimited, nullptr);
  GroupTableOptions options = ShapeOf(KeyForm::kWord, 8);
  options.unsharded = true;
  TableTwin twin(options, &budget, 3);
  ASSERT_TRUE(twin.Update(twin.RandomKeys(3000, 100'000)).ok());
  EXPECT_FALSE(twin.table().sharded());
  ASSERT_TRUE(twin.Update(twin.RandomKeys(9000, 100'000)).ok());
  EXPECT_TRUE(twin.table().sharded());
  twin.Compare("split");
}

TEST(GroupTableTest, OrderDoesNotDependOnTheShapeOfTheTable) {
  MemoryBudget budget("test", MemoryBudget::kUnlimited, nullptr);
  GroupTableOptions options = ShapeOf(KeyForm::kBytes, 8);
  TableTwin sharded(options, &budget, 3);
  options.unsharded = true;
  TableTwin small(options, &budget, 3);
  const std::vector<TwinKey> keys = sharded.RandomKeys(3000, 5000);
  ASSERT_TRUE(sharded.Update(keys).ok());
  ASSERT_TRUE(small.Update({keys.rbegin(), keys.rend()}).ok());
  const auto a = TableTwin::ScanAll(sharded.table(), options, {.ordered = true});
  const auto b = TableTwin::ScanAll(small.table(), options, {.ordered = true});
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) ASSERT_EQ(a[i].key, b[i].key);
}

TEST(GroupTableTest, RecordsFromAnywhereDoNotBreakIt) {
  MemoryBudget budget("test", 64 << 20, nullptr);
  for (const Shape& shape : Shapes()) {
    TableTwin twin(shape.options, &budget, 1);
    ASSERT_TRUE(twin.Update(twin.RandomKeys(200, 100)).ok());
    ASSERT_TRUE(twin.Erase(twin.RandomKeys(20, 100)).ok());
    RecordList sealed;
    ASSERT_TRUE(twin.table().SealDelta(sealed).ok());
    for (const std::string& record : sealed.records) {
      for (int i = 0; i < 300; ++i) {
        std::string broken = record;
        const int flips = static_cast<int>(twin.random()() % 3) + 1;
        for (int f = 0; f < flips; ++f) {
          broken[twin.random()() % std::min<size_t>(broken.size(), 120)] ^=
              static_cast<char>(1 << twin.random()() % 8);
        }
        if (i % 3 == 0) broken.resize(twin.random()() % broken.size());
        GroupTable loaded(shape.options, &budget);
        (void)loaded.Load(broken);  // an error or not: no crash, no read outside
      }
    }
  }
}

TEST(GroupTableTest, MeasuresWhatTheNextSealWrites) {
  MemoryBudget budget("test", MemoryBudget::kUnlimited, nullptr);
  TableTwin twin(ShapeOf(KeyForm::kWord, 8), &budget, 2);
  EXPECT_EQ(twin.table().dirty_bytes(), 0);
  ASSERT_TRUE(twin.Update(twin.RandomKeys(5000, 1000)).ok());
  const ContainerMetrics metrics = twin.table().metrics();
  EXPECT_EQ(metrics.entries, static_cast<int64_t>(twin.map().size()));
  EXPECT_EQ(metrics.dirty_bytes, metrics.entries * 16);
  EXPECT_EQ(metrics.bytes, budget.used_bytes());
  twin.table().MarkSealed();
  EXPECT_EQ(twin.table().dirty_bytes(), 0);
  ASSERT_TRUE(twin.Update(twin.RandomKeys(10, 1000)).ok());
  EXPECT_EQ(twin.table().dirty_bytes(), 160);
}

}  // namespace
}  // namespace thalweg
