// Filter: the rows for which a condition is true, as a selection; nothing is copied.
#include <cstring>

#include "exec/operators.h"
#include "exec/row_selection.h"

namespace thalweg {
namespace {

class FilterOperator final : public Operator {
 public:
  FilterOperator(std::unique_ptr<ExpressionEvaluator> evaluator, std::string condition)
      : evaluator_(std::move(evaluator)), condition_(std::move(condition)) {}

  Result<Flow> Push(int, const Batch& batch, Output& out) override;

  Description Describe() const override { return {"Filter", {{"condition", condition_}}}; }

 private:
  Result<Flow> WriteSelected(const Batch& batch, const RowIndex* rows, int count, Output& out);

  std::unique_ptr<ExpressionEvaluator> evaluator_;
  const std::string condition_;
  Batch selected_;
};

Result<Flow> FilterOperator::Push(int, const Batch& batch, Output& out) {
  const Selection rows = batch.selection();
  metrics_.rows_in += rows.count;
  evaluator_->BindEpoch(epoch().constants);
  RowErrors errors;
  RowIndex passed[kBatchRows];
  THALWEG_ASSIGN_OR_RETURN(int count, evaluator_->Filter(0, batch, rows, &errors, passed));
  if (errors.empty()) return WriteSelected(batch, passed, count, out);
  count = CountRowsBefore(Selection{passed, count}, errors.row());
  THALWEG_ASSIGN_OR_RETURN(const Flow flow, WriteSelected(batch, passed, count, out));
  if (flow == Flow::kEnough) return flow;  // nobody wants the row that failed
  return FailAt(errors.row(), errors.status());
}

Result<Flow> FilterOperator::WriteSelected(const Batch& batch, const RowIndex* rows, int count,
                                           Output& out) {
  if (count == 0) return Flow::kMore;
  metrics_.rows_out += count;
  if (count == batch.row_count()) return out.Write(batch);
  selected_.ShareFrom(batch);
  std::memcpy(selected_.MutableSelection(), rows, sizeof(RowIndex) * count);
  selected_.SetSelected(count);
  return out.Write(selected_);
}

}  // namespace

Result<std::unique_ptr<Operator>> NewFilter(const ExprPtr& condition,
                                            const std::vector<AttributePtr>& input) {
  THALWEG_ASSIGN_OR_RETURN(auto evaluator, ExpressionEvaluator::Make({condition}, input));
  return std::unique_ptr<Operator>(
      std::make_unique<FilterOperator>(std::move(evaluator), ToString(condition)));
}

}  // namespace thalweg
