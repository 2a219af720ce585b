// Sort: keeps the rows of the epoch and writes them in order, or the first ones of that order.
// Runs on one lane; rows with equal keys keep the order in which they came.
#include <algorithm>

#include "data/row_codec.h"
#include "exec/operators.h"
#include "exec/sort_key.h"
#include "state/sort_buffer.h"

namespace thalweg {
namespace {

class SortState final : public NodeState {
 public:
  SortState(MemoryBudget* budget, int64_t rows_max) : rows_(budget, rows_max) {}
  Status BeginEpoch(const Epoch&) override {
    rows_.Clear();
    return Status::OK();
  }
  Status FanOut() override { return Status::OK(); }
  Status EndEpoch(OperatorMetrics*) override {
    rows_.Clear();
    return Status::OK();
  }
  SortBuffer& rows() { return rows_; }

 private:
  SortBuffer rows_;
};

std::vector<TypePtr> TypesOf(const Schema& schema) {
  std::vector<TypePtr> types;
  for (const StructField& column : schema.columns()) types.push_back(column.type);
  return types;
}

/// What all operators of the node are made of.
struct SortPlan {
  std::vector<ExprPtr> keys;
  std::vector<SortDirection> directions;
  std::vector<AttributePtr> input;
  SchemaPtr schema;
  std::string text;  // for EXPLAIN
  int64_t rows_max = SortBuffer::kAllRows;
};

class SortOperator final : public Operator {
 public:
  SortOperator(std::unique_ptr<ExpressionEvaluator> evaluator, const SortPlan& plan,
               SortState* state)
      : evaluator_(std::move(evaluator)),
        plan_(plan),
        rows_(state->rows()),
        key_encoder_(plan.directions),
        row_encoder_(TypesOf(*plan.schema)),
        row_decoder_(TypesOf(*plan.schema)),
        key_values_(plan.keys.size()),
        columns_(static_cast<size_t>(plan.schema->size())),
        sorted_(plan.schema) {}

  Result<Flow> Push(int, const Batch& batch, Output&) override;
  Result<Emission> EndEpoch(Output& out) override;
  Description Describe() const override;

 private:
  void FindWanted(const Selection& rows);
  Status Keep(const Batch& batch);
  Status Decode(int64_t first, int count);

  const std::unique_ptr<ExpressionEvaluator> evaluator_;
  const SortPlan plan_;
  SortBuffer& rows_;
  const SortKeyEncoder key_encoder_;
  RowEncoder row_encoder_;
  const RowDecoder row_decoder_;
  std::vector<const Vector*> key_values_;
  std::vector<const Vector*> columns_;
  // Of the pushed batch: rows that are wanted, their keys one after the other, where each ends.
  RowIndex wanted_[kBatchRows];
  size_t key_ends_[kBatchRows];
  int wanted_count_ = 0;
  std::string keys_;
  Batch sorted_;
};

Result<Flow> SortOperator::Push(int, const Batch& batch, Output&) {
  const Selection rows = batch.selection();
  if (rows.count == 0) return Flow::kMore;
  metrics_.rows_in += rows.count;
  evaluator_->BindEpoch(epoch().constants);
  RowErrors errors;
  THALWEG_RETURN_NOT_OK(evaluator_->EvaluateAll(batch, rows, &errors, key_values_.data()));
  if (!errors.empty()) return FailAt(errors.row(), errors.status());
  FindWanted(rows);
  THALWEG_RETURN_NOT_OK(Keep(batch));
  return Flow::kMore;
}

void SortOperator::FindWanted(const Selection& rows) {
  keys_.clear();
  wanted_count_ = 0;
  for (int i = 0; i < rows.count; ++i) {
    const size_t at = keys_.size();
    key_encoder_.Append(key_values_.data(), rows[i], &keys_);
    if (!rows_.Wants(std::string_view(keys_).substr(at))) {
      keys_.resize(at);
      continue;
    }
    wanted_[wanted_count_] = static_cast<RowIndex>(rows[i]);
    key_ends_[wanted_count_++] = keys_.size();
  }
}

Status SortOperator::Keep(const Batch& batch) {
  if (wanted_count_ == 0) return Status::OK();
  for (size_t i = 0; i < columns_.size(); ++i) columns_[i] = &batch.column(static_cast<int>(i));
  const StringView* encoded = row_encoder_.Encode(columns_.data(), {wanted_, wanted_count_});
  size_t at = 0;
  for (int i = 0; i < wanted_count_; ++i) {
    const std::string_view key(keys_.data() + at, key_ends_[i] - at);
    THALWEG_RETURN_NOT_OK(rows_.Add(key, encoded[i].view()));
    at = key_ends_[i];
  }
  return Status::OK();
}

Result<Emission> SortOperator::EndEpoch(Output& out) {
  if (!epoch().alone() && epoch().lane > 0) return Emission::kDone;
  rows_.Sort();
  for (int64_t first = 0; first < rows_.size(); first += kBatchRows) {
    const int count = static_cast<int>(std::min<int64_t>(rows_.size() - first, kBatchRows));
    THALWEG_RETURN_NOT_OK(Decode(first, count));
    metrics_.rows_out += count;
    THALWEG_ASSIGN_OR_RETURN(const Flow flow, out.Write(sorted_));
    if (flow == Flow::kEnough) break;
  }
  return Emission::kDone;
}

Status SortOperator::Decode(int64_t first, int count) {
  StringView encoded[kBatchRows];
  for (int i = 0; i < count; ++i) encoded[i] = rows_.Row(first + i);
  sorted_.Reset(plan_.schema);
  std::vector<Vector*> columns(columns_.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    columns[i] = &sorted_.mutable_column(static_cast<int>(i));
  }
  THALWEG_RETURN_NOT_OK(row_decoder_.Decode(encoded, count, 0, columns.data()));
  sorted_.SetRowCount(count);
  return Status::OK();
}

Description SortOperator::Describe() const {
  Description description = {"Sort", {{"order", plan_.text}}};
  if (plan_.rows_max != SortBuffer::kAllRows) {
    description.details.emplace_back("rows", std::to_string(plan_.rows_max));
  }
  return description;
}

}  // namespace

SharedOperator NewSort(const std::vector<ExprPtr>& order, const std::vector<AttributePtr>& input,
                       const SchemaPtr& schema, int64_t rows_max, MemoryBudget* budget) {
  SortPlan plan;
  for (const ExprPtr& expr : order) {
    const SortOrder& by = *As<SortOrder>(expr);
    plan.keys.push_back(by.child);
    plan.directions.push_back({by.ascending, by.nulls_first});
    plan.text += (plan.text.empty() ? "" : ", ") + ToString(expr);
  }
  plan.input = input;
  plan.schema = schema;
  plan.rows_max = rows_max;
  auto state = std::make_unique<SortState>(budget, rows_max);
  SortState* const shared = state.get();
  return {std::move(state), [plan, shared]() -> Result<std::unique_ptr<Operator>> {
            THALWEG_ASSIGN_OR_RETURN(auto evaluator,
                                     ExpressionEvaluator::Make(plan.keys, plan.input));
            return std::unique_ptr<Operator>(
                std::make_unique<SortOperator>(std::move(evaluator), plan, shared));
          }};
}

}  // namespace thalweg
