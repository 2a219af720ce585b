// CAST: which pairs of types there are, when a result can be NULL, and the kernels by pair. Each
// file of casts (cast_*.cc) answers for its pairs with nullptr where it has none; BindCast
// (registry.h) and casts of nested types ask them in turn through MakeCastPlan.
#pragma once

#include <memory>
#include <vector>

#include "functions/kernel.h"
#include "functions/registry.h"

namespace thalweg {

class CastContext;
class TimeZone;

/// How the values of one type become those of another.
struct CastPlan {
  Kernel kernel = nullptr;  // nullptr: the values stay as they are
  OnFailure on_failure = OnFailure::kRaise;
  std::shared_ptr<const CastContext> context;
};

/// What cast kernels are bound with.
class CastContext final : public KernelContext {
 public:
  TypePtr from;
  TypePtr to;
  CastMode mode = CastMode::kAnsi;
  const TimeZone* zone = nullptr;
  std::vector<CastPlan> members;  // of ARRAY, MAP, STRUCT
};

// ---- rules of types (cast_rules.cc)
/// Whether Spark has the cast (Cast.canCast, canAnsiCast, canTryCast).
bool CanCast(const DataType& from, const DataType& to, CastMode mode);
/// The error of a pair that it has not.
Status CastMismatch(const ExprPtr& child, const CastRequest& request);
/// The result is declared nullable whatever the mode (Cast.forceNullable).
bool ForcesNull(const DataType& from, const DataType& to);
/// Every value fits (Cast.canUpCast): never NULL, also not in try_cast.
bool CanUpCast(const DataType& from, const DataType& to);
/// What becomes of a value that does not fit.
OnFailure FailureOfCast(const DataType& from, const DataType& to, CastMode mode);
/// No value can fail: the cast may be computed for rows that do not need it.
bool CastIsTotal(const DataType& from, const DataType& to);

/// The plan of a cast that exists; THALWEG_NOT_SUPPORTED_YET for a pair without kernel.
Result<CastPlan> MakeCastPlan(const TypePtr& from, const TypePtr& to, CastMode mode,
                              const TimeZone* zone);

// ---- kernels by pair
/// BOOLEAN, TINYINT … BIGINT, FLOAT and DOUBLE among each other.
Kernel NumericCast(const DataType& from, const DataType& to);
/// DECIMAL to and from those and itself.
Kernel DecimalCast(const DataType& from, const DataType& to);
/// DATE, TIMESTAMP, TIMESTAMP_NTZ, TIME among each other and with numbers.
Kernel TimeCast(const DataType& from, const DataType& to);
/// Intervals among each other and with numbers.
Kernel IntervalCast(const DataType& from, const DataType& to);
/// STRING to anything flat, integers to BINARY.
Kernel StringCast(const DataType& from, const DataType& to);
/// Anything to STRING.
Kernel TextCast(const DataType& from, const DataType& to);
/// ARRAY to ARRAY, MAP to MAP, STRUCT to STRUCT, by the plans of their members.
Kernel NestedCast(const DataType& from, const DataType& to);

}  // namespace thalweg
