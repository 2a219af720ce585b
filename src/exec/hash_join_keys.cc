#include "exec/hash_join_keys.h"

#include "exec/row_selection.h"

namespace thalweg {

Result<JoinKeys> JoinKeys::Make(const JoinShape& shape, bool of_build) {
  JoinKeys keys;
  std::vector<ExprPtr> expressions;
  std::vector<TypePtr> types;
  for (const JoinKey& key : shape.keys) {
    expressions.push_back(of_build ? key.build : key.probe);
    types.push_back(expressions.back()->type);
    keys.null_safe_.push_back(key.null_safe);
  }
  if (expressions.empty()) return keys;
  THALWEG_ASSIGN_OR_RETURN(keys.evaluator_, ExpressionEvaluator::Make(
                                                expressions, of_build ? shape.build : shape.probe));
  keys.encoder_ = std::make_unique<KeyEncoder>(types);
  keys.values_.resize(expressions.size());
  return keys;
}

Status JoinKeys::Encode(const Batch& batch, const Selection& rows, const EpochConstants& constants,
                        RowErrors* errors) {
  evaluator_->BindEpoch(constants);
  THALWEG_RETURN_NOT_OK(evaluator_->EvaluateAll(batch, rows, errors, values_.data()));
  const bool failed = !errors->empty();  // values behind a failure are undefined
  linked_ =
      WithoutNulls(failed ? SubSelection(rows, 0, CountRowsBefore(rows, errors->row())) : rows);
  keys_ = KeyBatch();
  if (linked_.count == 0) return Status::OK();
  return encoder_->Encode(values_.data(), linked_, &keys_);
}

Selection JoinKeys::WithoutNulls(const Selection& rows) {
  Selection left = rows;
  for (size_t i = 0; i < values_.size(); ++i) {
    const Vector& value = *values_[i];
    const bool has_nulls = value.may_have_nulls() || value.physical() == PhysicalKind::kNull;
    if (null_safe_[i] || !has_nulls) continue;
    rows_.resize(kBatchRows);
    int count = 0;
    for (int k = 0; k < left.count; ++k) {
      const int row = left[k];
      rows_[count] = static_cast<RowIndex>(row);
      count += !value.IsNull(row);
    }
    left = {rows_.data(), count};
  }
  return left;
}

}  // namespace thalweg
