#include "functions/function.h"

#include <algorithm>

#include "base/check.h"
#include "functions/aggregates.h"

namespace thalweg {

bool ScalarFunction::nullable(const std::vector<ExprPtr>& arguments) const {
  const auto is_nullable = [](const ExprPtr& argument) { return argument->nullable; };
  switch (traits_.nullability) {
    case ScalarTraits::Nullability::kNever:
      return false;
    case ScalarTraits::Nullability::kAlways:
      return true;
    case ScalarTraits::Nullability::kAnyArgument:
      return std::any_of(arguments.begin(), arguments.end(), is_nullable);
    case ScalarTraits::Nullability::kAllArguments:
      return std::all_of(arguments.begin(), arguments.end(), is_nullable);
  }
  return true;
}

ExprPtr MakeCall(ScalarFunctionPtr function, std::vector<ExprPtr> arguments,
                 const SqlPlace& place) {
  THALWEG_CHECK(function->argument_types().size() == arguments.size(), "wrong number of arguments");
  auto call = std::make_shared<Call>();
  call->type = function->result_type();
  call->nullable = function->nullable(arguments);
  call->place = place;
  call->function = std::move(function);
  call->arguments = std::move(arguments);
  return call;
}

ExprPtr MakeAggregateCall(std::shared_ptr<const AggregateFunction> function,
                          std::vector<ExprPtr> arguments, const SqlPlace& place) {
  THALWEG_CHECK(function->argument_types().size() == arguments.size(), "wrong number of arguments");
  auto call = std::make_shared<AggregateCall>();
  call->type = function->result_type();
  call->nullable = function->result_nullable();
  call->place = place;
  call->function = std::move(function);
  call->arguments = std::move(arguments);
  return call;
}

}  // namespace thalweg
