// What the binders of aggregate functions share.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "functions/function.h"
#include "functions/nested_binding.h"

namespace thalweg {

/// A typed AggregateCall of `function`, whose argument types the arguments have.
ExprPtr MakeAggregateCall(std::shared_ptr<const AggregateFunction> function,
                          std::vector<ExprPtr> arguments, const SqlPlace& place);

/// What a binder found out about a call.
struct BoundAggregate {
  std::shared_ptr<const Aggregate> aggregate;
  TypePtr type;
  bool nullable = true;
  std::string parameters = "";
};
/// The call of `bound` with the arguments as they are now.
ExprPtr FinishAggregate(Binding* binding, BoundAggregate bound);
/// Registers `bind` as an aggregate under each of `names`.
void RegisterAggregates(FunctionRegistry* registry, std::initializer_list<const char*> names,
                        NestedBinder bind);

/// min or max; nullptr where the type has no order that is built.
std::shared_ptr<const Aggregate> MakeExtreme(const TypePtr& type, bool max);
/// The same of a type without kernels.
std::shared_ptr<const Aggregate> MakeNestedExtreme(const TypePtr& type, bool max);
/// NULL whatever comes: of VOID, whose vectors have no values.
std::shared_ptr<const Aggregate> MakeNullAggregate();

}  // namespace thalweg
