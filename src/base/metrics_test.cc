#include "base/metrics.h"

#include <thread>

#include <gtest/gtest.h>

namespace thalweg {
namespace {

TEST(HistogramTest, BucketsFollowEachOtherWithinASixteenth) {
  int previous = -1;
  for (int64_t value = 0; value < 100'000; ++value) {
    const int bucket = Histogram::BucketOf(value);
    ASSERT_TRUE(bucket == previous || bucket == previous + 1) << value;
    ASSERT_GE(Histogram::LargestOf(bucket), value);
    ASSERT_LE(Histogram::LargestOf(bucket), value + value / 16);
    previous = bucket;
  }
  EXPECT_EQ(Histogram::BucketOf(INT64_MAX), Histogram::kBuckets - 1);
  EXPECT_EQ(Histogram::LargestOf(Histogram::kBuckets - 1), INT64_MAX);
  EXPECT_EQ(Histogram::BucketOf(-5), 0);
}

TEST(HistogramTest, Quantiles) {
  Histogram histogram;
  EXPECT_EQ(histogram.Values().Quantile(0.5), 0);
  for (int64_t value = 1; value <= 1000; ++value) histogram.Record(value);
  const HistogramValues values = histogram.Values();
  EXPECT_EQ(values.count, 1000);
  EXPECT_EQ(values.sum, 500'500);
  for (double quantile : {0.01, 0.5, 0.9, 0.99, 1.0}) {
    const auto exact = static_cast<int64_t>(quantile * 1000);
    EXPECT_GE(values.Quantile(quantile), exact);
    EXPECT_LE(values.Quantile(quantile), exact + exact / 16);
  }
}

TEST(MetricRegistryTest, KnowsTheSetsThatAreAlive) {
  MetricRegistry registry;
  MetricSet first(&registry, {{"query", "a"}});
  Counter& rows = first.AddCounter("thalweg_rows_total", "Rows read.");
  rows.Add(3);
  first.AddGauge("thalweg_state_bytes", "Bytes of state.").Set(70);
  {
    MetricSet second(&registry, {{"query", "b"}});
    second.AddCounter("thalweg_rows_total", "Rows read.").Add(5);
    second.AddHistogram("thalweg_epoch_us", "Time of an epoch.").Record(9);
    const std::vector<MetricSample> samples = registry.Samples();
    ASSERT_EQ(samples.size(), 4u);
    EXPECT_EQ(samples[0].name, "thalweg_epoch_us");
    EXPECT_EQ(samples[0].kind, MetricKind::kHistogram);
    EXPECT_EQ(samples[0].histogram.sum, 9);
    EXPECT_EQ(samples[1].labels[0].second, "a");
    EXPECT_EQ(samples[1].value, 3);
    EXPECT_EQ(samples[2].labels[0].second, "b");
    EXPECT_EQ(samples[2].value, 5);
    EXPECT_EQ(samples[3].value, 70);
  }
  EXPECT_EQ(registry.Samples().size(), 2u);
}

TEST(MetricRegistryTest, ManyThreadsRecordWhileOneReads) {
  MetricRegistry registry;
  MetricSet set(&registry, {});
  Counter& counter = set.AddCounter("n", "");
  Histogram& histogram = set.AddHistogram("h", "");
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5000; ++i) {
        counter.Add(1);
        histogram.Record(i);
      }
    });
  }
  for (int i = 0; i < 20; ++i) EXPECT_LE(registry.Samples()[1].value, 15'000);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counter.value(), 15'000);
  EXPECT_EQ(histogram.Values().count, 15'000);
}

}  // namespace
}  // namespace thalweg
