// The arithmetic family: binding of + - * / div % mod negative positive.
#include "functions/arithmetic.h"

#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/families.h"

namespace thalweg {
namespace {

struct Operator {
  const char* name;
  Kernel (*integral)(PhysicalKind);
  Kernel (*floating)(PhysicalKind);
  /// What legacy mode makes of a row that ANSI mode raises for.
  OnFailure legacy;
};

constexpr Operator kOperators[] = {
    {"+", IntegralAdd, FloatingAdd, OnFailure::kIgnore},
    {"-", IntegralSubtract, FloatingSubtract, OnFailure::kIgnore},
    {"*", IntegralMultiply, FloatingMultiply, OnFailure::kIgnore},
    {"/", Divide, Divide, OnFailure::kNull},
    {"div", IntegralDivide, IntegralDivide, OnFailure::kNull},
    {"%", Remainder, Remainder, OnFailure::kNull},
    {"mod", Remainder, Remainder, OnFailure::kNull},
};

bool IsDivision(const std::string& name) {
  return name == "/" || name == "div" || name == "%" || name == "mod";
}

bool IsTimeOrInterval(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
    case TypeKind::kTime:
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval:
    case TypeKind::kCalendarInterval:
      return true;
    default:
      return false;
  }
}

Status RefuseUnbuilt(const std::string& name, const std::vector<ExprPtr>& arguments,
                     const SqlPlace& place) {
  for (const ExprPtr& argument : arguments) {
    if (IsTimeOrInterval(*argument->type) || argument->type->Is(TypeKind::kDecimal)) {
      return NotSupportedYet(name + " of " + argument->type->Sql(), place);
    }
  }
  return Status::OK();
}

/// The type both operands are cast to.
Result<TypePtr> OperandType(const std::string& name, const std::vector<ExprPtr>& arguments,
                            const BindSettings& settings, const SqlPlace& place) {
  TypePtr type = ArithmeticType(arguments[0]->type, arguments[1]->type, settings.ansi);
  const bool strings =
      arguments[0]->type->Is(TypeKind::kString) && arguments[1]->type->Is(TypeKind::kString);
  if (strings && !settings.ansi) type = DoubleType();
  if (type == nullptr) return DifferentOperandTypes(name, arguments, place);
  if (type->Is(TypeKind::kNull)) type = DoubleType();
  if (!type->IsNumeric()) return WrongOperandType(name, arguments, "\"NUMERIC\"", place);
  if (name == "/") return DoubleType();
  if (name != "div") return type;
  if (type->IsIntegral()) return BigintType();
  const bool same = arguments[0]->type->kind() == arguments[1]->type->kind();
  if (!same) return DifferentOperandTypes(name, arguments, place);
  return WrongOperandType(name, arguments, "(\"BIGINT\" or \"DECIMAL\" or \"INTERVAL\")", place);
}

KernelSpec MakeSpec(const std::string& name, const TypePtr& type, size_t argument_count,
                    const BindSettings& settings) {
  KernelSpec spec;
  spec.signature.name = name;
  spec.signature.argument_types.assign(argument_count, type);
  spec.signature.result_type = type;
  const bool can_fail = type->IsIntegral() || IsDivision(name);
  if (can_fail) spec.signature.parameters = settings.ansi ? "ansi" : "legacy";
  spec.traits.total = !can_fail;
  return spec;
}

Result<ExprPtr> BindSign(const std::string& name, std::vector<ExprPtr> arguments,
                         const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 1) return WrongArgumentCount(name, "1", arguments.size(), place);
  THALWEG_RETURN_NOT_OK(RefuseUnbuilt(name, arguments, place));
  TypePtr type = arguments[0]->type;
  if (type->Is(TypeKind::kString) || type->Is(TypeKind::kNull)) type = DoubleType();
  if (!type->IsNumeric()) {
    return UnexpectedArgumentType(name, arguments, 0, "(\"NUMERIC\" or \"INTERVAL\")", place);
  }
  THALWEG_RETURN_NOT_OK(CoerceAll(&arguments, type, settings));
  if (name == "positive" || name == "+") return arguments[0];
  KernelSpec spec = MakeSpec(name, type, 1, settings);
  spec.kernel =
      type->IsIntegral() ? IntegralNegate(type->physical()) : FloatingNegate(type->physical());
  spec.on_failure = settings.ansi ? OnFailure::kRaise : OnFailure::kIgnore;
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(arguments), place);
}

Result<ExprPtr> BindOperator(const Operator& op, const std::string& name,
                             std::vector<ExprPtr> arguments, const BindSettings& settings,
                             const SqlPlace& place) {
  if (arguments.size() == 1 && (name == "+" || name == "-")) {
    return BindSign(name, std::move(arguments), settings, place);
  }
  if (arguments.size() != 2) return WrongArgumentCount(name, "2", arguments.size(), place);
  THALWEG_RETURN_NOT_OK(RefuseUnbuilt(name, arguments, place));
  THALWEG_ASSIGN_OR_RETURN(const TypePtr type, OperandType(name, arguments, settings, place));
  THALWEG_RETURN_NOT_OK(CoerceAll(&arguments, type, settings));
  KernelSpec spec = MakeSpec(name, type, 2, settings);
  spec.kernel = type->IsIntegral() ? op.integral(type->physical()) : op.floating(type->physical());
  spec.on_failure = settings.ansi ? OnFailure::kRaise : op.legacy;
  if (IsDivision(name)) {
    spec.last_argument_first = true;
    spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  }
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(arguments), place);
}

}  // namespace

void RegisterArithmetic(FunctionRegistry* registry) {
  for (const Operator& op : kOperators) {
    registry->Register({op.name, FunctionKind::kScalar,
                        [&op](const std::string& name, std::vector<ExprPtr> arguments,
                              const BindSettings& settings, const SqlPlace& place) {
                          return BindOperator(op, name, std::move(arguments), settings, place);
                        }});
  }
  registry->Register({"negative", FunctionKind::kScalar, BindSign});
  registry->Register({"positive", FunctionKind::kScalar, BindSign});
}

}  // namespace thalweg
