// QueryProgress: what an epoch did, as Spark's StreamingQueryProgress tells it. Made on the query's
// thread after the epoch; a value. ProgressMeter makes those of one run of a query: rates and hints
// need what was before.
#pragma once

#include <map>
#include <string>
#include <utility>
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
  std::string run_id;
  std::string name;
  int64_t epoch = 0;
  int64_t timestamp_us = 0;  // when the epoch began
  int64_t rows_in = 0;
  int64_t rows_out = 0;
  int64_t duration_us = 0;        // of the epoch
  int64_t since_previous_us = 0;  // from the beginning of the epoch before, 0: there was none
  EpochTimes times;
  int64_t watermark_us = 0;
  bool has_watermark = false;
  EventTimeStats event_time;  // of the epoch's rows at all watermarks
  std::vector<OperatorProgress> operators;
  int64_t state_entries = 0;
  int64_t state_bytes = 0;
  int64_t partitions = 0;  // spark.sql.shuffle.partitions: what users see
  std::vector<SourceProgress> sources;
  std::string sink;
  int64_t lag_us = -1;  // from the latest event time to the end of the epoch, -1: unknown
  std::string hint;     // why the watermark stands, "": it does not

  /// Rows a second since the epoch before began, and while this one ran. 0 where no time passed.
  double InputRowsPerSecond() const;
  double ProcessedRowsPerSecond() const;
  /// One object in Spark's keys and order, on one line.
  std::string Json() const;
  /// For people: epoch, rows a second in and out, watermark, state, lag, hint.
  std::string Line() const;
};

/// One thread: that of the query.
class ProgressMeter {
 public:
  ProgressMeter(std::string name, std::string run_id)
      : name_(std::move(name)), run_id_(std::move(run_id)) {}
  /// Of an epoch that has just ended, at `now_us`.
  QueryProgress Next(const EpochSummary& summary, const EpochLoop& loop, int64_t now_us);

 private:
  /// A watermark of the plan.
  struct Input {
    int64_t latest_us = INT64_MIN;  // its latest event time
    int64_t epochs_idle = 0;        // epochs with rows at others and none here
  };
  void NoteInputs(const PhysicalPlan& plan, const EpochSummary& summary, QueryProgress* progress);

  const std::string name_;
  const std::string run_id_;
  std::map<int, Input> inputs_;  // by node
};

}  // namespace thalweg
