#include "connectors/range/range_table.h"

#include <limits>

#include <gtest/gtest.h>

namespace thalweg {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

/// Number of rows, first, last and sum of what `readers` readers give.
std::string Read(const NumberRange& range, int readers_wanted) {
  const TablePtr table = MakeRangeTable(range);
  const auto source = table->OpenSource();
  EXPECT_TRUE(source.ok());
  ScanRequest request;
  request.schema = table->info().schema;
  request.columns = {0};
  request.readers_wanted = readers_wanted;
  Offset end;
  EXPECT_TRUE((*source)->Latest(Offset(), ReadLimits(), nullptr, &end).ok());
  std::vector<BatchReader*> readers;
  EXPECT_TRUE((*source)->Read(request, Offset(), end, &readers).ok());
  int64_t rows = 0, first = 0, last = 0, position = 0;
  Batch batch;
  for (BatchReader* reader : readers) {
    while (*reader->Next(&batch)) {
      EXPECT_EQ(batch.origin().position, position);
      position += batch.row_count();
      if (rows == 0) first = batch.column(0).Get<int64_t>(0);
      last = batch.column(0).Get<int64_t>(batch.row_count() - 1);
      rows += batch.row_count();
    }
  }
  return std::to_string(rows) + ": " + std::to_string(first) + " … " + std::to_string(last);
}

TEST(RangeTableTest, NumbersComeInOrderHoweverTheReadIsSplit) {
  for (const int readers : {1, 3, 100}) {
    EXPECT_EQ(Read({0, 5000, 1}, readers), "5000: 0 … 4999");
    EXPECT_EQ(Read({1, 10, 4}, readers), "3: 1 … 9");
    EXPECT_EQ(Read({10, 0, -3}, readers), "4: 10 … 1");
    EXPECT_EQ(Read({5, 5, 1}, readers), "0: 0 … 0");
    EXPECT_EQ(Read({5, 9, -1}, readers), "0: 0 … 0");
    EXPECT_EQ(Read({kMin, kMax, kMax}, readers), "3: -9223372036854775808 … 9223372036854775806");
  }
}

TEST(RangeTableTest, TheLongestRangeCountsAsTheLargestNumber) {
  EXPECT_EQ((NumberRange{kMin, kMax, 1}).size(), kMax);
  EXPECT_EQ((NumberRange{kMax, kMin, -2}).size(), kMax);
}

}  // namespace
}  // namespace thalweg
