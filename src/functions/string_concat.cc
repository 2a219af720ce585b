// Functions that put any number of texts together: concat, ||, concat_ws, elt.
#include <algorithm>

#include "functions/coercion.h"
#include "functions/collection_binding.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/kernel_loops.h"
#include "functions/signature.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

/// Bytes of row `row` of a STRING or BINARY argument, flat or constant.
std::string_view TextAt(const Vector& vector, int row) {
  return vector.values<StringView>()[vector.is_constant() ? 0 : row].view();
}

template <int kCount>
Status ConcatKernel(const KernelCall& call, Vector* out) {
  std::string text;
  ForEachRow(call.rows, [&](int row) {
    text.clear();
    if (call.IsValid(row)) {
      for (int i = 0; i < kCount; ++i) text += TextAt(*call.arguments[i], row);
    }
    out->SetString(row, text);
    if (!call.IsValid(row)) out->SetNull(row);
  });
  return Status::OK();
}

/// Many arguments are put together pair by pair.
ExprPtr ConcatPairs(std::vector<ExprPtr> arguments, const TypePtr& type, const SqlPlace& place) {
  const auto call_of = [&](std::vector<ExprPtr> some, Kernel kernel) {
    KernelSpec spec;
    spec.signature.name = "concat";
    spec.signature.argument_types.assign(some.size(), type);
    spec.signature.result_type = type;
    spec.kernel = kernel;
    return MakeCall(MakeKernelFunction(std::move(spec)), std::move(some), place);
  };
  switch (arguments.size()) {
    case 1:
      return arguments[0];
    case 2:
      return call_of(std::move(arguments), ConcatKernel<2>);
    case 3:
      return call_of(std::move(arguments), ConcatKernel<3>);
    case 4:
      return call_of(std::move(arguments), ConcatKernel<4>);
    default: {
      std::vector<ExprPtr> rest(arguments.begin() + 4, arguments.end());
      arguments.resize(4);
      rest.insert(rest.begin(), call_of(std::move(arguments), ConcatKernel<4>));
      return ConcatPairs(std::move(rest), type, place);
    }
  }
}

// BINARY alone stays BINARY; arrays are another function; all else is text.
Result<ExprPtr> BindConcat(const std::string& name, std::vector<ExprPtr> arguments,
                           const BindSettings& settings, const SqlPlace& place) {
  if (arguments.empty()) return MakeLiteral(Value::String(""));
  const auto is = [](TypeKind kind) {
    return [kind](const ExprPtr& argument) {
      return argument->type->Is(kind) || argument->type->Is(TypeKind::kNull);
    };
  };
  const auto all_null = std::all_of(arguments.begin(), arguments.end(), is(TypeKind::kNull));
  if (!all_null && std::all_of(arguments.begin(), arguments.end(), is(TypeKind::kArray))) {
    return BindConcatArrays({name, std::move(arguments), settings, place});
  }
  const bool binary =
      !all_null && std::all_of(arguments.begin(), arguments.end(), is(TypeKind::kBinary));
  const TypePtr type = binary ? BinaryType() : StringType();
  const std::string letters(arguments.size(), binary ? 'B' : 'S');
  for (const ExprPtr& argument : arguments) {
    if (!CastsImplicitly(*argument->type, letters[0])) {
      return DifferentArgumentTypes(name, arguments, place);
    }
  }
  THALWEG_RETURN_NOT_OK(CoerceToLetters(name, letters.c_str(), &arguments, settings, place));
  THALWEG_RETURN_NOT_OK(RefuseCollations(name, arguments, place));
  return ConcatPairs(std::move(arguments), type, place);
}

/// The separator is argument 0; NULL texts and NULL elements are passed over.
class ConcatWithSeparator final : public ScalarFunction {
 public:
  ConcatWithSeparator(FunctionSignature signature, ScalarTraits traits)
      : ScalarFunction(std::move(signature), traits) {}

  Status Evaluate(EvalCall& call, Vector* out) const override {
    std::vector<Vector> arguments(call.argument_count());
    for (int i = 0; i < call.argument_count(); ++i) {
      THALWEG_ASSIGN_OR_RETURN(const Vector* argument, call.Argument(i));
      arguments[i] = *argument;
    }
    out->ResetFlat(result_type(), call.physical_rows());
    std::string text;
    ForEachRow(call.rows(), [&](int row) {
      if (arguments[0].IsNull(row)) {
        out->SetNull(row);
        return;
      }
      text.clear();
      Join(arguments, row, &text);
      out->SetString(row, text);
    });
    return Status::OK();
  }

 private:
  static void Join(const std::vector<Vector>& arguments, int row, std::string* text) {
    const StringView separator = arguments[0].Get<StringView>(row);
    bool first = true;
    const auto add = [&](const Vector& vector, int at) {
      if (vector.IsNull(at)) return;
      if (!first) text->append(separator.view());
      first = false;
      const StringView part = vector.Get<StringView>(at);
      text->append(part.view());
    };
    for (size_t i = 1; i < arguments.size(); ++i) {
      const Vector& argument = arguments[i];
      if (argument.IsNull(row)) continue;
      if (!argument.type()->Is(TypeKind::kArray)) {
        add(argument, row);
        continue;
      }
      const Vector* list = &argument;
      int at = argument.is_constant() ? 0 : row;
      while (list->encoding() == Encoding::kDictionary) {
        at = list->values<int32_t>()[at];
        list = &list->child(0);
      }
      for (int32_t e = list->offsets()[at]; e < list->offsets()[at + 1]; ++e) {
        add(list->child(0), e);
      }
    }
  }
};

Result<ExprPtr> BindConcatWs(const std::string& name, std::vector<ExprPtr> arguments,
                             const BindSettings& settings, const SqlPlace& place) {
  if (arguments.empty()) return WrongArgumentCount(name, "> 0", 0, place);
  FunctionSignature signature;
  signature.name = name;
  signature.result_type = StringType();
  for (size_t i = 0; i < arguments.size(); ++i) {
    const DataType& type = *arguments[i]->type;
    const bool texts = i > 0 && type.Is(TypeKind::kArray) &&
                       type.fields()[0].type->Is(TypeKind::kString) &&
                       type.fields()[0].type->IsBinaryCollated();
    if (!texts && type.Is(TypeKind::kArray)) {
      return NotSupportedYet("concat_ws of " + type.Sql(), place);
    }
    if (!texts && !CastsImplicitly(type, 'S')) {
      return UnexpectedArgumentType(name, arguments, static_cast<int>(i),
                                    i == 0 ? "\"STRING\"" : "(\"ARRAY<STRING>\" or \"STRING\")",
                                    place);
    }
    if (!texts && !type.Is(TypeKind::kString)) {
      THALWEG_ASSIGN_OR_RETURN(arguments[i], CoerceTo(arguments[i], StringType(), settings));
    }
    signature.argument_types.push_back(arguments[i]->type);
  }
  THALWEG_RETURN_NOT_OK(RefuseCollations(name, arguments, place));
  ScalarTraits traits;
  traits.nullability = arguments[0]->nullable ? ScalarTraits::Nullability::kAlways
                                              : ScalarTraits::Nullability::kNever;
  return MakeCall(std::make_shared<ConcatWithSeparator>(std::move(signature), traits),
                  std::move(arguments), place);
}

}  // namespace

void RegisterStringConcat(FunctionRegistry* registry) {
  registry->Register({"concat", FunctionKind::kScalar, BindConcat});
  registry->Register({"||", FunctionKind::kScalar, BindConcat});
  registry->Register({"concat_ws", FunctionKind::kScalar, BindConcatWs});
}

}  // namespace thalweg
