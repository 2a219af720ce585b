#include "functions/lambda_functions.h"

#include "functions/coercion.h"

namespace thalweg {
namespace {

std::shared_ptr<Lambda> LambdaOf(ExprPtr body, std::vector<ExprPtr> variables) {
  auto lambda = std::make_shared<Lambda>();
  lambda->place = body->place;
  lambda->type = body->type;
  lambda->nullable = body->nullable;
  lambda->body = std::move(body);
  lambda->variables = std::move(variables);
  return lambda;
}

Result<TypePtr> TypedArgument(const LambdaQuestion& question, size_t i, TypeKind kind) {
  const ExprPtr argument =
      i < question.arguments->size() ? (*question.arguments)[i] : ExprPtr(nullptr);
  if (argument == nullptr) return NoLambdaHere();
  if (argument->type->Is(kind)) return argument->type;
  std::vector<ExprPtr> known;
  int index = 0;
  for (const ExprPtr& other : *question.arguments) {
    if (other == argument) index = static_cast<int>(known.size());
    if (other != nullptr) known.push_back(other);
  }
  return UnexpectedArgumentType(question.function, known, index,
                                kind == TypeKind::kArray ? "\"ARRAY\"" : "\"MAP\"",
                                argument->place);
}

}  // namespace

Status WantLambda(Binding* b, int i) {
  if (As<Lambda>(b->arguments[i]) == nullptr) b->arguments[i] = LambdaOf(b->arguments[i], {});
  return Status::OK();
}

Status WantCondition(Binding* b, int i) {
  THALWEG_RETURN_NOT_OK(WantLambda(b, i));
  const Lambda& lambda = LambdaAt(*b, i);
  if (lambda.type->Is(TypeKind::kBoolean)) return Status::OK();
  if (!lambda.type->Is(TypeKind::kNull)) return b->Unexpected(i, "BOOLEAN");
  THALWEG_ASSIGN_OR_RETURN(ExprPtr body, CoerceTo(lambda.body, BooleanType(), b->settings));
  b->arguments[i] = LambdaOf(std::move(body), lambda.variables);
  return Status::OK();
}

FunctionSignature SignatureOf(const Binding& b, TypePtr result_type) {
  FunctionSignature signature{b.name, {}, std::move(result_type), "", true};
  for (const ExprPtr& argument : b.arguments) signature.argument_types.push_back(argument->type);
  return signature;
}

void RegisterLambda(FunctionRegistry* registry, const char* name, NestedBinder bind,
                    LambdaTyper types) {
  registry->Register({name, FunctionKind::kScalar,
                      [bind](const std::string& bound_name, std::vector<ExprPtr> arguments,
                             const BindSettings& settings, const SqlPlace& place) {
                        return bind({bound_name, std::move(arguments), settings, place});
                      },
                      std::move(types)});
}

Status CheckVariables(const LambdaQuestion& question, size_t min, size_t max) {
  if (question.variables >= min && question.variables <= max) return Status::OK();
  return Status::User("INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH",
                      {{"expectedNumArgs", std::to_string(question.variables)},
                       {"actualNumArgs", std::to_string(max)}});
}

Result<TypePtr> ArrayArgument(const LambdaQuestion& question, size_t i) {
  return TypedArgument(question, i, TypeKind::kArray);
}

Result<TypePtr> MapArgument(const LambdaQuestion& question, size_t i) {
  return TypedArgument(question, i, TypeKind::kMap);
}

Status NoLambdaHere() {
  return Status::User("INVALID_LAMBDA_FUNCTION_CALL.PARAMETER_DOES_NOT_ACCEPT_LAMBDA_FUNCTION");
}

}  // namespace thalweg
