// What the binders of aggregate functions share.
#pragma once

#include <memory>
#include <vector>

#include "functions/function.h"

namespace thalweg {

/// A typed AggregateCall of `function`, whose argument types the arguments have.
ExprPtr MakeAggregateCall(std::shared_ptr<const AggregateFunction> function,
                          std::vector<ExprPtr> arguments, const SqlPlace& place);

/// min or max of a type without kernels; nullptr where it has no order that is built.
std::shared_ptr<const Aggregate> MakeNestedExtreme(const TypePtr& type, bool max);

}  // namespace thalweg
