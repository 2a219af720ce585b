// Arithmetic: binding by kind of operand and the kernels of + - * / div % and the sign, by type;
// nullptr where there is none. Kernels are instantiated in one file per group (arithmetic_*.cc) to
// keep each quick to compile.
#pragma once

#include <string>
#include <vector>

#include "functions/kernel.h"
#include "functions/registry.h"

namespace thalweg {

/// A call of an operator that is being bound.
struct ArithmeticCall {
  std::string name;  // as it was called: "+", "try_add"
  std::string op;    // "+" "-" "*" "/" "div" "%"
  std::vector<ExprPtr> arguments;
  CastMode mode = CastMode::kAnsi;
  const BindSettings& settings;
  SqlPlace place;
};

/// `expr` cast to `type` in the mode of the call.
Result<ExprPtr> CoerceOperand(const ArithmeticCall& call, const ExprPtr& expr, const TypePtr& type);
/// "ansi", "legacy", "try".
const char* ModeName(CastMode mode);
OnFailure FailureOf(CastMode mode, OnFailure legacy);

/// Two DECIMALs.
Result<ExprPtr> BindDecimalArithmetic(ArithmeticCall call);
/// With a date, time or interval on one side at least (BinaryArithmeticWithDatetimeResolver); null:
/// not a case of it.
Result<ExprPtr> BindTimeArithmetic(ArithmeticCall call);
/// Of two intervals or an interval and a number.
Result<ExprPtr> BindIntervalSum(ArithmeticCall call);
Result<ExprPtr> BindIntervalProduct(ArithmeticCall call);

Kernel IntegralAdd(PhysicalKind kind);
Kernel IntegralSubtract(PhysicalKind kind);
Kernel IntegralMultiply(PhysicalKind kind);
Kernel IntegralNegate(PhysicalKind kind);
Kernel FloatingAdd(PhysicalKind kind);
Kernel FloatingSubtract(PhysicalKind kind);
Kernel FloatingMultiply(PhysicalKind kind);
Kernel FloatingNegate(PhysicalKind kind);
/// DOUBLE / DOUBLE.
Kernel Divide(PhysicalKind kind);
/// BIGINT div BIGINT.
Kernel IntegralDivide(PhysicalKind kind);
/// Any type.
Kernel Remainder(PhysicalKind kind);

}  // namespace thalweg
