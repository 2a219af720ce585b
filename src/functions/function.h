// A bound function that can be run: scalar functions (kernels) and aggregates. The registry
// (functions/registry.h) makes them from a name and typed arguments.
#pragma once

#include <memory>
#include <vector>

#include "data/aggregate.h"
#include "functions/evaluator.h"
#include "plan/expression.h"

namespace thalweg {

/// State of one call site in one lane: compiled patterns, scratch. Reused from batch to batch.
class FunctionState {
 public:
  virtual ~FunctionState() = default;
};

/// One evaluation of a call over some rows of a batch. Arguments are evaluated when asked for, so
/// that AND, OR, CASE, IF, COALESCE evaluate each branch only for the rows that reach it.
class EvalCall {
 public:
  virtual ~EvalCall() = default;
  virtual const Selection& rows() const = 0;
  virtual int physical_rows() const = 0;
  virtual int argument_count() const = 0;
  /// Argument i for rows(), evaluated once.
  virtual Result<const Vector*> Argument(int i) = 0;
  /// Argument i for a subset of rows(); each call evaluates anew.
  virtual Result<const Vector*> ArgumentFor(int i, const Selection& rows) = 0;
  virtual const EpochConstants& epoch() const = 0;
  virtual RowErrors& errors() = 0;
  virtual FunctionState* state() = 0;
  /// Where the call stands in the SQL text.
  virtual const SqlPlace& place() const = 0;
};

/// Immutable and shared by all lanes.
class ScalarFunction : public BoundFunction {
 public:
  /// Exactly these types come in, this type goes out.
  const std::vector<TypePtr>& argument_types() const { return argument_types_; }
  const TypePtr& result_type() const { return result_type_; }
  bool nullable(const std::vector<ExprPtr>& arguments) const;  // strict: any argument nullable
  /// Fills `out` (flat, constant or dictionary) for call.rows(). A failure of one row goes to
  /// call.errors(); a returned error ends the query.
  virtual Status Evaluate(EvalCall& call, Vector* out) const = 0;
  virtual std::unique_ptr<FunctionState> NewState() const { return nullptr; }
  bool Equals(const BoundFunction& other) const override;

 protected:
  enum class Nullability : uint8_t { kAnyArgument, kNever, kAlways, kAllArguments };
  std::vector<TypePtr> argument_types_;
  TypePtr result_type_;
  Nullability nullability_ = Nullability::kAnyArgument;
};

class AggregateFunction : public BoundFunction {
 public:
  const std::vector<TypePtr>& argument_types() const { return argument_types_; }
  const TypePtr& result_type() const { return result_type_; }
  bool result_nullable() const { return result_nullable_; }
  /// The accumulator, shared by all lanes.
  const std::shared_ptr<const Aggregate>& aggregate() const { return aggregate_; }
  bool Equals(const BoundFunction& other) const override;

 protected:
  std::vector<TypePtr> argument_types_;
  TypePtr result_type_;
  bool result_nullable_ = true;
  std::shared_ptr<const Aggregate> aggregate_;
};

}  // namespace thalweg
