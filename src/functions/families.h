// The families of built-in functions: each registers its table once, when the registry is made.
#pragma once

#include "functions/registry.h"

namespace thalweg {

void RegisterArithmetic(FunctionRegistry* registry);
void RegisterSigns(FunctionRegistry* registry);  // by RegisterArithmetic
void RegisterComparison(FunctionRegistry* registry);
void RegisterLogic(FunctionRegistry* registry);
void RegisterConditional(FunctionRegistry* registry);
void RegisterMembership(FunctionRegistry* registry);
void RegisterGreatest(FunctionRegistry* registry);
void RegisterBitwise(FunctionRegistry* registry);
void RegisterShifts(FunctionRegistry* registry);  // by RegisterBitwise
void RegisterCount(FunctionRegistry* registry);
void RegisterSums(FunctionRegistry* registry);
void RegisterExtremes(FunctionRegistry* registry);

}  // namespace thalweg
