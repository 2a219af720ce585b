// sum and avg of the types whose sums are exact in more than 64 bits: DECIMAL and intervals.
#pragma once

#include <memory>

#include "data/aggregate.h"
#include "plan/expression.h"

namespace thalweg {

struct ExactSum {
  TypePtr argument;
  bool average = false;
  CastMode mode = CastMode::kAnsi;  // kAnsi raises what does not fit, the others give NULL
};

/// The result type of sum or avg; nullptr for other types.
TypePtr ExactSumType(const DataType& argument, bool average);
std::shared_ptr<const Aggregate> MakeExactSum(const ExactSum& what);

}  // namespace thalweg
