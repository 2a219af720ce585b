// The comparison family: binding of == = != <> < <= > >= <=>.
#include "functions/comparison.h"

#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/value_order.h"

namespace thalweg {
namespace {

struct Operator {
  const char* name;       // as users and Connect say it
  const char* canonical;  // the bound function's name
  Comparison comparison;
};

constexpr Operator kOperators[] = {
    {"==", "==", Comparison::kEqual},
    {"=", "==", Comparison::kEqual},
    {"!=", "!=", Comparison::kNotEqual},
    {"<>", "!=", Comparison::kNotEqual},
    {"<", "<", Comparison::kLess},
    {"<=", "<=", Comparison::kLessEqual},
    {">", ">", Comparison::kGreater},
    {">=", ">=", Comparison::kGreaterEqual},
    {"<=>", "<=>", Comparison::kNullSafeEqual},
    {"equal_null", "<=>", Comparison::kNullSafeEqual},
};

Kernel FindKernel(Comparison comparison, const DataType& type) {
  if (type.Is(TypeKind::kString) && !type.IsBinaryCollated()) return nullptr;
  if (Kernel kernel = CompareIntegral(comparison, type.physical())) return kernel;
  if (Kernel kernel = CompareFloating(comparison, type.physical())) return kernel;
  return CompareString(comparison, type.physical());
}

/// The type that both sides are compared as; DATATYPE_MISMATCH.* where there is none.
Result<TypePtr> ComparedType(const std::string& name, const std::vector<ExprPtr>& arguments,
                             const BindSettings& settings, const SqlPlace& place) {
  TypePtr type = ComparisonType(arguments[0]->type, arguments[1]->type, settings.ansi);
  if (type == nullptr) return DifferentOperandTypes(name, arguments, place);
  if (type->Is(TypeKind::kNull)) return BooleanType();
  if (!HasOrder(*type)) return NoOrdering(name, arguments, *type, place);
  return type;
}

Result<ExprPtr> BindOperator(const Operator& op, std::vector<ExprPtr> arguments,
                             const BindSettings& settings, const SqlPlace& place) {
  const std::string name = op.canonical;
  if (arguments.size() != 2) return WrongArgumentCount(name, "2", arguments.size(), place);
  THALWEG_RETURN_NOT_OK(CoerceDecimals(&arguments, settings));
  THALWEG_ASSIGN_OR_RETURN(TypePtr type, ComparedType(name, arguments, settings, place));
  if (!SameStructure(*arguments[0]->type, *arguments[1]->type)) {
    THALWEG_RETURN_NOT_OK(CoerceAll(&arguments, type, settings));
  }
  KernelSpec spec;
  spec.kernel = FindKernel(op.comparison, *type);
  if (spec.kernel == nullptr) {
    spec.kernel = CompareNested(op.comparison);
    spec.context = OrderContext::Make(*type);
    if (spec.context == nullptr) return NotSupportedYet(name + " of " + type->Sql(), place);
  }
  spec.signature = {name, {type, type}, BooleanType(), "", true};
  spec.traits.total = true;
  if (op.comparison == Comparison::kNullSafeEqual) {
    spec.sees_nulls = true;
    spec.traits.nullability = ScalarTraits::Nullability::kNever;
  }
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(arguments), place);
}

}  // namespace

void RegisterComparison(FunctionRegistry* registry) {
  for (const Operator& op : kOperators) {
    registry->Register({op.name, FunctionKind::kScalar,
                        [&op](const std::string&, std::vector<ExprPtr> arguments,
                              const BindSettings& settings, const SqlPlace& place) {
                          return BindOperator(op, std::move(arguments), settings, place);
                        }});
  }
}

}  // namespace thalweg
