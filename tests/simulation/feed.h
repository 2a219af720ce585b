// The outside world's side of a simulated run: which rows come in, when, and how often the query is
// given a turn. Made from a seed; what happens to the query changes nothing in it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "data/batch.h"

namespace thalweg {

struct Row {
  std::optional<int64_t> time_us;
  std::optional<int64_t> key;
  std::optional<int64_t> value;  // rows with a value >= 0 pass the filter
  double amount = 0;
};

/// One thing that happens: the clock moves, rows come in together, the query gets some turns.
struct Step {
  bool restarts = false;  // first, the query is stopped cleanly and started again
  int64_t advance_us = 0;
  std::vector<Row> rows;
  int turns = 1;
};

struct Feed {
  std::vector<Step> steps;
  /// Later than every row; by `kDelayUs` and more.
  int64_t end_us = 0;
};

/// How far a watermark stays behind.
inline constexpr int64_t kDelayUs = 5'000'000;

/// With `late_rows` some rows are older than the watermark may be when they come.
Feed MakeFeed(uint64_t seed, bool late_rows);

/// The columns of the source: ts, k, v, amount.
SchemaPtr FeedSchema();

/// The rows of one step, as the source takes them: row i goes to partition i % partitions, at most
/// `rows_per_batch` in a batch.
struct AddedBatches {
  std::vector<Batch> batches;
  std::vector<int> partitions;
};
AddedBatches ToBatches(const std::vector<Row>& rows, int partitions, int rows_per_batch);

}  // namespace thalweg
