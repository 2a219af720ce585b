// Functions of the user as scalar functions of the session.
#include "thalweg/udf.h"

#include <algorithm>

#include "api/library/access.h"
#include "api/library/user_code.h"
#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/kernel.h"

namespace thalweg {
namespace api {
namespace {

struct UdfContext final : KernelContext {
  std::string name;
  Udf typed;           // or
  UntypedUdf untyped;  // where it has no loop
  TypePtr result;
};

/// Reused from batch to batch.
struct UdfState final : FunctionState {
  std::vector<UdfCall::Argument> arguments;
  std::vector<std::vector<std::string_view>> texts;  // by argument
  std::vector<std::string> results;
};

std::unique_ptr<FunctionState> NewUdfState() {
  return std::make_unique<UdfState>();
}

thalweg::Status FailedUdf(const UdfContext& udf, const Status& error, const SqlPlace& place) {
  return thalweg::Status::User(
      "FAILED_EXECUTE_UDF", {{"functionName", "`" + udf.name + "`"}, {"reason", error.message()}},
      place);
}

/// Texts as the lambda takes them; NULL rows keep what was there.
const void* TextsOf(const Vector& vector, const Selection& rows,
                    std::vector<std::string_view>* texts) {
  texts->resize(static_cast<size_t>(std::max(vector.is_constant() ? 1 : vector.size(), 1)));
  const auto take = [&](int row) {
    if (!vector.IsNull(row)) (*texts)[row] = vector.values<StringView>()[row].view();
  };
  if (vector.is_constant()) {
    // A short text lies in the value itself, which stays where it is.
    take(0);
  } else {
    ForEachRow(rows, take);
  }
  return texts->data();
}

thalweg::Status RunTyped(const KernelCall& kernel, Vector* out) {
  const auto& udf = *static_cast<const UdfContext*>(kernel.context);
  auto* state = static_cast<UdfState*>(kernel.state);
  const size_t width = udf.typed.arguments.size();
  state->arguments.resize(width);
  state->texts.resize(width);
  for (size_t i = 0; i < width; ++i) {
    const Vector& vector = *kernel.arguments[i];
    UdfCall::Argument& argument = state->arguments[i];
    argument.is_constant = vector.is_constant();
    argument.validity = vector.validity();
    argument.values = vector.physical() == PhysicalKind::kString
                          ? TextsOf(vector, kernel.rows, &state->texts[i])
                          : vector.values<uint8_t>();
  }
  const bool text = out->physical() == PhysicalKind::kString;
  if (text) state->results.assign(static_cast<size_t>(kernel.physical_rows), std::string());
  UdfCall call;
  call.count = kernel.rows.count;
  call.rows = kernel.rows.rows;
  call.arguments = state->arguments.data();
  call.results = text ? static_cast<void*>(state->results.data()) : out->mutable_values<uint8_t>();
  call.result_validity = out->mutable_validity();
  call.fail = [&](int row, const Status& error) {
    if (kernel.errors->Wants(row)) kernel.errors->Report(row, FailedUdf(udf, error, kernel.place));
  };
  const Status thrown = CallUser([&] {
    udf.typed.loop(call);
    return Status::OK();
  });
  // Rows after the one that threw have no values, and its error is the first of all that are left.
  if (!thrown.ok()) call.fail(call.row, thrown);
  if (!text) return thalweg::Status::OK();
  ForEachRow(kernel.rows, [&](int row) {
    if (!out->IsNull(row)) out->SetString(row, state->results[static_cast<size_t>(row)]);
  });
  return thalweg::Status::OK();
}

// Row by row, also those that nobody asked for: values of lists lie one behind the other.
thalweg::Status RunUntyped(const KernelCall& kernel, Vector* out) {
  const auto& udf = *static_cast<const UdfContext*>(kernel.context);
  out->ResetFlat(udf.result, 0);
  out->Reserve(kernel.physical_rows);
  int next = 0;
  std::vector<Value> arguments(udf.untyped.arguments.size());
  ForEachRow(kernel.rows, [&](int row) {
    AppendNulls(row - next, out);
    next = row + 1;
    for (size_t i = 0; i < arguments.size(); ++i) {
      arguments[i] = Access::Wrap(GetValue(*kernel.arguments[i], row));
    }
    const Result<Value> result = CallUser([&] { return udf.untyped.function(arguments); });
    thalweg::Result<thalweg::Value> typed = thalweg::Value(udf.result);
    if (result.ok()) typed = Access::Typed(*result, udf.result);
    const Status error = result.ok() ? Access::Wrap(typed.status()) : result.status();
    if (!error.ok()) {
      if (kernel.errors->Wants(row)) {
        kernel.errors->Report(row, FailedUdf(udf, error, kernel.place));
      }
      typed = thalweg::Value(udf.result);
    }
    AppendValue(*typed, out);
  });
  AppendNulls(kernel.physical_rows - next, out);
  return thalweg::Status::OK();
}

/// What SQL gives may be cast to what the function takes, where Spark would do it by itself.
thalweg::Result<std::vector<ExprPtr>> Coerce(const FunctionSignature& signature,
                                             std::vector<ExprPtr> arguments,
                                             const BindSettings& settings, const SqlPlace& place) {
  const std::vector<TypePtr>& types = signature.argument_types;
  if (arguments.size() != types.size()) {
    return WrongArgumentCount(signature.name, std::to_string(types.size()), arguments.size(),
                              place);
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    const TypePtr& given = arguments[i]->type;
    if (given->SameIgnoringNullability(*types[i])) continue;
    const TypePtr wider = WiderType(given, types[i], settings.ansi);
    if (wider == nullptr || !wider->SameIgnoringNullability(*types[i])) {
      return UnexpectedArgumentType(signature.name, arguments, static_cast<int>(i),
                                    QuotedType(*types[i]), place);
    }
    THALWEG_ASSIGN_OR_RETURN(arguments[i], CoerceTo(arguments[i], types[i], settings));
  }
  return arguments;
}

Status Register(const EnginePtr& engine, std::shared_ptr<UdfContext> context,
                const std::vector<DataType>& arguments, const UdfOptions& options) {
  KernelSpec spec;
  spec.signature.name = context->name;
  for (const DataType& type : arguments) {
    spec.signature.argument_types.push_back(Access::TypeOf(type));
  }
  spec.signature.result_type = context->result;
  spec.signature.parameters = "udf version=" + options.version;
  spec.signature.deterministic = options.deterministic;
  spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  spec.kernel = context->typed.loop ? RunTyped : RunUntyped;
  spec.sees_nulls = true;
  spec.new_state = NewUdfState;
  spec.context = std::move(context);
  const ScalarFunctionPtr function = MakeKernelFunction(spec);
  FunctionDefinition definition;
  for (const char c : spec.signature.name) {
    definition.name += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  definition.bind = [function, signature = spec.signature](
                        const std::string&, std::vector<ExprPtr> given,
                        const BindSettings& settings,
                        const SqlPlace& place) -> thalweg::Result<ExprPtr> {
    THALWEG_ASSIGN_OR_RETURN(given, Coerce(signature, std::move(given), settings, place));
    return MakeCall(function, std::move(given), place);
  };
  std::lock_guard lock(engine->mutex);
  engine->session->functions().Register(std::move(definition));
  return Status::OK();
}

Status CheckName(std::string_view name) {
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
  if (plain) return Status::OK();
  return Access::Wrap(thalweg::Status::User("THALWEG_INVALID_OPTION",
                                            {{"option", "the name of a function"},
                                             {"value", std::string(name)},
                                             {"wanted", "letters, digits and underscores"}}));
}

}  // namespace

Status Session::RegisterUdf(std::string_view name, Udf function, const UdfOptions& options) const {
  const Status named = CheckName(name);
  if (!named.ok()) return named;
  auto context = std::make_shared<UdfContext>();
  context->name = name;
  context->result = Access::TypeOf(function.result);
  const std::vector<DataType> arguments = function.arguments;
  context->typed = std::move(function);
  return Register(engine_, std::move(context), arguments, options);
}

Status Session::RegisterUdf(std::string_view name, UntypedUdf function,
                            const UdfOptions& options) const {
  const Status named = CheckName(name);
  if (!named.ok()) return named;
  auto context = std::make_shared<UdfContext>();
  context->name = name;
  context->result = Access::TypeOf(function.result);
  const std::vector<DataType> arguments = function.arguments;
  context->untyped = std::move(function);
  return Register(engine_, std::move(context), arguments, options);
}

}  // namespace api
}  // namespace thalweg
