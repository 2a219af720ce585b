#include "base/metrics.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "base/check.h"

namespace thalweg {

int64_t HistogramValues::Quantile(double quantile) const {
  if (count == 0) return 0;
  const double clamped = std::clamp(quantile, 0.0, 1.0);
  const auto rank =
      std::max<int64_t>(1, static_cast<int64_t>(clamped * static_cast<double>(count)));
  int64_t seen = 0;
  for (const auto& [largest, in_bucket] : buckets) {
    seen += in_bucket;
    if (seen >= rank) return largest;
  }
  return buckets.back().first;
}

// Values below 16 have a bucket each; above, the power of two and the next 4 bits choose.
int Histogram::BucketOf(int64_t value) {
  if (value < 16) return static_cast<int>(std::max<int64_t>(value, 0));
  const int power = std::bit_width(static_cast<uint64_t>(value)) - 1;  // 4 … 62
  return (power - 3) * 16 + static_cast<int>((value >> (power - 4)) & 15);
}

int64_t Histogram::LargestOf(int bucket) {
  if (bucket < 16) return bucket;
  const int power = bucket / 16 + 3;
  const uint64_t next = static_cast<uint64_t>(16 + bucket % 16 + 1) << (power - 4);
  return static_cast<int64_t>(next - 1);
}

void Histogram::Record(int64_t value) {
  counts_[static_cast<size_t>(BucketOf(value))].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(std::max<int64_t>(value, 0), std::memory_order_relaxed);
}

HistogramValues Histogram::Values() const {
  HistogramValues values;
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    const int64_t count = counts_[static_cast<size_t>(bucket)].load(std::memory_order_relaxed);
    if (count == 0) continue;
    values.count += count;
    values.buckets.emplace_back(LargestOf(bucket), count);
  }
  values.sum = sum_.load(std::memory_order_relaxed);
  return values;
}

MetricRegistry::~MetricRegistry() {
  THALWEG_CHECK(sets_.empty(), "a metric set outlives its registry");
}

std::vector<MetricSample> MetricRegistry::Samples() const {
  std::vector<MetricSample> samples;
  {
    std::lock_guard lock(mutex_);
    for (const MetricSet* set : sets_) set->AppendSamples(&samples);
  }
  std::sort(samples.begin(), samples.end(), [](const MetricSample& a, const MetricSample& b) {
    return std::tie(a.name, a.labels) < std::tie(b.name, b.labels);
  });
  return samples;
}

// Never destroyed: sets of static objects may outlive main.
MetricRegistry& ProcessMetrics() {
  static MetricRegistry& registry = *new MetricRegistry;
  return registry;
}

MetricSet::MetricSet(MetricRegistry* registry, MetricLabels labels)
    : registry_(registry), labels_(std::move(labels)) {
  std::lock_guard lock(registry_->mutex_);
  registry_->sets_.push_back(this);
}

MetricSet::~MetricSet() {
  std::lock_guard lock(registry_->mutex_);
  std::erase(registry_->sets_, this);
}

Counter& MetricSet::AddCounter(std::string name, std::string help) {
  std::lock_guard lock(registry_->mutex_);
  auto& added = counters_.emplace_back();
  added.name = std::move(name);
  added.help = std::move(help);
  return added.metric;
}

Gauge& MetricSet::AddGauge(std::string name, std::string help) {
  std::lock_guard lock(registry_->mutex_);
  auto& added = gauges_.emplace_back();
  added.name = std::move(name);
  added.help = std::move(help);
  return added.metric;
}

Histogram& MetricSet::AddHistogram(std::string name, std::string help) {
  std::lock_guard lock(registry_->mutex_);
  auto& added = histograms_.emplace_back();
  added.name = std::move(name);
  added.help = std::move(help);
  return added.metric;
}

void MetricSet::AppendSamples(std::vector<MetricSample>* samples) const {
  for (const auto& [name, help, counter] : counters_) {
    samples->push_back({name, help, MetricKind::kCounter, labels_, counter.value(), {}});
  }
  for (const auto& [name, help, gauge] : gauges_) {
    samples->push_back({name, help, MetricKind::kGauge, labels_, gauge.value(), {}});
  }
  for (const auto& [name, help, histogram] : histograms_) {
    samples->push_back({name, help, MetricKind::kHistogram, labels_, 0, histogram.Values()});
  }
}

}  // namespace thalweg
