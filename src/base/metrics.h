// Metrics: numbers that are always on and cost one relaxed atomic addition. A query, an operator, a
// source owns a MetricSet with its labels; the registry of the process knows all sets that are
// alive and copies their values for whoever shows them (web UI, Prometheus in the server room).
// Recording: any thread. Adding to a set and registering: any thread, not on the hot path.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace thalweg {

class Counter {
 public:
  void Add(int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

class Gauge {
 public:
  void Set(int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void Add(int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

/// What a histogram held at one moment.
struct HistogramValues {
  int64_t count = 0;
  int64_t sum = 0;
  std::vector<std::pair<int64_t, int64_t>> buckets;  // (largest value of the bucket, count), filled

  /// A value that a share `quantile` (0 … 1) of the recorded ones does not exceed, at most 1/16
  /// above the true one; 0 if there are none.
  int64_t Quantile(double quantile) const;
};

/// Values >= 0 (negative ones count as 0) in logarithmic buckets, 16 per power of two: exact below
/// 32, then within 1/16.
class Histogram {
 public:
  void Record(int64_t value);
  HistogramValues Values() const;

  static constexpr int kBuckets = 960;
  static int BucketOf(int64_t value);
  static int64_t LargestOf(int bucket);

 private:
  std::array<std::atomic<int64_t>, kBuckets> counts_{};
  std::atomic<int64_t> sum_{0};
};

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

enum class MetricKind { kCounter, kGauge, kHistogram };

/// A metric's value at one moment.
struct MetricSample {
  std::string name;
  std::string help;
  MetricKind kind;
  MetricLabels labels;
  int64_t value = 0;  // of a counter or gauge
  HistogramValues histogram;
};

class MetricSet;

class MetricRegistry {
 public:
  MetricRegistry() = default;
  ~MetricRegistry();
  MetricRegistry(const MetricRegistry&) = delete;
  MetricRegistry& operator=(const MetricRegistry&) = delete;
  /// All metrics of all sets, sorted by name, then by labels.
  std::vector<MetricSample> Samples() const;

 private:
  friend class MetricSet;
  mutable std::mutex mutex_;
  std::vector<const MetricSet*> sets_;  // guarded by mutex_
};

/// The registry of this process.
MetricRegistry& ProcessMetrics();

class MetricSet {
 public:
  /// `registry` must outlive the set; `labels` go with each of its metrics.
  MetricSet(MetricRegistry* registry, MetricLabels labels);
  ~MetricSet();
  MetricSet(const MetricSet&) = delete;
  MetricSet& operator=(const MetricSet&) = delete;

  /// Names are in Prometheus form with the unit last: thalweg_rows_total, thalweg_epoch_us. What is
  /// returned lives as long as the set.
  Counter& AddCounter(std::string name, std::string help);
  Gauge& AddGauge(std::string name, std::string help);
  Histogram& AddHistogram(std::string name, std::string help);

 private:
  friend class MetricRegistry;
  template <class Metric>
  struct Named {
    std::string name;
    std::string help;
    Metric metric;
  };
  void AppendSamples(std::vector<MetricSample>* samples) const;

  MetricRegistry* const registry_;
  const MetricLabels labels_;
  std::deque<Named<Counter>> counters_;  // guarded by registry_->mutex_, as the two below
  std::deque<Named<Gauge>> gauges_;
  std::deque<Named<Histogram>> histograms_;
};

}  // namespace thalweg
