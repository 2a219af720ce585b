// Expand: each batch once a projection, with the values of that projection beside its rows, which
// are shared and not copied.
#include "exec/operators.h"
#include "exec/row_selection.h"

namespace thalweg {
namespace {

class ExpandOperator final : public Operator {
 public:
  ExpandOperator(std::unique_ptr<ExpressionEvaluator> projections, int count, int width,
                 const SchemaPtr& schema)
      : evaluator_(std::move(projections)),
        width_(width),
        values_(static_cast<size_t>(count) * width),
        expanded_(schema) {}

  Result<Flow> Push(int, const Batch& batch, Output& out) override;

  Description Describe() const override {
    return {"Expand", {{"projections", std::to_string(values_.size() / width_)}}};
  }

 private:
  Result<Flow> Write(const Batch& batch, Output& out);

  const std::unique_ptr<ExpressionEvaluator> evaluator_;
  const size_t width_;
  std::vector<const Vector*> values_;  // projection by projection
  Batch expanded_;
};

Result<Flow> ExpandOperator::Push(int, const Batch& batch, Output& out) {
  const Selection rows = batch.selection();
  if (rows.count == 0) return Flow::kMore;
  metrics_.rows_in += rows.count;
  evaluator_->BindEpoch(epoch().constants);
  RowErrors errors;
  THALWEG_RETURN_NOT_OK(evaluator_->EvaluateAll(batch, rows, &errors, values_.data()));
  expanded_.ShareRowsFrom(batch);
  for (int i = 0; i < batch.column_count(); ++i) expanded_.mutable_column(i) = batch.column(i);
  if (errors.empty()) return Write(batch, out);
  KeepRowsBefore(errors.row(), &expanded_);
  if (expanded_.row_count() > 0) THALWEG_RETURN_NOT_OK(Write(batch, out).status());
  return FailAt(errors.row(), errors.status());
}

Result<Flow> ExpandOperator::Write(const Batch& batch, Output& out) {
  for (size_t first = 0; first < values_.size(); first += width_) {
    for (size_t i = 0; i < width_; ++i) {
      expanded_.mutable_column(batch.column_count() + static_cast<int>(i)) = *values_[first + i];
    }
    metrics_.rows_out += expanded_.row_count();
    THALWEG_ASSIGN_OR_RETURN(const Flow flow, out.Write(expanded_));
    if (flow == Flow::kEnough) return flow;
  }
  return Flow::kMore;
}

}  // namespace

Result<std::unique_ptr<Operator>> NewExpand(const std::vector<ExprPtr>& projections, int width,
                                            const std::vector<AttributePtr>& input,
                                            const SchemaPtr& schema) {
  THALWEG_ASSIGN_OR_RETURN(auto evaluator, ExpressionEvaluator::Make(projections, input));
  const int count = static_cast<int>(projections.size()) / width;
  return std::unique_ptr<Operator>(
      std::make_unique<ExpandOperator>(std::move(evaluator), count, width, schema));
}

}  // namespace thalweg
