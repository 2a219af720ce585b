#include "feed.h"

#include <algorithm>

namespace thalweg {
namespace {

/// SplitMix64: a feed must not share the simulated world's numbers, which depend on the crash.
class Numbers {
 public:
  explicit Numbers(uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ull) {}
  int64_t Below(int64_t n) {
    uint64_t x = state_ += 0x9E3779B97F4A7C15ull;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
    return static_cast<int64_t>((x ^ (x >> 31)) % static_cast<uint64_t>(n));
  }
  bool OneIn(int64_t n) { return Below(n) == 0; }

 private:
  uint64_t state_;
};

Step MakeStep(Numbers& numbers, int64_t now_us, bool late_rows);
Row MakeRow(Numbers& numbers, int64_t now_us, bool late_rows);
Batch ToBatch(const std::vector<Row>& rows);
void Put(const std::optional<int64_t>& value, int row, Vector* column);

}  // namespace

Feed MakeFeed(uint64_t seed, bool late_rows) {
  Numbers numbers(seed);
  Feed feed;
  int64_t now_us = 1'000'000'000;
  const int64_t steps = 8 + numbers.Below(5);
  for (int64_t i = 0; i < steps; ++i) {
    now_us += numbers.Below(6'000'000);
    feed.steps.push_back(MakeStep(numbers, now_us, late_rows));
  }
  feed.end_us = now_us + 3'600'000'000;
  return feed;
}

SchemaPtr FeedSchema() {
  return Schema::Make({{"ts", TimestampType(), true, ""},
                       {"k", BigintType(), true, ""},
                       {"v", BigintType(), true, ""},
                       {"amount", DoubleType(), true, ""}});
}

AddedBatches ToBatches(const std::vector<Row>& rows, int partitions, int rows_per_batch) {
  AddedBatches added;
  for (int partition = 0; partition < partitions; ++partition) {
    std::vector<Row> some;
    for (size_t i = partition; i < rows.size(); i += partitions) {
      some.push_back(rows[i]);
      const bool last = i + partitions >= rows.size();
      if (static_cast<int>(some.size()) == rows_per_batch || last) {
        added.batches.push_back(ToBatch(some));
        added.partitions.push_back(partition);
        some.clear();
      }
    }
  }
  return added;
}

namespace {

Step MakeStep(Numbers& numbers, int64_t now_us, bool late_rows) {
  Step step;
  step.restarts = numbers.OneIn(8);
  step.advance_us = numbers.Below(700'000);
  step.turns = static_cast<int>(numbers.Below(4));
  const int64_t rows = numbers.OneIn(8) ? 0 : numbers.OneIn(6) ? 60 : 1 + numbers.Below(12);
  for (int64_t i = 0; i < rows; ++i) step.rows.push_back(MakeRow(numbers, now_us, late_rows));
  return step;
}

Row MakeRow(Numbers& numbers, int64_t now_us, bool late_rows) {
  // Up to four seconds out of order are never late under a delay of five.
  const int64_t behind_us = late_rows && numbers.OneIn(5) ? 40'000'000 : 4'000'000;
  Row row;
  if (!numbers.OneIn(25)) row.time_us = now_us - numbers.Below(behind_us);
  if (!numbers.OneIn(10)) row.key = numbers.Below(6) - 1;
  if (!numbers.OneIn(10)) row.value = numbers.Below(100) - 20;
  row.amount = static_cast<double>(numbers.Below(1'000'000)) / 7.0;
  return row;
}

Batch ToBatch(const std::vector<Row>& rows) {
  const SchemaPtr schema = FeedSchema();
  const int count = static_cast<int>(rows.size());
  Batch batch(schema);
  for (int c = 0; c < schema->size(); ++c) {
    batch.mutable_column(c).ResetFlat(schema->column(c).type, count);
  }
  for (int i = 0; i < count; ++i) {
    Put(rows[i].time_us, i, &batch.mutable_column(0));
    Put(rows[i].key, i, &batch.mutable_column(1));
    Put(rows[i].value, i, &batch.mutable_column(2));
    batch.mutable_column(3).mutable_values<double>()[i] = rows[i].amount;
  }
  batch.SetRowCount(count);
  return batch;
}

void Put(const std::optional<int64_t>& value, int row, Vector* column) {
  column->mutable_values<int64_t>()[row] = value.value_or(0);
  if (!value) column->SetNull(row);
}

}  // namespace
}  // namespace thalweg
