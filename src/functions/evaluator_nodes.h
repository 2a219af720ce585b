// The compiled form of expressions, private to the evaluator: a list of nodes, arguments before
// their users, equal deterministic sub-expressions once. Used by one thread at a time.
//
// Every selection that is being evaluated is a scope with an id of its own; scopes nest. A node
// remembers for which scope it was evaluated; while that scope is open its values hold for every
// scope inside, which has a part of its rows.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "functions/evaluator.h"
#include "functions/evaluator_lambda.h"
#include "functions/function.h"

namespace thalweg {

struct EvalNode {
  enum class Kind : uint8_t { kColumn, kLiteral, kCall };
  Kind kind = Kind::kLiteral;
  int column = -1;                                        // kColumn
  BoundFunctionPtr owner;                                 // kCall: keeps `function` alive
  const ScalarFunction* function = nullptr;               // kCall
  std::vector<int> arguments;                             // kCall: nodes; -1: a lambda
  std::vector<std::unique_ptr<LambdaEvaluator>> lambdas;  // kCall: by argument, up to the last one
  TypePtr type;
  SqlPlace place;
  bool foldable = false;  // reads no column, deterministic: one value an epoch
  bool total = true;      // the whole subtree is

  Vector value;  // kLiteral: the constant; kCall: scratch
  std::unique_ptr<FunctionState> state;
  bool folded = false;    // `value` is the constant of this epoch
  uint64_t scope_id = 0;  // `value` holds for the rows of this scope, if it is still open
  int scope_depth = 0;
};

/// Compiles expressions into nodes; roots[i] is the node of expressions[i].
Status CompileExpressions(const std::vector<ExprPtr>& expressions,
                          const std::vector<AttributePtr>& input, std::vector<EvalNode>* nodes,
                          std::vector<int>* roots);

}  // namespace thalweg
