// EventTime: passes every row on and observes the event time column of a watermark node. NULL
// counts as 1970-01-01 (Spark); the watermark itself is computed by streaming/.
#include <algorithm>

#include "exec/operators.h"

namespace thalweg {
namespace {

class EventTimeOperator final : public Operator {
 public:
  EventTimeOperator(int column, std::string name) : column_(column), name_(std::move(name)) {}

  Result<Flow> Push(int, const Batch& batch, Output& out) override {
    const Selection rows = batch.selection();
    if (rows.count == 0) return Flow::kMore;
    metrics_.rows_in += rows.count;
    metrics_.rows_out += rows.count;
    metrics_.event_time.Add(Observe(batch.column(column_), rows));
    return out.Write(batch);
  }

  Description Describe() const override { return {"EventTime", {{"column", name_}}}; }

 private:
  static EventTimeStats Observe(const Vector& times, const Selection& rows);

  const int column_;
  const std::string name_;
};

template <class TimeOf>
EventTimeStats Fold(const Selection& rows, TimeOf&& time_of) {
  int64_t max = time_of(rows[0]);
  int64_t min = max;
  int64_t high = 0;  // the sum in two halves: neither can overflow within a batch
  int64_t low = 0;
  ForEachRow(rows, [&](int row) {
    const int64_t time = time_of(row);
    max = std::max(max, time);
    min = std::min(min, time);
    high += time >> 32;
    low += time & 0xFFFFFFFF;
  });
  return {rows.count, max, min, (static_cast<__int128>(high) << 32) + low};
}

EventTimeStats EventTimeOperator::Observe(const Vector& times, const Selection& rows) {
  if (times.is_flat() && !times.may_have_nulls()) {
    const int64_t* values = times.values<int64_t>();
    return Fold(rows, [values](int row) { return values[row]; });
  }
  return Fold(rows, [&](int row) { return times.IsNull(row) ? 0 : times.Get<int64_t>(row); });
}

}  // namespace

std::unique_ptr<Operator> NewEventTime(int column, std::string name) {
  return std::make_unique<EventTimeOperator>(column, std::move(name));
}

}  // namespace thalweg
