// Kernels of + - * / div % and the sign, by type; nullptr where there is none. Instantiated in one
// file per group (arithmetic_*.cc) to keep each quick to compile.
#pragma once

#include "functions/kernel.h"

namespace thalweg {

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
