// What epochs run and with which thresholds: examples of the specification (reference:
// structured-streaming §2), no-data epochs, cadence of seals. Recovery has a file of its own.
#include "streaming/epoch_loop.h"

#include <gtest/gtest.h>

#include "streaming/test_query.h"

namespace thalweg {
namespace {

// E1: append, tumbling 5 s, delay 10 s.
TEST(EpochLoop, Example1AppendEmitsInTheEpochAfterTheWatermarkMoved) {
  TestQuery query;
  ASSERT_TRUE(query.Start().ok());
  EXPECT_EQ(query.Epoch(), "none");
  query.Add("10 11 12 13 14 15");
  EXPECT_EQ(query.Epoch(), "D 0 | wm 0 -> 5");
  EXPECT_EQ(query.Epoch(), "N 1 | wm 5 -> 5");
  EXPECT_EQ(query.Epoch(), "none");
  query.Add("25");
  EXPECT_EQ(query.Epoch(), "D 2 | wm 5 -> 15");
  EXPECT_EQ(query.Epoch(), "N 3 | wm 15 -> 15 | [10,15) 5");
  EXPECT_EQ(query.Epoch(), "none");
  query.Add("10");
  EXPECT_EQ(query.Epoch(), "D 4 | wm 15 -> 15");
  EXPECT_EQ(query.late_rows(), 1);
  EXPECT_EQ(query.Epoch(), "none");
  EXPECT_EQ(query.AllRows(), "[10,15) 5");
  EXPECT_EQ(query.rows().last_committed(), 4);
}

// E2: update, the same query.
TEST(EpochLoop, Example2UpdateEmitsWhatChanged) {
  TestQuery query({.mode = OutputMode::kUpdate});
  ASSERT_TRUE(query.Start().ok());
  query.Add("10 11 12 13 14 15");
  EXPECT_EQ(query.Epoch(), "D 0 | wm 0 -> 5 | [10,15) 5 [15,20) 1");
  EXPECT_EQ(query.Epoch(), "N 1 | wm 5 -> 5");
  query.Add("25");
  EXPECT_EQ(query.Epoch(), "D 2 | wm 5 -> 15 | [25,30) 1");
  EXPECT_EQ(query.Epoch(), "N 3 | wm 15 -> 15");
  query.Add("10 25");
  EXPECT_EQ(query.Epoch(), "D 4 | wm 15 -> 15 | [25,30) 2");
  EXPECT_EQ(query.late_rows(), 1);
  query.Add("10");
  EXPECT_EQ(query.Epoch(), "D 5 | wm 15 -> 15");
  EXPECT_EQ(query.rows().last_committed(), 5);
}

// E3: sliding 10 s by 5 s, delay 0: a window with a negative start, and one that ends at the
// watermark.
TEST(EpochLoop, Example3Sliding) {
  TestQuery query({.window_s = 10, .slide_s = 5, .delay_s = 0});
  ASSERT_TRUE(query.Start().ok());
  query.Add("3 7");
  EXPECT_EQ(query.Epoch(), "D 0 | wm 0 -> 7");
  EXPECT_EQ(query.Epoch(), "N 1 | wm 7 -> 7 | [-5,5) 1");
  query.Add("12");
  EXPECT_EQ(query.Epoch(), "D 2 | wm 7 -> 12");
  EXPECT_EQ(query.Epoch(), "N 3 | wm 12 -> 12 | [0,10) 2");
  query.Add("20");
  EXPECT_EQ(query.Epoch(), "D 4 | wm 12 -> 20");
  EXPECT_EQ(query.Epoch(), "N 5 | wm 20 -> 20 | [10,20) 1 [5,15) 2");
}

// E4: lateness is judged on the window's end, with the watermark of the epoch before.
TEST(EpochLoop, Example4TwoThresholds) {
  TestQuery query({.window_s = 10, .slide_s = 10, .delay_s = 5});
  ASSERT_TRUE(query.Start().ok());
  query.Add("12");
  EXPECT_EQ(query.Epoch(), "D 0 | wm 0 -> 7");
  EXPECT_EQ(query.Epoch(), "N 1 | wm 7 -> 7");
  query.Add("19 3");
  EXPECT_EQ(query.Epoch(), "D 2 | wm 7 -> 14");
  EXPECT_EQ(query.late_rows(), 0);
  EXPECT_EQ(query.Epoch(), "N 3 | wm 14 -> 14 | [0,10) 1");
  query.Add("4 26");
  EXPECT_EQ(query.Epoch(), "D 4 | wm 14 -> 21");
  EXPECT_EQ(query.late_rows(), 1);
  EXPECT_EQ(query.Epoch(), "N 5 | wm 21 -> 21 | [10,20) 2");
}

// E5: complete mode never drops and asks for no epoch without data.
TEST(EpochLoop, Example5Complete) {
  TestQuery query({.mode = OutputMode::kComplete, .window_s = 10, .slide_s = 10, .delay_s = 0});
  ASSERT_TRUE(query.Start().ok());
  query.Add("1");
  EXPECT_EQ(query.Epoch(), "D 0 | wm 0 -> 1 | [0,10) 1");
  EXPECT_EQ(query.Epoch(), "none");
  query.Add("25");
  EXPECT_EQ(query.Epoch(), "D 1 | wm 1 -> 25 | [0,10) 1 [20,30) 1");
  query.Add("2");
  EXPECT_EQ(query.Epoch(), "D 2 | wm 25 -> 25 | [0,10) 2 [20,30) 1");
}

// With one threshold a row that the moved watermark has passed is late at once.
TEST(EpochLoop, WithoutMultipleStatefulOperatorsBothThresholdsAreOne) {
  for (const char* multiple : {"true", "false"}) {
    TestQuery query({.conf = {{"spark.sql.streaming.statefulOperator.allowMultiple", multiple}}});
    ASSERT_TRUE(query.Start().ok());
    query.Add("25");
    EXPECT_EQ(query.Epoch(), "D 0 | wm 0 -> 15");
    query.Add("12");
    EXPECT_EQ(query.Epoch(), multiple == std::string("true") ? "D 1 | wm 15 -> 15 | [10,15) 1"
                                                             : "D 1 | wm 15 -> 15");
  }
}

TEST(EpochLoop, DataReplacesAPendingNoDataEpoch) {
  TestQuery query;
  ASSERT_TRUE(query.Start().ok());
  query.Add("10 11");
  EXPECT_EQ(query.Epoch(), "D 0 | wm 0 -> 1");
  EXPECT_TRUE(query.loop().WantsNoDataEpoch());
  query.Add("26");
  EXPECT_EQ(query.Epoch(), "D 1 | wm 1 -> 16");
  query.Add("27");
  EXPECT_EQ(query.Epoch(), "D 2 | wm 16 -> 17 | [10,15) 2");
  EXPECT_EQ(query.Epoch(), "N 3 | wm 17 -> 17");
  EXPECT_FALSE(query.loop().WantsNoDataEpoch());
}

TEST(EpochLoop, NoDataEpochsCanBeSwitchedOff) {
  TestQuery query({.conf = {{"spark.sql.streaming.noDataMicroBatches.enabled", "false"}}});
  ASSERT_TRUE(query.Start().ok());
  query.Add("10 30");
  EXPECT_EQ(query.Epoch(), "D 0 | wm 0 -> 20");
  EXPECT_EQ(query.Epoch(), "none");
  query.Add("31");
  EXPECT_EQ(query.Epoch(), "D 1 | wm 20 -> 21 | [10,15) 1");
}

TEST(EpochLoop, WithoutAWatermarkThereAreNoNoDataEpochs) {
  TestQuery query({.mode = OutputMode::kUpdate, .window_s = 0, .delay_s = -1});
  ASSERT_TRUE(query.Start().ok());
  query.Add("10 ann 11 bob 12 ann");
  EXPECT_EQ(query.Epoch(), "D 0 | ann 2 bob 1");
  EXPECT_EQ(query.Epoch(), "none");
  query.Add("1 ann");
  EXPECT_EQ(query.Epoch(), "D 1 | ann 3");
}

TEST(EpochLoop, AnAdditionWithoutRowsIsAnEpoch) {
  TestQuery query;
  ASSERT_TRUE(query.Start().ok());
  query.Add("");
  EXPECT_EQ(query.Epoch(), "D 0 | wm 0 -> 0");
  query.stream().Add({});
  EXPECT_EQ(query.Epoch(), "D 1 | wm 0 -> 0");
  EXPECT_EQ(query.Epoch(), "none");
}

TEST(EpochLoop, RateLimitsBoundAnEpoch) {
  TestQuery query({.mode = OutputMode::kUpdate, .rows_per_epoch = 2});
  ASSERT_TRUE(query.Start().ok());
  for (int i = 0; i < 3; ++i) query.Add("10");
  EXPECT_EQ(query.Epoch(), "D 0 | wm 0 -> 0 | [10,15) 2");
  EXPECT_EQ(query.summary().ranges[0].to.json, "1");
  EXPECT_EQ(query.Epoch(), "D 1 | wm 0 -> 0 | [10,15) 3");
  EXPECT_EQ(query.summary().ranges[0].from.json, "1");
}

TEST(EpochLoop, TheBatchTimeIsTheClocksInWholeMilliseconds) {
  TestQuery query;
  ASSERT_TRUE(query.Start().ok());
  query.world().AdvanceUs(1'234'567);
  query.Add("10");
  query.Epoch();
  const int64_t elapsed_us = query.summary().batch_time_us - SimOptions().start_us;
  EXPECT_EQ(elapsed_us % 1000, 0);
  EXPECT_GE(elapsed_us, 1'234'000);
}

TEST(EpochLoop, IsWokenByASourceThatFoundNothing) {
  TestQuery query;
  ASSERT_TRUE(query.Start().ok());
  EXPECT_EQ(query.Epoch(), "none");
  EXPECT_FALSE(query.loop().wake().Wait(0));
  query.Add("10");
  EXPECT_TRUE(query.loop().wake().Wait(0));
}

TEST(EpochLoop, SealsOnItsCadence) {
  TestQuery query;  // 1 s by default
  ASSERT_TRUE(query.Start().ok());
  EXPECT_EQ(query.loop().UsUntilSeal(), -1);
  query.world().AdvanceUs(10'000'000);  // what was idle is not due
  query.Add("10");
  query.Epoch();
  query.Epoch();
  EXPECT_EQ(query.loop().durable_state(), -1);
  EXPECT_EQ(query.stream().released_offset(), -1);
  EXPECT_GT(query.loop().UsUntilSeal(), 900'000);
  query.world().AdvanceUs(500'000);
  EXPECT_EQ(query.Epoch(), "none");
  EXPECT_EQ(query.loop().durable_state(), -1);
  query.world().AdvanceUs(500'000);
  EXPECT_EQ(query.loop().UsUntilSeal(), 0);
  EXPECT_EQ(query.Epoch(), "none");  // an idle query seals too
  EXPECT_EQ(query.loop().durable_state(), 0);
  EXPECT_EQ(query.stream().released_offset(), 0);
  EXPECT_EQ(query.loop().UsUntilSeal(), -1);
  query.Add("11");
  query.Epoch();
  EXPECT_EQ(query.loop().durable_state(), 0);
  query.world().AdvanceUs(1'000'000);
  query.Add("12");
  query.Epoch();
  EXPECT_EQ(query.loop().durable_state(), 2);
  EXPECT_EQ(query.stream().released_offset(), 2);
  query.Add("13");
  query.Epoch();
  EXPECT_TRUE(query.Stop().ok());  // seals what is left
  EXPECT_EQ(query.stream().released_offset(), 3);
  ASSERT_TRUE(query.Start().ok());
  EXPECT_EQ(query.loop().durable_state(), 3);
}

TEST(EpochLoop, SealsWhenMuchHasChanged) {
  TestQuery query({.conf = {{"thalweg.state.sealBytes", "1"}}});
  ASSERT_TRUE(query.Start().ok());
  query.Add("10");
  query.Epoch();
  EXPECT_EQ(query.loop().durable_state(), 0);
}

TEST(EpochLoop, AStrictQuerySealsWithEveryCommit) {
  TestQuery query;
  query.options().strict = true;
  ASSERT_TRUE(query.Start().ok());
  query.Add("10");
  EXPECT_EQ(query.Epoch(), "D 0 | wm 0 -> 0");
  EXPECT_EQ(query.loop().durable_state(), 0);
  EXPECT_EQ(query.stream().released_offset(), 0);
}

}  // namespace
}  // namespace thalweg
