// Project: new columns from expressions; columns that stay as they are are shared, not copied.
#include "exec/operators.h"
#include "exec/row_selection.h"

namespace thalweg {
namespace {

class ProjectOperator final : public Operator {
 public:
  ProjectOperator(std::unique_ptr<ExpressionEvaluator> evaluator, std::string list,
                  const SchemaPtr& schema)
      : evaluator_(std::move(evaluator)),
        list_(std::move(list)),
        values_(schema->size()),
        projected_(schema) {}

  Result<Flow> Push(int, const Batch& batch, Output& out) override;

  Description Describe() const override { return {"Project", {{"expressions", list_}}}; }

 private:
  std::unique_ptr<ExpressionEvaluator> evaluator_;
  const std::string list_;
  std::vector<const Vector*> values_;
  Batch projected_;
};

Result<Flow> ProjectOperator::Push(int, const Batch& batch, Output& out) {
  const Selection rows = batch.selection();
  if (rows.count == 0) return Flow::kMore;
  metrics_.rows_in += rows.count;
  evaluator_->BindEpoch(epoch().constants);
  RowErrors errors;
  THALWEG_RETURN_NOT_OK(evaluator_->EvaluateAll(batch, rows, &errors, values_.data()));
  for (size_t i = 0; i < values_.size(); ++i) {
    projected_.mutable_column(static_cast<int>(i)) = *values_[i];
  }
  projected_.ShareRowsFrom(batch);
  if (!errors.empty()) {
    KeepRowsBefore(errors.row(), &projected_);
    Flow flow = Flow::kMore;
    if (projected_.row_count() > 0) {
      THALWEG_ASSIGN_OR_RETURN(flow, out.Write(projected_));
    }
    if (flow == Flow::kEnough) return flow;  // nobody wants the row that failed
    return FailAt(errors.row(), errors.status());
  }
  metrics_.rows_out += rows.count;
  return out.Write(projected_);
}

}  // namespace

Result<std::unique_ptr<Operator>> NewProject(const std::vector<ExprPtr>& expressions,
                                             const std::vector<AttributePtr>& input,
                                             const SchemaPtr& schema) {
  THALWEG_ASSIGN_OR_RETURN(auto evaluator, ExpressionEvaluator::Make(expressions, input));
  std::string list;
  for (const ExprPtr& expression : expressions) {
    if (!list.empty()) list += ", ";
    list += ToString(expression);
  }
  return std::unique_ptr<Operator>(
      std::make_unique<ProjectOperator>(std::move(evaluator), std::move(list), schema));
}

}  // namespace thalweg
