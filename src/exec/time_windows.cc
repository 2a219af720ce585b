// TimeWindows: each row beside the windows that its time lies in, the latest window first (Spark).
// Rows without a time lie in none. Tumbling windows only narrow the selection; overlapping ones
// repeat the row.
#include <algorithm>

#include "exec/operators.h"
#include "exec/repeat_rows.h"
#include "exec/row_selection.h"
#include "exec/window_shape.h"

namespace thalweg {
namespace {

class TimeWindowsOperator final : public Operator {
 public:
  TimeWindowsOperator(std::unique_ptr<ExpressionEvaluator> time, const ExprPtr& window,
                      const SchemaPtr& schema)
      : evaluator_(std::move(time)),
        window_text_(ToString(window)),
        type_(window->type),
        made_(schema) {
    const TimeWindow& what = *As<TimeWindow>(window);
    shape_ = {what.size_us, what.slide_us, what.start_us};
  }

  Result<Flow> Push(int, const Batch& batch, Output& out) override;

  Description Describe() const override { return {"TimeWindows", {{"window", window_text_}}}; }

 private:
  Result<Flow> Make(const Batch& batch, const Vector& times, const Selection& rows, Output& out);
  Result<Flow> Tumble(const Batch& batch, const Vector& times, const Selection& rows, Output& out);
  Result<Flow> Slide(const Batch& batch, const Vector& times, const Selection& rows, Output& out);
  /// The window column of `count` rows, to be filled.
  void BeginWindows(int count);
  void SetWindow(int row, int64_t start) {
    starts_[row] = start;
    ends_[row] = start + shape_.size_us;
  }
  Result<Flow> WriteMade(const Batch& batch, int count, Output& out);

  const std::unique_ptr<ExpressionEvaluator> evaluator_;
  const std::string window_text_;
  const TypePtr type_;
  WindowShape shape_;
  Batch made_;
  int64_t* starts_ = nullptr;
  int64_t* ends_ = nullptr;
  RowIndex rows_[kBatchRows];  // of the made rows: their input row
  int64_t window_starts_[kBatchRows];
};

Result<Flow> TimeWindowsOperator::Push(int, const Batch& batch, Output& out) {
  Selection rows = batch.selection();
  if (rows.count == 0) return Flow::kMore;
  metrics_.rows_in += rows.count;
  evaluator_->BindEpoch(epoch().constants);
  RowErrors errors;
  const Vector* times = nullptr;
  THALWEG_RETURN_NOT_OK(evaluator_->Evaluate(0, batch, rows, &errors, &times));
  if (errors.empty()) return Make(batch, *times, rows, out);
  rows.count = CountRowsBefore(rows, errors.row());
  THALWEG_RETURN_NOT_OK(Make(batch, *times, rows, out).status());
  return FailAt(errors.row(), errors.status());
}

Result<Flow> TimeWindowsOperator::Make(const Batch& batch, const Vector& times,
                                       const Selection& rows, Output& out) {
  return shape_.tumbling() ? Tumble(batch, times, rows, out) : Slide(batch, times, rows, out);
}

Result<Flow> TimeWindowsOperator::Tumble(const Batch& batch, const Vector& times,
                                         const Selection& rows, Output& out) {
  BeginWindows(batch.physical_rows());
  int count = 0;
  ForEachRow(rows, [&](int row) {
    if (times.IsNull(row)) return;
    SetWindow(row, shape_.LastWindowAt(times.Get<int64_t>(row)));
    rows_[count++] = static_cast<RowIndex>(row);
  });
  if (count == 0) return Flow::kMore;
  for (int i = 0; i < batch.column_count(); ++i) made_.mutable_column(i) = batch.column(i);
  made_.ShareRowsFrom(batch);
  if (count < batch.physical_rows()) {
    std::copy_n(rows_, count, made_.MutableSelection());
    made_.SetSelected(count);
  }
  metrics_.rows_out += count;
  return out.Write(made_);
}

Result<Flow> TimeWindowsOperator::Slide(const Batch& batch, const Vector& times,
                                        const Selection& rows, Output& out) {
  int count = 0;
  for (int i = 0; i < rows.count; ++i) {
    const int row = rows[i];
    if (times.IsNull(row)) continue;
    const TimeRange windows = shape_.WindowsOf(times.Get<int64_t>(row));
    for (int64_t start = windows.end; start >= windows.start; start -= shape_.slide_us) {
      rows_[count] = static_cast<RowIndex>(row);
      window_starts_[count++] = start;
      if (count < kBatchRows) continue;
      THALWEG_ASSIGN_OR_RETURN(const Flow flow, WriteMade(batch, count, out));
      if (flow == Flow::kEnough) return flow;
      count = 0;
    }
  }
  return count == 0 ? Flow::kMore : WriteMade(batch, count, out);
}

void TimeWindowsOperator::BeginWindows(int count) {
  Vector& windows = made_.mutable_column(made_.column_count() - 1);
  windows.ResetFlat(type_, count);
  for (int i = 0; i < 2; ++i) windows.mutable_child(i).ResetFlat(type_->fields()[i].type, count);
  starts_ = windows.mutable_child(0).mutable_values<int64_t>();
  ends_ = windows.mutable_child(1).mutable_values<int64_t>();
}

Result<Flow> TimeWindowsOperator::WriteMade(const Batch& batch, int count, Output& out) {
  RepeatRows(batch, rows_, count, &made_);
  BeginWindows(count);
  for (int i = 0; i < count; ++i) SetWindow(i, window_starts_[i]);
  metrics_.rows_out += count;
  return out.Write(made_);
}

}  // namespace

Result<std::unique_ptr<Operator>> NewTimeWindows(const ExprPtr& window,
                                                 const std::vector<AttributePtr>& input,
                                                 const SchemaPtr& schema) {
  THALWEG_ASSIGN_OR_RETURN(auto time,
                           ExpressionEvaluator::Make({As<TimeWindow>(window)->time}, input));
  return std::unique_ptr<Operator>(
      std::make_unique<TimeWindowsOperator>(std::move(time), window, schema));
}

}  // namespace thalweg
