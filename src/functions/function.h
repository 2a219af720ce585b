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

/// Rows for the body of a lambda: row k belongs to row parents[k] of the call's batch.
struct LambdaRows {
  int count = 0;                             // 1 … kBatchRows
  const RowIndex* parents = nullptr;         // ascending
  const Vector* const* variables = nullptr;  // of `count` rows each, for the variables in order
};

/// A lambda argument: its body is evaluated for rows that the function makes.
class EvalLambda {
 public:
  virtual ~EvalLambda() = default;
  /// How many variables the user named; the function gives as many.
  virtual int variable_count() const = 0;
  /// The body's values, valid until the next Run. Errors are those of the lambda's rows.
  virtual Result<const Vector*> Run(const LambdaRows& rows, RowErrors* errors) = 0;
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
  /// Argument i, which is a lambda and has no value of its own.
  virtual EvalLambda& LambdaArgument(int i) = 0;
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

/// A function that exists only with OVER: row_number(), lag() and kin.
class WindowFunction final : public BoundFunction {
 public:
  explicit WindowFunction(FunctionSignature signature) : BoundFunction(std::move(signature)) {}
};

}  // namespace thalweg
