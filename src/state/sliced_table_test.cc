#include "state/sliced_table.h"

#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "data/batch.h"
#include "state/table_twin.h"

namespace thalweg {
namespace {

GroupTableOptions CountOptions(KeyForm form = KeyForm::kWord) {
  GroupTableOptions options;
  options.key_form = form;
  return options;
}

// Adds 1 to the count of each key.
Status Count(GroupTable* table, const std::vector<TwinKey>& keys, KeyForm form) {
  TwinKeys part;
  FillKeys(form, keys, &part);
  std::vector<uint8_t*> blocks(keys.size());
  for (int from = 0; from < part.batch.count;) {
    THALWEG_ASSIGN_OR_RETURN(const int located,
                             table->Locate(part.batch, from, blocks.data(), nullptr));
    for (int i = 0; i < located; ++i) {
      ++*reinterpret_cast<uint64_t*>(blocks[static_cast<size_t>(i)]);
    }
    from += located;
  }
  return Status::OK();
}

std::vector<TwinKey> Words(uint64_t begin, uint64_t end) {
  std::vector<TwinKey> keys;
  for (uint64_t w = begin; w < end; ++w)
    keys.emplace_back(std::string(reinterpret_cast<char*>(&w), 8));
  return keys;
}

using Twin = std::map<int64_t, TwinMap>;

void ExpectHolds(SlicedTable& table, const Twin& twin, const char* what) {
  const auto starts = table.starts();
  ASSERT_EQ(starts.size(), twin.size()) << what;
  size_t i = 0;
  for (const auto& [start, entries] : twin) {
    ASSERT_EQ(starts[i++], start) << what;
    ASSERT_NE(table.FindSlice(start), nullptr) << what;
    TableTwin::ExpectHolds(*table.FindSlice(start), CountOptions(), entries, what);
  }
}

class SlicedTwin {
 public:
  explicit SlicedTwin(MemoryBudget* budget, uint64_t seed)
      : budget_(budget), random_(seed), table_(Options(), budget) {}

  void Step();
  void Check() {
    ExpectHolds(table_, twin_, "live");
    std::set<int64_t> touched;
    for (const int64_t start : table_.starts()) {
      if (table_.FindSlice(start)->any_touched()) touched.insert(start);
    }
    EXPECT_EQ(touched, touched_);
  }

 private:
  static GroupTableOptions Options() {
    GroupTableOptions options = CountOptions();
    options.track_touched = true;
    return options;
  }
  void Push();
  void ExpectLoads() {
    SlicedTable loaded(CountOptions(), budget_);
    for (const std::string& record : sealed_.records) ASSERT_TRUE(loaded.Load(record).ok());
    ExpectHolds(loaded, twin_, "loaded");
    RecordList nothing;
    ASSERT_TRUE(loaded.SealDelta(nothing).ok());
    EXPECT_TRUE(nothing.records.empty()) << "loading marks nothing";
  }

  MemoryBudget* const budget_;
  std::mt19937_64 random_;
  SlicedTable table_;
  Twin twin_;
  std::set<int64_t> touched_;
  RecordList sealed_;
  int64_t now_ = 1000;
};

void SlicedTwin::Push() {
  now_ += static_cast<int64_t>(random_() % 15);
  for (int s = 0; s < 4; ++s) {
    const int64_t start = (now_ - static_cast<int64_t>(random_() % 100)) / 10 * 10;
    Result<GroupTable*> slice = table_.Slice(start);
    ASSERT_TRUE(slice.ok());
    const uint64_t begin = random_() % 300;
    const uint64_t count = random_() % 64 == 0 ? 6000 : 1 + random_() % 80;
    TwinMap& twin = twin_[start];
    for (const TwinKey& key : Words(begin, begin + count)) {
      twin[key].words.resize(1);
      ++twin[key].words[0];
      touched_.insert(start);
    }
    for (uint64_t from = begin; from < begin + count; from += kBatchRows) {
      const uint64_t end = std::min<uint64_t>(from + kBatchRows, begin + count);
      ASSERT_TRUE(Count(*slice, Words(from, end), KeyForm::kWord).ok());
    }
  }
}

void SlicedTwin::Step() {
  switch (random_() % 10) {
    case 0: {
      const int64_t before = now_ - 150 + static_cast<int64_t>(random_() % 100);
      const auto end = twin_.lower_bound(before);
      EXPECT_EQ(table_.EvictBefore(before), std::distance(twin_.begin(), end));
      twin_.erase(twin_.begin(), end);
      touched_.erase(touched_.begin(), touched_.lower_bound(before));
      break;
    }
    case 1:
    case 2:
      ASSERT_TRUE(table_.SealDelta(sealed_).ok());
      table_.MarkSealed();
      ExpectLoads();
      break;
    case 3:
      if (random_() % 4 != 0) break;
      sealed_.records.clear();
      ASSERT_TRUE(table_.SealBase(sealed_).ok());
      table_.MarkSealed();
      ExpectLoads();
      break;
    case 4:
      table_.ClearTouched();
      touched_.clear();
      break;
    case 5:
      table_.SetParallel(random_() % 2 == 0);
      break;
    case 6:
      if (random_() % 16 != 0) break;
      table_.Clear();
      twin_.clear();
      touched_.clear();
      break;
    default:
      Push();
  }
}

TEST(SlicedTableTest, DoesWhatAMapOfMapsDoes) {
  MemoryBudget budget("test", MemoryBudget::kUnlimited, nullptr);
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    SlicedTwin twin(&budget, seed);
    for (int i = 0; i < 150; ++i) {
      twin.Step();
      if (i % 10 == 0) twin.Check();
      if (testing::Test::HasFatalFailure()) return;
    }
  }
  EXPECT_EQ(budget.used_bytes(), 0);
}

TEST(SlicedTableTest, SlicesReuseTheMemoryOfThoseThatLeft) {
  MemoryBudget budget("test", MemoryBudget::kUnlimited, nullptr);
  SlicedTable table(CountOptions(), &budget);
  int64_t settled = 0;
  for (int64_t slice = 0; slice < 100; ++slice) {
    for (uint64_t from = 0; from < 9000; from += 1000) {
      Result<GroupTable*> group = table.Slice(slice * 10);
      ASSERT_TRUE(group.ok());
      ASSERT_TRUE(Count(*group, Words(from, from + 1000), KeyForm::kWord).ok());
    }
    table.EvictBefore((slice - 2) * 10);
    if (slice == 10) settled = budget.used_bytes();
  }
  EXPECT_EQ(table.starts().size(), 3u);
  EXPECT_EQ(budget.used_bytes(), settled);
  EXPECT_EQ(table.metrics().bytes, settled);
}

TEST(SlicedTableTest, LanesMakeAndFillSlicesTogether) {
  MemoryBudget budget("test", MemoryBudget::kUnlimited, nullptr);
  SlicedTable table(CountOptions(), &budget);
  Result<GroupTable*> old = table.Slice(0);
  ASSERT_TRUE(old.ok());
  ASSERT_TRUE(Count(*old, Words(0, 1000), KeyForm::kWord).ok());
  table.SetParallel(true);
  constexpr int kLanes = 4;
  const auto lane = [&table](int number) {
    std::vector<TwinKey> mine;
    for (const TwinKey& key : Words(0, 8000)) {
      uint64_t word;
      std::memcpy(&word, key->data(), 8);
      if (ShardOf(HashWord(word)) * kLanes / kShardCount == number) mine.push_back(key);
    }
    for (int64_t round = 0; round < 40; ++round) {
      Result<GroupTable*> slice = table.Slice(round % 7 * 10);
      ASSERT_TRUE(slice.ok());
      for (size_t from = 0; from < mine.size(); from += 500) {
        const size_t end = std::min(from + 500, mine.size());
        ASSERT_TRUE(Count(*slice,
                          {mine.begin() + static_cast<ptrdiff_t>(from),
                           mine.begin() + static_cast<ptrdiff_t>(end)},
                          KeyForm::kWord)
                        .ok());
      }
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kLanes; ++i) threads.emplace_back(lane, i);
  for (std::thread& thread : threads) thread.join();
  table.SetParallel(false);
  ASSERT_EQ(table.starts().size(), 7u);
  uint64_t total = 0;
  for (const int64_t start : table.starts()) {
    EXPECT_EQ(table.FindSlice(start)->size(), 8000);
    for (const ScannedEntry& entry :
         TableTwin::ScanAll(*table.FindSlice(start), CountOptions(), {})) {
      total += entry.block.words[0];
    }
  }
  EXPECT_EQ(total, 40u * 8000 + 1000);
}

TEST(SlicedTableTest, ASealedSliceThatLeftIsNamedByTheNextDelta) {
  MemoryBudget budget("test", MemoryBudget::kUnlimited, nullptr);
  SlicedTable table(CountOptions(), &budget);
  for (const int64_t start : {10, 20}) {
    Result<GroupTable*> slice = table.Slice(start);
    ASSERT_TRUE(slice.ok());
    ASSERT_TRUE(Count(*slice, Words(0, 5), KeyForm::kWord).ok());
  }
  RecordList first, second;
  ASSERT_TRUE(table.SealDelta(first).ok());
  table.MarkSealed();
  EXPECT_EQ(first.records.size(), 2u);
  // Made and gone between two seals: not a word about it.
  ASSERT_TRUE(table.Slice(5).ok());
  table.EvictBefore(20);
  ASSERT_TRUE(table.SealDelta(second).ok());
  ASSERT_EQ(second.records.size(), 1u);
  EXPECT_EQ(second.records[0][0], 'D');
  EXPECT_EQ(second.records[0].size(), 16u);
}

}  // namespace
}  // namespace thalweg
