// QueryProgress: what an epoch did, as Spark's StreamingQueryProgress tells it. Made on the query's
// thread after the epoch; a value.
#pragma once

#include <string>
#include <vector>

#include "streaming/epoch_loop.h"

namespace thalweg {

struct SourceProgress {
  std::string description;
  std::string start_offset;  // JSON; "": none
  std::string end_offset;
  int64_t rows = 0;
};

struct OperatorProgress {
  std::string name;
  int64_t rows_total = 0;
  int64_t rows_updated = 0;
  int64_t rows_removed = 0;
  int64_t rows_dropped_late = 0;
};

struct QueryProgress {
  std::string id;
  std::string run_id;  // "": of a run without one
  std::string name;
  int64_t epoch = 0;
  int64_t timestamp_us = 0;
  int64_t duration_us = 0;
  int64_t since_previous_us = 0;  // 0: the first epoch of the run
  int64_t rows_in = 0;
  int64_t rows_out = 0;
  int64_t watermark_us = 0;
  bool has_watermark = false;
  std::vector<OperatorProgress> operators;
  std::vector<SourceProgress> sources;

  /// Rows a second since the epoch before began, and while this one ran. 0 where no time passed.
  double InputRowsPerSecond() const;
  double ProcessedRowsPerSecond() const;
  /// One object in Spark's keys and order, on one line.
  std::string Json() const;
  /// For people: epoch, rows, watermark, state.
  std::string Line() const;
};

QueryProgress ProgressOf(const std::string& name, const EpochSummary& summary,
                         const EpochLoop& loop, int64_t now_us);

}  // namespace thalweg
