// Generate: each row as often as a generator makes rows of it, beside what it makes. Made rows are
// numbered through a batch of input and given out in batches of kBatchRows.
#include <algorithm>

#include "exec/operators.h"
#include "exec/repeat_rows.h"
#include "exec/row_selection.h"
#include "functions/generator.h"

namespace thalweg {
namespace {

class GenerateOperator final : public Operator {
 public:
  GenerateOperator(std::unique_ptr<ExpressionEvaluator> arguments, const ExprPtr& call, bool outer,
                   const SchemaPtr& schema)
      : evaluator_(std::move(arguments)),
        function_(
            std::static_pointer_cast<const GeneratorFunction>(As<GeneratorCall>(call)->function)),
        call_text_(ToString(call)),
        outer_(outer),
        arguments_(As<GeneratorCall>(call)->arguments.size()),
        columns_(function_->columns().size()),
        made_(schema) {}

  Result<Flow> Push(int, const Batch& batch, Output& out) override;

  Description Describe() const override {
    return {"Generate", {{"generator", call_text_}, {"outer", outer_ ? "true" : ""}}};
  }

 private:
  Result<Flow> Make(const Batch& batch, const Selection& rows, Output& out);
  Result<Flow> WriteMade(const Batch& batch, int count, Output& out);

  const std::unique_ptr<ExpressionEvaluator> evaluator_;
  const GeneratorFunctionPtr function_;
  const std::string call_text_;
  const bool outer_;
  std::vector<const Vector*> arguments_;
  std::vector<Vector*> columns_;
  Batch made_;
  RowIndex rows_[kBatchRows];      // of the made rows: their input row
  int32_t positions_[kBatchRows];  // and which of its rows
};

Result<Flow> GenerateOperator::Push(int, const Batch& batch, Output& out) {
  Selection rows = batch.selection();
  if (rows.count == 0) return Flow::kMore;
  metrics_.rows_in += rows.count;
  evaluator_->BindEpoch(epoch().constants);
  RowErrors errors;
  THALWEG_RETURN_NOT_OK(evaluator_->EvaluateAll(batch, rows, &errors, arguments_.data()));
  if (errors.empty()) return Make(batch, rows, out);
  rows.count = CountRowsBefore(rows, errors.row());
  THALWEG_RETURN_NOT_OK(Make(batch, rows, out).status());
  return FailAt(errors.row(), errors.status());
}

Result<Flow> GenerateOperator::Make(const Batch& batch, const Selection& rows, Output& out) {
  int32_t counts[kBatchRows];
  function_->Count(arguments_.data(), rows, counts);
  int count = 0;
  for (int i = 0; i < rows.count; ++i) {
    const bool missing = counts[i] == 0 && outer_;
    const int32_t end = missing ? 0 : counts[i];
    for (int32_t position = missing ? -1 : 0; position < end;) {
      const int32_t room = std::min(end - position, kBatchRows - count);
      std::fill_n(rows_ + count, room, static_cast<RowIndex>(rows[i]));
      for (int32_t k = 0; k < room; ++k) positions_[count + k] = position + k;
      count += room;
      position += room;
      if (count < kBatchRows) continue;
      THALWEG_ASSIGN_OR_RETURN(const Flow flow, WriteMade(batch, count, out));
      if (flow == Flow::kEnough) return flow;
      count = 0;
    }
  }
  return count == 0 ? Flow::kMore : WriteMade(batch, count, out);
}

Result<Flow> GenerateOperator::WriteMade(const Batch& batch, int count, Output& out) {
  RepeatRows(batch, rows_, count, &made_);
  for (size_t i = 0; i < columns_.size(); ++i) {
    columns_[i] = &made_.mutable_column(batch.column_count() + static_cast<int>(i));
  }
  function_->Fill(arguments_.data(), {rows_, positions_, count}, columns_.data());
  metrics_.rows_out += count;
  return out.Write(made_);
}

}  // namespace

Result<std::unique_ptr<Operator>> NewGenerate(const ExprPtr& generator, bool outer,
                                              const std::vector<AttributePtr>& input,
                                              const SchemaPtr& schema) {
  const GeneratorCall& call = *As<GeneratorCall>(generator);
  THALWEG_ASSIGN_OR_RETURN(auto arguments, ExpressionEvaluator::Make(call.arguments, input));
  return std::unique_ptr<Operator>(
      std::make_unique<GenerateOperator>(std::move(arguments), generator, outer, schema));
}

}  // namespace thalweg
