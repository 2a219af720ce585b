// The oracle: what the simulated query must answer, computed in the slowest and plainest way from
// the rules (filter v >= 0, windows, watermark, late rows), with nothing of the engine in it.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "feed.h"

namespace thalweg {

struct QueryShape {
  int64_t size_us = 0;
  int64_t slide_us = 0;
  int64_t delay_us = 0;  // of the watermark
  bool tumbling() const { return size_us == slide_us; }
};

struct GroupKey {
  int64_t start_us = 0;
  int64_t end_us = 0;
  std::optional<int64_t> key;
  auto operator<=>(const GroupKey&) const = default;
};

/// A row of the result; `amount` as bits, so that equality is bit for bit.
struct WindowRow {
  GroupKey group;
  int64_t rows = 0;          // count(*)
  int64_t value = 0;         // sum(v)
  uint64_t amount_bits = 0;  // sum(amount); 0 where the query has none
  auto operator<=>(const WindowRow&) const = default;
  std::string ToString() const;
};

/// The answer of a batch query over `rows`, in their order: every window that ends at or before
/// `until_us`. Sorted.
std::vector<WindowRow> BatchAnswer(const std::vector<Row>& rows, const QueryShape& shape,
                                   int64_t until_us);

/// The query epoch by epoch in append mode: rules W1 to W7 of the specification.
class EpochOracle {
 public:
  explicit EpochOracle(const QueryShape& shape) : shape_(shape) {}
  /// The rows that leave in an epoch over `rows`, sorted.
  std::vector<WindowRow> Run(const std::vector<Row>& rows);
  /// Of the next epoch.
  int64_t watermark_us() const { return watermark_us_; }
  int64_t late_rows() const { return late_rows_; }

 private:
  struct Sums {
    int64_t rows = 0;
    int64_t value = 0;
    double amount = 0;
  };
  friend std::vector<WindowRow> BatchAnswer(const std::vector<Row>&, const QueryShape&, int64_t);
  void Add(const Row& row, int64_t late_before_us);
  std::vector<WindowRow> Take(int64_t until_us);

  const QueryShape shape_;
  std::map<GroupKey, Sums> groups_;
  int64_t watermark_us_ = 0;       // of the next epoch
  int64_t late_watermark_us_ = 0;  // of the epoch before
  int64_t late_rows_ = 0;          // a row is counted once per window that it is late for
};

/// "" if both hold the same rows, else what the first difference is.
std::string Difference(const std::vector<WindowRow>& expected, const std::vector<WindowRow>& found);

}  // namespace thalweg
