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
  /// Argument i for a subset of rows(). Valid until the next call of Argument or ArgumentFor: take
  /// what you need at once, or keep a copy of the Vector.
  virtual Result<const Vector*> ArgumentFor(int i, const Selection& rows) = 0;
  /// Argument i cannot raise for any row and costs little: evaluating it for rows that do not need
  /// it is harmless and often faster than narrowing the selection.
  virtual bool ArgumentIsTotal(int i) const = 0;
  virtual const EpochConstants& epoch() const = 0;
  virtual RowErrors& errors() = 0;
  virtual FunctionState* state() = 0;
  /// Where the call stands in the SQL text.
  virtual const SqlPlace& place() const = 0;
};

/// What a bound scalar function is besides its code.
struct ScalarTraits {
  /// When the result may be NULL, as Spark declares it.
  enum class Nullability : uint8_t { kAnyArgument, kAllArguments, kNever, kAlways };
  Nullability nullability = Nullability::kAnyArgument;
  bool total = false;  // never raises, cheap (see EvalCall::ArgumentIsTotal)
};

/// Immutable and shared by all lanes.
class ScalarFunction : public BoundFunction {
 public:
  ScalarFunction(FunctionSignature signature, ScalarTraits traits)
      : BoundFunction(std::move(signature)), traits_(traits) {}
  const ScalarTraits& traits() const { return traits_; }
  bool nullable(const std::vector<ExprPtr>& arguments) const;
  /// Fills `out` (flat, constant or dictionary) for call.rows(), of which there is at least one. A
  /// failure of one row goes to call.errors(); a returned error ends the query.
  virtual Status Evaluate(EvalCall& call, Vector* out) const = 0;
  virtual std::unique_ptr<FunctionState> NewState() const { return nullptr; }

 private:
  ScalarTraits traits_;
};
using ScalarFunctionPtr = std::shared_ptr<const ScalarFunction>;

/// A typed Call of `function`, whose argument types the arguments have.
ExprPtr MakeCall(ScalarFunctionPtr function, std::vector<ExprPtr> arguments,
                 const SqlPlace& place = {});

/// Immutable and shared by all lanes.
class AggregateFunction final : public BoundFunction {
 public:
  AggregateFunction(FunctionSignature signature, bool result_nullable,
                    std::shared_ptr<const Aggregate> aggregate)
      : BoundFunction(std::move(signature)),
        result_nullable_(result_nullable),
        aggregate_(std::move(aggregate)) {}
  bool result_nullable() const { return result_nullable_; }
  /// The accumulator, shared by all lanes.
  const std::shared_ptr<const Aggregate>& aggregate() const { return aggregate_; }

 private:
  bool result_nullable_;
  std::shared_ptr<const Aggregate> aggregate_;
};

}  // namespace thalweg
