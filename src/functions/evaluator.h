// The vectorised expression evaluator: typed expressions over Batches (DESIGN.md §4.2). Compiled
// once a query and lane; one thread at a time. Rows outside the selection are never looked at by
// anything that can fail, so they never raise.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "data/batch.h"
#include "plan/expression.h"

namespace thalweg {

/// What is constant for one epoch (law 3: it was logged before).
struct EpochConstants {
  int64_t epoch = 0;
  int64_t batch_time_us = 0;  // current_timestamp()
  bool operator==(const EpochConstants&) const = default;
};

/// The error of the lowest row wins; for one row the one reported first (Spark's evaluation order).
class RowErrors {
 public:
  /// True when an error of `row` would be kept: build the Status only then.
  bool Wants(int row) const { return row_ < 0 || row < row_; }
  void Report(int row, Status status);
  bool empty() const { return row_ < 0; }
  int row() const { return row_; }
  const Status& status() const { return status_; }
  void Clear();

 private:
  int row_ = -1;
  Status status_;
};

struct EvalMachine;

class ExpressionEvaluator {
 public:
  /// `input`: the attributes of the batches' columns, in order. Errors: INTERNAL_ERROR for an
  /// unresolved expression or an unknown attribute.
  static Result<std::unique_ptr<ExpressionEvaluator>> Make(const std::vector<ExprPtr>& expressions,
                                                           const std::vector<AttributePtr>& input);
  ~ExpressionEvaluator();

  /// Constants are computed once for each epoch; binding the same one again costs nothing.
  void BindEpoch(const EpochConstants& constants);

  /// Values of expression `i` for the rows of `rows`, in a Vector of batch.physical_rows() rows (of
  /// any encoding) that is undefined elsewhere. Valid until the next call and while `batch` is;
  /// what shall live longer copies the Vector, which shares its buffers. A row's error goes to
  /// `errors`; the caller fails the batch with it when all expressions have been evaluated.
  Status Evaluate(int i, const Batch& batch, const Selection& rows, RowErrors* errors,
                  const Vector** out);
  /// All expressions, in order, with sub-expressions that they share evaluated once: out[i] for
  /// each.
  Status EvaluateAll(const Batch& batch, const Selection& rows, RowErrors* errors,
                     const Vector** out);

  /// The rows of `rows` for which boolean expression `i` is true, ascending, into `out` (room for
  /// rows.count). Conjunctions narrow the selection conjunct by conjunct.
  Result<int> Filter(int i, const Batch& batch, const Selection& rows, RowErrors* errors,
                     RowIndex* out);

 private:
  explicit ExpressionEvaluator(std::unique_ptr<EvalMachine> machine);
  std::unique_ptr<EvalMachine> machine_;
};

}  // namespace thalweg
