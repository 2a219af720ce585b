// AND, OR, NOT with three truth values, and the tests for NULL. Makers of bound functions, for
// binders and optimizer rules; any thread.
#pragma once

#include "functions/function.h"

namespace thalweg {

ScalarFunctionPtr AndFunction();
ScalarFunctionPtr OrFunction();
ScalarFunctionPtr NotFunction();
ScalarFunctionPtr IsNullFunction(const TypePtr& type);
ScalarFunctionPtr IsNotNullFunction(const TypePtr& type);
/// True for AND itself: what a filter may split into conjuncts.
bool IsConjunction(const ScalarFunction& function);

}  // namespace thalweg
