// The arithmetic family: binding of + - * / div % mod and their try_ forms.
#include "functions/arithmetic.h"

#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/families.h"

namespace thalweg {
namespace {

struct Operator {
  const char* name;
  const char* op;
  Kernel (*integral)(PhysicalKind);
  Kernel (*floating)(PhysicalKind);
  /// What legacy mode makes of a row that ANSI mode raises for.
  OnFailure legacy;
  bool tries = false;
};

constexpr Operator kOperators[] = {
    {"+", "+", IntegralAdd, FloatingAdd, OnFailure::kIgnore},
    {"-", "-", IntegralSubtract, FloatingSubtract, OnFailure::kIgnore},
    {"*", "*", IntegralMultiply, FloatingMultiply, OnFailure::kIgnore},
    {"/", "/", Divide, Divide, OnFailure::kNull},
    {"div", "div", IntegralDivide, IntegralDivide, OnFailure::kNull},
    {"%", "%", Remainder, Remainder, OnFailure::kNull},
    {"mod", "%", Remainder, Remainder, OnFailure::kNull},
    {"try_add", "+", IntegralAdd, FloatingAdd, OnFailure::kNull, true},
    {"try_subtract", "-", IntegralSubtract, FloatingSubtract, OnFailure::kNull, true},
    {"try_multiply", "*", IntegralMultiply, FloatingMultiply, OnFailure::kNull, true},
    {"try_divide", "/", Divide, Divide, OnFailure::kNull, true},
    {"try_mod", "%", Remainder, Remainder, OnFailure::kNull, true},
};

bool IsDivision(const std::string& op) {
  return op == "/" || op == "div" || op == "%";
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

/// The type both operands are cast to.
Result<TypePtr> OperandType(const ArithmeticCall& call) {
  const DataType& left = *call.arguments[0]->type;
  const DataType& right = *call.arguments[1]->type;
  TypePtr type =
      ArithmeticType(call.arguments[0]->type, call.arguments[1]->type, call.settings.ansi);
  const bool strings = left.Is(TypeKind::kString) && right.Is(TypeKind::kString);
  if (strings && !call.settings.ansi) type = DoubleType();
  if (type == nullptr) return DifferentOperandTypes(call.op, call.arguments, call.place);
  if (type->Is(TypeKind::kNull)) type = DoubleType();
  if (!type->IsNumeric()) {
    return WrongOperandType(call.op, call.arguments, "\"NUMERIC\"", call.place);
  }
  if (type->Is(TypeKind::kDecimal)) return type;
  if (call.op == "/") return DoubleType();
  if (call.op != "div") return type;
  if (type->IsIntegral()) return BigintType();
  if (left.kind() != right.kind()) {
    return DifferentOperandTypes(call.op, call.arguments, call.place);
  }
  return WrongOperandType(call.op, call.arguments, "(\"BIGINT\" or \"DECIMAL\" or \"INTERVAL\")",
                          call.place);
}

Result<ExprPtr> BindNumeric(const Operator& op, ArithmeticCall call, const TypePtr& type) {
  for (ExprPtr& argument : call.arguments) {
    THALWEG_ASSIGN_OR_RETURN(argument, CoerceOperand(call, argument, type));
  }
  KernelSpec spec;
  const bool can_fail = type->IsIntegral() || IsDivision(call.op);
  spec.signature = {call.name, {type, type}, type, can_fail ? ModeName(call.mode) : "", true};
  spec.traits.total = !can_fail;
  spec.kernel = type->IsIntegral() ? op.integral(type->physical()) : op.floating(type->physical());
  spec.on_failure = FailureOf(call.mode, op.legacy);
  spec.last_argument_first = IsDivision(call.op);
  if (IsDivision(call.op) || op.tries) {
    spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  }
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(call.arguments), call.place);
}

Result<ExprPtr> BindOperator(const Operator& op, ArithmeticCall call) {
  const size_t count = call.arguments.size();
  if (count == 1 && (call.name == "+" || call.name == "-")) {
    const char* sign = call.name == "+" ? "positive" : "negative";
    return FunctionRegistry::BuiltIn().Bind(sign, std::move(call.arguments), call.settings,
                                            call.place);
  }
  if (count != 2) return WrongArgumentCount(call.name, "2", count, call.place);
  if (IsTimeOrInterval(*call.arguments[0]->type) || IsTimeOrInterval(*call.arguments[1]->type)) {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr bound, BindTimeArithmetic(call));
    if (bound != nullptr) return bound;
  }
  THALWEG_RETURN_NOT_OK(CoerceDecimals(&call.arguments, call.settings));
  THALWEG_ASSIGN_OR_RETURN(const TypePtr type, OperandType(call));
  if (!type->Is(TypeKind::kDecimal)) return BindNumeric(op, std::move(call), type);
  for (ExprPtr& argument : call.arguments) {  // NULL beside a DECIMAL
    if (argument->type->Is(TypeKind::kDecimal)) continue;
    THALWEG_ASSIGN_OR_RETURN(argument, CoerceOperand(call, argument, type));
  }
  return BindDecimalArithmetic(std::move(call));
}

}  // namespace

Result<ExprPtr> CoerceOperand(const ArithmeticCall& call, const ExprPtr& expr,
                              const TypePtr& type) {
  if (expr->type->SameIgnoringNullability(*type)) return expr;
  return BindCast(expr, {type, call.mode, /*implicit=*/true, expr->place}, call.settings);
}

const char* ModeName(CastMode mode) {
  static constexpr const char* kNames[] = {"ansi", "legacy", "try"};
  return kNames[static_cast<int>(mode)];
}

OnFailure FailureOf(CastMode mode, OnFailure legacy) {
  if (mode == CastMode::kAnsi) return OnFailure::kRaise;
  return mode == CastMode::kTry ? OnFailure::kNull : legacy;
}

void RegisterArithmetic(FunctionRegistry* registry) {
  for (const Operator& op : kOperators) {
    registry->Register(
        {op.name, FunctionKind::kScalar,
         [&op](const std::string& name, std::vector<ExprPtr> arguments,
               const BindSettings& settings, const SqlPlace& place) {
           const CastMode mode = op.tries        ? CastMode::kTry
                                 : settings.ansi ? CastMode::kAnsi
                                                 : CastMode::kLegacy;
           return BindOperator(op, {name, op.op, std::move(arguments), mode, settings, place});
         }});
  }
  RegisterSigns(registry);
}

}  // namespace thalweg
