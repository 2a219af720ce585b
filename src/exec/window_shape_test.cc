// Windows and slices against the definition, written out slowly.
#include "exec/window_shape.h"

#include <vector>

#include <gtest/gtest.h>

#include "data/test_rows.h"
#include "exec/slice_splitter.h"

namespace thalweg {
namespace {

// Spark's rule, by trying: every window [start + k * slide, + size) that holds `time`.
std::vector<int64_t> WindowsHolding(const WindowShape& shape, int64_t time) {
  std::vector<int64_t> starts;
  for (int64_t k = -200; k <= 200; ++k) {
    const int64_t start = shape.start_us + k * shape.slide_us;
    if (start <= time && time < start + shape.size_us) starts.push_back(start);
  }
  return starts;
}

TEST(WindowShapeTest, SlicesAreRunsOfTimesWithTheSameWindows) {
  const WindowShape shapes[] = {{10, 10, 0}, {10, 5, 0}, {7, 3, 0},  {7, 3, 2},   {10, 4, -1},
                                {9, 9, 4},   {5, 4, 3},  {12, 1, 0}, {11, 10, 0}, {10, 10, -3}};
  for (const WindowShape& shape : shapes) {
    for (int64_t time = -40; time <= 40; ++time) {
      const std::vector<int64_t> windows = WindowsHolding(shape, time);
      const TimeRange slice = shape.SliceOf(time);
      EXPECT_TRUE(slice.Contains(time));
      const TimeRange range = shape.WindowsOf(slice.start);
      EXPECT_EQ(range.start, windows.front());
      EXPECT_EQ(range.end, windows.back());
      EXPECT_EQ(WindowsHolding(shape, slice.start), windows);
      EXPECT_EQ(WindowsHolding(shape, slice.end - 1), windows);
      EXPECT_NE(WindowsHolding(shape, slice.end), windows);
      EXPECT_NE(WindowsHolding(shape, slice.start - 1), windows);
      EXPECT_EQ(shape.FirstWindowEndingAfter(time), windows.front());
      EXPECT_EQ(shape.LastWindowAt(time), windows.back());
      const TimeRange after = shape.SliceAfter(slice);
      EXPECT_EQ(after.start, shape.SliceOf(slice.end).start);
      EXPECT_EQ(after.end, shape.SliceOf(slice.end).end);
    }
  }
}

class SliceSplitterTest : public testing::Test {
 protected:
  std::string Split(const Vector& times, const Selection& rows) {
    std::string text;
    for (const auto& segment : splitter_.Split(times, rows)) {
      text += std::to_string(segment.slice.start) + ":";
      for (int i = 0; i < segment.rows.count; ++i) {
        text += " " + std::to_string(segment.rows[i]);
      }
      text += "\n";
    }
    return text;
  }

  SliceSplitter splitter_{{10, 10, 0}};
};

Vector Times(const std::vector<int64_t>& times) {
  Vector vector(TimestampType());
  for (const int64_t time : times) AppendValue(Value::Timestamp(time), &vector);
  return vector;
}

TEST_F(SliceSplitterTest, KeepsTheOrderWithinASlice) {
  EXPECT_EQ(Split(Times({1, 12, 3, 25, 11, -1, 9}), Selection::All(7)),
            "-10: 5\n0: 0 2 6\n10: 1 4\n20: 3\n");
  EXPECT_EQ(Split(Times({11, 12, 19}), Selection::All(3)), "10: 0 1 2\n");
  EXPECT_EQ(Split(Times({}), Selection::All(0)), "");
}

TEST_F(SliceSplitterTest, LooksAtSelectedRowsWithATime) {
  Vector times = Times({1, 12, 3, 25, 11});
  times.SetNull(2);
  const RowIndex rows[] = {1, 2, 4};
  EXPECT_EQ(Split(times, {rows, 3}), "10: 1 4\n");
  EXPECT_EQ(Split(times, Selection::All(5)), "0: 0\n10: 1 4\n20: 3\n");
  Vector null;
  null.ResetNull(TimestampType(), 5);
  EXPECT_EQ(Split(null, Selection::All(5)), "");
}

TEST_F(SliceSplitterTest, ManySlicesInOneBatch) {
  std::vector<int64_t> times;
  for (int i = 0; i < kBatchRows; ++i) times.push_back((i * 7919) % 997 * 10 + i % 10);
  const Vector vector = Times(times);
  int rows = 0;
  for (const auto& segment : splitter_.Split(vector, Selection::All(kBatchRows))) {
    int last = -1;
    for (int i = 0; i < segment.rows.count; ++i) {
      EXPECT_TRUE(segment.slice.Contains(times[segment.rows[i]]));
      EXPECT_GT(segment.rows[i], last);
      last = segment.rows[i];
    }
    rows += segment.rows.count;
  }
  EXPECT_EQ(rows, kBatchRows);
}

}  // namespace
}  // namespace thalweg
