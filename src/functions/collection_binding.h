// What binders of array functions share beyond nested_binding.h: the common element type of an
// array and a value or of two arrays, and contexts of kernels that compare elements. Pure.
#pragma once

#include <memory>

#include "functions/nested_binding.h"
#include "functions/nested_lists.h"

namespace thalweg {

/// Argument 0 must be an ARRAY; it and argument `value` are cast to the tightest common type of
/// their elements. Errors: DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES.
Status UnifyElement(Binding* binding, int value);
/// Both arguments must be ARRAYs; the same. Errors: DATATYPE_MISMATCH.BINARY_ARRAY_DIFF_TYPES.
Status UnifyArrays(Binding* binding);

/// For elements of `type`; errors: INVALID_ORDERING_TYPE, or not supported yet.
Result<std::shared_ptr<const KernelContext>> OrderContextFor(const Binding& binding,
                                                             const DataType& type);

/// Spark's MAX_ROUNDED_ARRAY_LENGTH.
inline constexpr int kArrayLengthMax = 2147483632;
/// The error of a row whose array would be longer: of `function` because of `parameter`.
Status ArrayTooLong(const char* function, const char* parameter, int64_t count,
                    const SqlPlace& place);

// ---- overloads of names that other types have too; the arguments are ARRAYs
Result<ExprPtr> BindReverseArray(Binding binding);
Result<ExprPtr> BindConcatArrays(Binding binding);

}  // namespace thalweg
