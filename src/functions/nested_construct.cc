// Making nested values of single ones: array, named_struct, map.
#include <algorithm>

#include "functions/coercion.h"
#include "functions/families.h"
#include "functions/nested_maps.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

/// Every step-th argument of `arguments` from `first`.
struct Every {
  size_t first;
  size_t step;
  size_t arguments;
};

/// Their values, argument by argument: value k of argument n of these is at n · rows + k.
void Collect(const KernelCall& call, const Every& which, const TypePtr& type, Vector* all) {
  all->ResetFlat(type, 0);
  for (size_t i = which.first; i < which.arguments; i += which.step) {
    AppendValues(*call.arguments[i], call.rows, all);
  }
}

class CountContext final : public KernelContext {
 public:
  CountContext(size_t n, std::shared_ptr<const MapContext> m) : arguments(n), map(std::move(m)) {}
  const size_t arguments;
  const std::shared_ptr<const MapContext> map;
};
const CountContext& CountOf(const KernelCall& call) {
  return *static_cast<const CountContext*>(call.context);
}

Status ArrayKernel(const KernelCall& call, Vector* out) {
  const int count = static_cast<int>(CountOf(call).arguments);
  Vector all;
  Collect(call, {0, 1, CountOf(call).arguments}, out->type()->element(), &all);
  const int rows = call.rows.count;
  std::vector<int32_t> positions;
  positions.reserve(static_cast<size_t>(rows) * count);
  int32_t* offsets = out->mutable_offsets();
  int next = 0;
  for (int k = 0; k < rows; ++k) {
    for (; next <= call.rows[k]; ++next) offsets[next] = static_cast<int32_t>(positions.size());
    for (int i = 0; i < count; ++i) positions.push_back(i * rows + k);
  }
  for (; next <= call.physical_rows; ++next) offsets[next] = static_cast<int32_t>(positions.size());
  AppendValuesAt(all, positions.data(), static_cast<int>(positions.size()), &out->mutable_child(0));
  return Status::OK();
}

Status MapKernel(const KernelCall& call, Vector* out) {
  const CountContext& context = CountOf(call);
  const TypePtr type = out->type();
  Vector keys, values;
  Collect(call, {0, 2, context.arguments}, type->key(), &keys);
  Collect(call, {1, 2, context.arguments}, type->value(), &values);
  MapWriter writer(*context.map, keys, values, call.errors, call.place);
  writer.Start(call.physical_rows, out);
  std::vector<MapEntry> entries;
  const int rows = call.rows.count;
  for (int k = 0; k < rows; ++k) {
    entries.clear();
    for (size_t i = 0; i < context.arguments / 2; ++i) {
      const int32_t at = static_cast<int32_t>(i) * rows + k;
      entries.push_back({at, at});
    }
    writer.Add(call.rows[k], &entries);
  }
  return writer.Finish();
}

/// Names and values alternate; only the values are evaluated. Columns are shared, not copied.
class StructFunction final : public ScalarFunction {
 public:
  using ScalarFunction::ScalarFunction;
  Status Evaluate(EvalCall& call, Vector* out) const override {
    out->ResetFlat(result_type(), call.physical_rows());
    for (int i = 1; i < call.argument_count(); i += 2) {
      THALWEG_ASSIGN_OR_RETURN(const Vector* value, call.Argument(i));
      out->mutable_child(i / 2) = *value;
    }
    return Status::OK();
  }
};

Result<ExprPtr> BindArray(Binding b) {
  std::vector<TypePtr> types;
  bool contains_null = false;
  for (const ExprPtr& argument : b.arguments) {
    types.push_back(argument->type);
    contains_null |= argument->nullable;
  }
  const TypePtr element = WiderType(types, b.settings.ansi);
  if (element == nullptr) return DifferentArgumentTypes(b.name, b.arguments, b.place);
  THALWEG_RETURN_NOT_OK(CoerceAll(&b.arguments, element, b.settings));
  for (const ExprPtr& argument : b.arguments) contains_null |= argument->nullable;
  KernelSpec spec;
  spec.kernel = ArrayKernel;
  spec.sees_nulls = true;
  spec.traits = NullableIf(false);
  spec.traits.total = true;
  spec.context = std::make_shared<CountContext>(b.arguments.size(), nullptr);
  return b.MakeKernelCall(std::move(spec), ArrayType(element, contains_null));
}

/// The common type of every second argument from `first`, to which they are cast.
Result<TypePtr> UnifyAlternate(Binding* b, size_t first, const char* condition) {
  std::vector<TypePtr> types;
  std::string listed;
  for (size_t i = first; i < b->arguments.size(); i += 2) {
    types.push_back(b->arguments[i]->type);
    listed += (listed.empty() ? "" : ", ") + QuotedType(*types.back());
  }
  const TypePtr type = WiderType(types, b->settings.ansi);
  if (type == nullptr) {
    return Status::User(condition,
                        {{"sqlExpr", QuotedCall(b->name, b->arguments)},
                         {"functionName", "`" + b->name + "`"},
                         {"dataType", "[" + listed + "]"}},
                        b->place);
  }
  for (size_t i = first; i < b->arguments.size(); i += 2) {
    THALWEG_RETURN_NOT_OK(b->Coerce(static_cast<int>(i), type));
  }
  return type;
}

Result<ExprPtr> BindMap(Binding b) {
  if (b.count() % 2 != 0)
    return WrongArgumentCount(b.name, "2n (n > 0)", b.arguments.size(), b.place);
  THALWEG_ASSIGN_OR_RETURN(const TypePtr key,
                           UnifyAlternate(&b, 0, "DATATYPE_MISMATCH.CREATE_MAP_KEY_DIFF_TYPES"));
  THALWEG_ASSIGN_OR_RETURN(const TypePtr value,
                           UnifyAlternate(&b, 1, "DATATYPE_MISMATCH.CREATE_MAP_VALUE_DIFF_TYPES"));
  THALWEG_ASSIGN_OR_RETURN(auto map, MakeMapContext(b, *key));
  bool contains_null = false;
  for (int i = 1; i < b.count(); i += 2) contains_null |= b.nullable(i);
  KernelSpec spec;
  spec.kernel = MapKernel;
  spec.sees_nulls = true;
  spec.traits = NullableIf(false);
  spec.signature.parameters = map->last_wins ? "last wins" : "";
  spec.context = std::make_shared<CountContext>(b.arguments.size(), std::move(map));
  return b.MakeKernelCall(std::move(spec), MapType(key, value, contains_null));
}

Result<ExprPtr> BindNamedStruct(Binding b) {
  if (b.count() % 2 != 0)
    return WrongArgumentCount(b.name, "2n (n > 0)", b.arguments.size(), b.place);
  std::vector<StructField> fields;
  FunctionSignature signature{b.name, {}, nullptr, "", true};
  for (int i = 0; i < b.count(); i += 2) {
    const std::optional<Value> name = FoldedValue(b.arguments[i]);
    if (!name || !name->type()->Is(TypeKind::kString)) {
      return Status::User("DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING",
                          {{"sqlExpr", QuotedCall(b.name, b.arguments)},
                           {"inputExprs", "[" + QuotedExpr(b.arguments[i]) + "]"}},
                          b.place);
    }
    if (name->is_null()) {
      return Status::User(
          "DATATYPE_MISMATCH.UNEXPECTED_NULL",
          {{"sqlExpr", QuotedCall(b.name, b.arguments)}, {"exprName", QuotedExpr(b.arguments[i])}},
          b.place);
    }
    b.arguments[i] = MakeLiteral(*name);
    fields.push_back({name->text(), b.type(i + 1), b.nullable(i + 1)});
    signature.argument_types.push_back(b.type(i));
    signature.argument_types.push_back(b.type(i + 1));
  }
  ScalarTraits traits = NullableIf(false);
  traits.total = true;
  signature.result_type = StructType(std::move(fields));
  return MakeCall(std::make_shared<StructFunction>(std::move(signature), traits),
                  std::move(b.arguments), b.place);
}

}  // namespace

void RegisterNestedConstruct(FunctionRegistry* registry) {
  RegisterNested(registry, "array", BindArray);
  RegisterNested(registry, "map", BindMap);
  RegisterNested(registry, "named_struct", BindNamedStruct);
}

}  // namespace thalweg
