// raise_error and assert_true: the errors that a query raises itself; typeof: the name of a type.
// The results are VOID, so that they may stand in any branch.
#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/kernel_loops.h"
#include "functions/signature.h"
#include "plan/relation.h"
#include "plan/sql_text.h"

namespace thalweg {
namespace {

Status RaiseKernel(const KernelCall& call, Vector*) {
  const Vector& message = *call.arguments[0];
  const int row = call.rows[0];  // the lowest
  if (!call.errors->Wants(row)) return Status::OK();
  const bool null = message.IsNull(row);
  call.errors->Report(
      row, Status::User(
               "USER_RAISED_EXCEPTION",
               {{"errorMessage", null ? "null" : std::string(message.Get<StringView>(row).view())}},
               call.place));
  return Status::OK();
}

Result<ExprPtr> MakeRaise(ExprPtr message, const BindSettings& settings, const SqlPlace& place) {
  THALWEG_ASSIGN_OR_RETURN(message, CoerceTo(message, StringType(), settings));
  KernelSpec spec;
  spec.signature = {"raise_error", {StringType()}, NullType(), "", true};
  spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  spec.sees_nulls = true;
  spec.kernel = RaiseKernel;
  return MakeCall(MakeKernelFunction(std::move(spec)), {std::move(message)}, place);
}

Result<ExprPtr> BindRaise(const std::string& name, std::vector<ExprPtr> arguments,
                          const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() == 2) return NotSupportedYet("raise_error with an error class", place);
  if (arguments.size() != 1) return WrongArgumentCount(name, "[1, 2]", arguments.size(), place);
  if (!CastsImplicitly(*arguments[0]->type, 'S')) {
    return UnexpectedArgumentType(name, arguments, 0, "\"STRING\"", place);
  }
  return MakeRaise(std::move(arguments[0]), settings, place);
}

/// assert_true(c) = if(c, NULL, raise_error("'c' is not true!"))
Result<ExprPtr> BindAssert(const std::string& name, std::vector<ExprPtr> arguments,
                           const BindSettings& settings, const SqlPlace& place) {
  if (arguments.empty() || arguments.size() > 2) {
    return WrongArgumentCount(name, "[1, 2]", arguments.size(), place);
  }
  const DataType& type = *arguments[0]->type;
  if (!type.Is(TypeKind::kBoolean) && !type.Is(TypeKind::kNull)) {
    return UnexpectedArgumentType(name, arguments, 0, "\"BOOLEAN\"", place);
  }
  ExprPtr message =
      arguments.size() == 2
          ? arguments[1]
          : MakeLiteral(Value::String("'" + PrettySql(arguments[0]) + "' is not true!"));
  THALWEG_ASSIGN_OR_RETURN(ExprPtr raise, MakeRaise(std::move(message), settings, place));
  return FunctionRegistry::BuiltIn().Bind(
      "if", {arguments[0], MakeLiteral(Value(NullType())), std::move(raise)}, settings, place);
}

/// Never looks at its argument: typeof(1 / 0) has a value.
class TypeOfFunction final : public ScalarFunction {
 public:
  TypeOfFunction(FunctionSignature signature, ScalarTraits traits)
      : ScalarFunction(std::move(signature), traits), name_(argument_types()[0]->Simple()) {}

  Status Evaluate(EvalCall& call, Vector* out) const override {
    out->ResetConstant(StringType(), call.physical_rows());
    out->SetString(0, name_);
    return Status::OK();
  }

 private:
  const std::string name_;
};

Result<ExprPtr> BindTypeOf(const std::string& name, std::vector<ExprPtr> arguments,
                           const BindSettings&, const SqlPlace& place) {
  if (arguments.size() != 1) return WrongArgumentCount(name, "1", arguments.size(), place);
  FunctionSignature signature{name, {arguments[0]->type}, StringType(), "", true};
  ScalarTraits traits;
  traits.nullability = ScalarTraits::Nullability::kNever;
  auto function = std::make_shared<TypeOfFunction>(std::move(signature), traits);
  return MakeCall(std::move(function), std::move(arguments), place);
}

}  // namespace

void RegisterAssertions(FunctionRegistry* registry) {
  registry->Register({"raise_error", FunctionKind::kScalar, BindRaise});
  registry->Register({"assert_true", FunctionKind::kScalar, BindAssert});
  registry->Register({"typeof", FunctionKind::kScalar, BindTypeOf});
}

}  // namespace thalweg
