#include "exec/operator.h"

#include <algorithm>

namespace thalweg {

void EventTimeStats::Add(const EventTimeStats& other) {
  if (other.count == 0) return;
  max_us = count == 0 ? other.max_us : std::max(max_us, other.max_us);
  min_us = count == 0 ? other.min_us : std::min(min_us, other.min_us);
  sum_us += other.sum_us;
  count += other.count;
}

void OperatorMetrics::Add(const OperatorMetrics& other) {
  rows_in += other.rows_in;
  rows_out += other.rows_out;
  late_rows += other.late_rows;
  dropped_by_watermark += other.dropped_by_watermark;
  rows_updated += other.rows_updated;
  rows_removed += other.rows_removed;
  duplicate_rows += other.duplicate_rows;
  event_time.Add(other.event_time);
}

Status Operator::EndInput(int, Output&) {
  return Status::OK();
}

Result<Emission> Operator::EndEpoch(Output&) {
  return Emission::kDone;
}

}  // namespace thalweg
