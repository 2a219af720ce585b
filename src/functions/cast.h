// The kernels of CAST, found by source and target type; nullptr where none is built. Each file of
// casts (cast_*.cc) answers for its pairs; BindCast (registry.h) asks them in turn.
#pragma once

#include "functions/kernel.h"

namespace thalweg {

/// BOOLEAN, TINYINT … BIGINT, FLOAT and DOUBLE among each other.
Kernel NumericCast(const DataType& from, const DataType& to);

/// What a cast may do to a value: decides whether its result can be NULL.
enum class CastEffect : uint8_t {
  kWidens,   // every value fits (Cast.canUpCast): never NULL, also not in try_cast
  kNarrows,  // may not fit: NULL in try_cast
  kForces,   // declared nullable by Spark whatever the mode: fractional to integral
};
CastEffect EffectOfCast(const DataType& from, const DataType& to);

}  // namespace thalweg
