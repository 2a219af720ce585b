// Deduplicate in every world against a slow twin: Spark's rules over a map of keys.
#include <map>

#include <gtest/gtest.h>

#include "exec/event_time_rows.h"
#include "plan/clauses.h"

namespace thalweg {
namespace {

enum class Memory { kForEver, kByEventTime, kWithin };

RelationPtr Deduplicated(const RelationPtr& input, std::vector<ExprPtr> keys, bool within) {
  auto node = std::make_shared<Deduplicate>();
  node->input = input;
  node->keys = std::move(keys);
  node->within_watermark = within;
  DeriveOutput(node.get());
  return node;
}

RelationPtr PlanOf(Memory memory, const RelationPtr& read) {
  const RelationPtr time = MakeWithWatermark(read, FindOutput(read, "t"), TimedEpochs::kDelayUs);
  std::vector<ExprPtr> keys = {FindOutput(time, "k")};
  if (memory == Memory::kByEventTime) keys.push_back(FindOutput(time, "t"));
  return Deduplicated(time, std::move(keys), memory == Memory::kWithin);
}

class DeduplicateTwin {
 public:
  explicit DeduplicateTwin(Memory memory) : memory_(memory) {}

  std::string Run(const std::vector<TimedRow>& rows, const TimedEpochs& epochs) {
    std::vector<TimedRow> first;
    int64_t late = 0, duplicates = 0;
    for (const TimedRow& row : rows) {
      if (epochs.IsLate(row)) {
        ++late;
        continue;
      }
      const std::pair key(row.key, memory_ == Memory::kByEventTime ? row.time_us : std::nullopt);
      if (seen_.emplace(key, row.time_us).second) {
        first.push_back(row);
      } else {
        ++duplicates;
      }
    }
    std::erase_if(seen_, [&](const auto& entry) { return IsFinal(entry.second, epochs); });
    return SortedRows(ToBatch(first)) + " late " + std::to_string(late) + " duplicates " +
           std::to_string(duplicates) + " state " + std::to_string(seen_.size());
  }

 private:
  bool IsFinal(const std::optional<int64_t>& time_us, const TimedEpochs& epochs) const {
    const int64_t until = epochs.thresholds().evict_until_us;
    if (memory_ == Memory::kByEventTime) return time_us && *time_us <= until;
    return memory_ == Memory::kWithin && time_us.value_or(0) + TimedEpochs::kDelayUs <= until;
  }

  const Memory memory_;
  std::map<std::pair<int64_t, std::optional<int64_t>>, std::optional<int64_t>> seen_;
};

TEST(Deduplicate, KeepsTheFirstRowOfEachKeyInEveryWorld) {
  for (const Memory memory : {Memory::kForEver, Memory::kByEventTime, Memory::kWithin}) {
    for (const TestWorld& world : TimedWorlds()) {
      TimedEpochs epochs(11);
      DeduplicateTwin twin(memory);
      TestQuery query(
          TimedSchema(), [&](const RelationPtr& read) { return PlanOf(memory, read); },
          OutputMode::kAppend, world);
      for (const int count : {500, 0, 3, 2000, 40, 40, 0, 900, 5, 300}) {
        const std::vector<TimedRow> rows = epochs.Next(count);
        query.Add(ToBatch(rows));
        const Status status = query.Run(epochs.thresholds());
        ASSERT_TRUE(status.ok()) << status.ToString();
        const PhysicalNode& node = *query.plan().root.node;
        const OperatorMetrics& metrics = query.result().operators.back();
        EXPECT_EQ(metrics.dropped_by_watermark, metrics.late_rows);
        ASSERT_EQ(query.SortedRows() + " late " + std::to_string(metrics.late_rows) +
                      " duplicates " + std::to_string(metrics.duplicate_rows) + " state " +
                      std::to_string(node.state.logical_rows()),
                  twin.Run(rows, epochs))
            << "memory " << static_cast<int>(memory) << ", workers " << world.workers
            << ", rows a batch " << world.batch_rows;
      }
    }
  }
}

// Rows without a time count as 1970-01-01 and are gone when their epoch ends, not before.
TEST(Deduplicate, WithinAnEpochAKeyThatExpiredLongAgoIsSeen) {
  TestQuery query(TimedSchema(),
                  [](const RelationPtr& read) { return PlanOf(Memory::kWithin, read); },
                  OutputMode::kAppend, {});
  constexpr int64_t kNow = 100'000'000;
  for (int epoch = 0; epoch < 2; ++epoch) {
    query.Add(ToBatch({{std::nullopt, 1, 0}, {std::nullopt, 1, 1}, {kNow + 1, 1, 2}}));
    ASSERT_TRUE(query.Run({kNow, kNow, kNow}).ok());
    EXPECT_EQ(query.SortedRows(), "null, 1, 0\n");
    EXPECT_EQ(query.plan().root.node->state.logical_rows(), 0);
  }
}

// Spark compares the keys of a streaming Deduplicate as bits, those of a batch one as numbers.
TEST(Deduplicate, NegativeZeroIsAKeyOfItsOwnInStreamsAlone) {
  const SchemaPtr schema = MakeSchema("d DOUBLE");
  TestQuery query(
      schema,
      [](const RelationPtr& read) { return Deduplicated(read, {FindOutput(read, "d")}, false); },
      OutputMode::kAppend, {});
  query.Add(MakeBatch(schema, "0.0\n-0.0\n0.0"));
  ASSERT_TRUE(query.Run().ok());
  EXPECT_EQ(query.Rows(), "0.0\n-0.0\n");
}

// Of the groups of an update that one is first whose rows came first.
TEST(Deduplicate, AmongTheGroupsOfAnUpdateTheFirstToComeIsKept) {
  const auto plan = [](const RelationPtr& read) {
    const RelationPtr counts =
        MakeAggregate(read, {FindOutput(read, "k")},
                      {FindOutput(read, "k"), MakeAlias(TestCall("count", {}), "n")});
    return Deduplicated(counts, {FindOutput(counts, "n")}, false);
  };
  for (const TestWorld& world : TimedWorlds()) {
    TestQuery query(TimedSchema(), plan, OutputMode::kUpdate, world);
    std::vector<TimedRow> rows;
    for (int64_t k = 3000; k > 0; --k) rows.push_back({1, k, 0});
    rows.push_back({1, 7, 0});
    rows.push_back({1, 1234, 0});
    query.Add(ToBatch(rows));
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(query.SortedRows(), "1234, 2\n3000, 1\n");
    query.Add(ToBatch({{1, 9, 0}, {1, 8, 0}, {1, 9, 0}}));
    ASSERT_TRUE(query.Run().ok());
    EXPECT_EQ(query.SortedRows(), "9, 3\n");
  }
}

TEST(Deduplicate, WithoutKeysThereIsOneRow) {
  TestQuery query(TimedSchema(),
                  [](const RelationPtr& read) { return Deduplicated(read, {}, false); },
                  OutputMode::kAppend, {});
  query.Add(ToBatch({{1, 1, 0}, {2, 2, 1}}));
  ASSERT_TRUE(query.Run().ok());
  EXPECT_EQ(query.result().rows_out, 1);
  query.Add(ToBatch({{1, 1, 2}}));
  ASSERT_TRUE(query.Run().ok());
  EXPECT_EQ(query.result().rows_out, 0);
  EXPECT_EQ(query.result().operators.back().duplicate_rows, 1);
}

}  // namespace
}  // namespace thalweg
