// The oracle against the worked examples of the specification (E1, E3, E4): a judge must be right.
#include "oracle.h"

#include <gtest/gtest.h>

namespace thalweg {
namespace {

using Counts = std::vector<std::pair<int64_t, int64_t>>;  // start of the window in seconds, rows

/// Seconds of event time in, counts out.
class Example {
 public:
  Example(int64_t size_s, int64_t slide_s, int64_t delay_s)
      : oracle_({size_s * 1'000'000, slide_s * 1'000'000, delay_s * 1'000'000}) {}

  Counts Epoch(const std::vector<int64_t>& seconds) {
    std::vector<Row> rows;
    for (const int64_t second : seconds) rows.push_back({second * 1'000'000, 7, 1, 0.5});
    Counts counts;
    for (const WindowRow& row : oracle_.Run(rows)) {
      counts.emplace_back(row.group.start_us / 1'000'000, row.rows);
    }
    return counts;
  }
  int64_t watermark_s() const { return oracle_.watermark_us() / 1'000'000; }
  int64_t late_rows() const { return oracle_.late_rows(); }

 private:
  EpochOracle oracle_;
};

TEST(Oracle, E1AppendTumbling) {
  Example example(5, 5, 10);
  EXPECT_EQ(example.Epoch({10, 11, 12, 13, 14, 15}), Counts());
  EXPECT_EQ(example.watermark_s(), 5);
  EXPECT_EQ(example.Epoch({}), Counts());
  EXPECT_EQ(example.Epoch({25}), Counts());
  EXPECT_EQ(example.watermark_s(), 15);
  EXPECT_EQ(example.Epoch({}), (Counts{{10, 5}}));
  EXPECT_EQ(example.late_rows(), 0);
  EXPECT_EQ(example.Epoch({10}), Counts());
  EXPECT_EQ(example.late_rows(), 1);
}

TEST(Oracle, E3AppendSliding) {
  Example example(10, 5, 0);
  EXPECT_EQ(example.Epoch({3, 7}), Counts());
  EXPECT_EQ(example.Epoch({}), (Counts{{-5, 1}}));
  EXPECT_EQ(example.Epoch({12}), Counts());
  EXPECT_EQ(example.Epoch({}), (Counts{{0, 2}}));
  EXPECT_EQ(example.Epoch({20}), Counts());
  EXPECT_EQ(example.Epoch({}), (Counts{{5, 2}, {10, 1}}));
}

TEST(Oracle, E4LatenessIsJudgedByTheEndOfTheWindow) {
  Example example(10, 10, 5);
  EXPECT_EQ(example.Epoch({12}), Counts());
  EXPECT_EQ(example.watermark_s(), 7);
  EXPECT_EQ(example.Epoch({}), Counts());
  EXPECT_EQ(example.Epoch({19, 3}), Counts());
  EXPECT_EQ(example.watermark_s(), 14);
  EXPECT_EQ(example.Epoch({}), (Counts{{0, 1}}));
  EXPECT_EQ(example.Epoch({4, 26}), Counts());
  EXPECT_EQ(example.late_rows(), 1);
  EXPECT_EQ(example.Epoch({}), (Counts{{10, 2}}));
}

TEST(Oracle, ARowIsInEveryWindowThatHoldsIt) {
  const QueryShape shape{10'000'000, 4'000'000, 0};
  const std::vector<WindowRow> rows = BatchAnswer({{13'000'000, 1, 5, 0}}, shape, INT64_MAX);
  ASSERT_EQ(rows.size(), 3u);  // [4, 14) [8, 18) [12, 22)
  EXPECT_EQ(rows[0].group.start_us, 4'000'000);
  EXPECT_EQ(rows[2].group.end_us, 22'000'000);
  EXPECT_TRUE(BatchAnswer({{13'000'000, 1, -5, 0}}, shape, INT64_MAX).empty()) << "the filter";
}

}  // namespace
}  // namespace thalweg
