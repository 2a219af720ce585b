// What the families of lambda functions share while binding: variables, arguments that are lambdas,
// making the call. Pure; any thread.
#pragma once

#include "functions/nested_binding.h"

namespace thalweg {

/// Argument i as a lambda: any other expression stands for one that ignores what it is given.
Status WantLambda(Binding* binding, int i);
/// The body of a lambda argument is cast to BOOLEAN where it is NULL of no type; errors:
/// UNEXPECTED_INPUT_TYPE.
Status WantCondition(Binding* binding, int i);
inline const Lambda& LambdaAt(const Binding& binding, int i) {
  return *As<Lambda>(binding.arguments[i]);
}

/// A signature for the arguments as they are now.
FunctionSignature SignatureOf(const Binding& binding, TypePtr result_type);

/// A function that takes lambdas.
void RegisterLambda(FunctionRegistry* registry, const char* name, NestedBinder bind,
                    LambdaTyper types);

// ---- answers of typers
/// INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH unless the user named min … max variables.
Status CheckVariables(const LambdaQuestion& question, size_t min, size_t max);
/// The type of argument i if it is an array or map; UNEXPECTED_INPUT_TYPE otherwise.
Result<TypePtr> ArrayArgument(const LambdaQuestion& question, size_t i);
Result<TypePtr> MapArgument(const LambdaQuestion& question, size_t i);
/// A lambda where the function takes none.
Status NoLambdaHere();

/// array_sort(array, comparator); the array is one.
Result<ExprPtr> BindArraySortBy(Binding binding);
/// array_sort with or without a comparator.
Result<ExprPtr> BindArraySort(Binding binding);

}  // namespace thalweg
