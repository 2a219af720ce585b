// LambdaEvaluator: the compiled body of one lambda argument, private to the evaluator. The body
// sees the columns of the outer batch that it mentions, gathered for each of its rows, and its
// variables. A lambda inside the body captures these in turn. One thread at a time.
#pragma once

#include <memory>
#include <vector>

#include "data/batch.h"
#include "functions/function.h"

namespace thalweg {

class LambdaEvaluator final : public EvalLambda {
 public:
  /// `input`: the columns of the outer batches. Errors: those of ExpressionEvaluator::Make.
  static Result<std::unique_ptr<LambdaEvaluator>> Make(const ExprPtr& lambda,
                                                       const std::vector<AttributePtr>& input);

  void BindEpoch(const EpochConstants& constants) { body_->BindEpoch(constants); }
  /// Before Run: the batch that parents are rows of. It must live until the last Run.
  void SetOuter(const Batch* outer) { outer_ = outer; }
  /// One value an epoch may stand for every row: it captures nothing.
  bool foldable() const { return captures_.empty() && deterministic_; }

  int variable_count() const override { return variable_count_; }
  Result<const Vector*> Run(const LambdaRows& rows, RowErrors* errors) override;

 private:
  LambdaEvaluator() = default;

  std::unique_ptr<ExpressionEvaluator> body_;
  std::vector<int> captures_;  // columns of the outer batch: the first ones of batch_
  int variable_count_ = 0;
  bool deterministic_ = true;
  const Batch* outer_ = nullptr;
  Batch batch_;
};

}  // namespace thalweg
