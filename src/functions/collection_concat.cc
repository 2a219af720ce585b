// Arrays of arrays and of copies: concat of arrays, flatten, arrays_zip, array_repeat, array_join.
#include <algorithm>

#include "functions/coercion.h"
#include "functions/collection_binding.h"
#include "functions/families.h"

namespace thalweg {
namespace {

Status ConcatKernel(const KernelCall& call, Vector* out) {
  const int arity = ArityOf(call);
  ListWriter writer(call.physical_rows, out);
  ForEachValidRow(call, [&](int r) {
    writer.Begin(r);
    for (int i = 0; i < arity; ++i) {
      const ListSpan span = SpanOf(*call.arguments[i], r);
      writer.elements().AddRange(span.child(), span.begin, span.count());
    }
  });
  return writer.Finish();
}

/// NULL where one of the inner arrays is.
Status FlattenKernel(const KernelCall& call, Vector* out) {
  ListWriter writer(call.physical_rows, out);
  ForEachValidRow(call, [&](int r) {
    const ListSpan outer = SpanOf(*call.arguments[0], r);
    for (int i = outer.begin; i < outer.end; ++i) {
      if (outer.child().IsNull(i)) return out->SetNull(r);
    }
    writer.Begin(r);
    for (int i = outer.begin; i < outer.end; ++i) {
      const ListSpan inner = SpanOf(outer.child(), i);
      writer.elements().AddRange(inner.child(), inner.begin, inner.count());
    }
  });
  return writer.Finish();
}

/// One struct for each position of the longest array, with NULL where an array is shorter.
Status ZipKernel(const KernelCall& call, Vector* out) {
  const int arity = ArityOf(call);
  Vector& structs = out->mutable_child(0);
  std::vector<ValueAppender> fields;
  for (int i = 0; i < arity; ++i) fields.emplace_back(&structs.mutable_child(i));
  int32_t* offsets = out->mutable_offsets();
  int next = 0;
  int64_t size = 0;
  ForEachValidRow(call, [&](int r) {
    for (; next <= r; ++next) offsets[next] = static_cast<int32_t>(size);
    int longest = 0;
    for (int i = 0; i < arity; ++i) {
      longest = std::max(longest, SpanOf(*call.arguments[i], r).count());
    }
    for (int i = 0; i < arity; ++i) {
      const ListSpan span = SpanOf(*call.arguments[i], r);
      fields[i].AddRange(span.child(), span.begin, span.count());
      fields[i].AddNulls(longest - span.count());
    }
    size += longest;
  });
  if (size > kArrayLengthMax) return NotSupportedYet("arrays_zip of so many elements");
  for (; next <= call.physical_rows; ++next) offsets[next] = static_cast<int32_t>(size);
  for (ValueAppender& field : fields) field.Flush();
  structs.Reserve(static_cast<int>(size));
  structs.SetSize(static_cast<int>(size));
  return Status::OK();
}

Status RepeatKernel(const KernelCall& call, Vector* out) {
  const Vector& counts = *call.arguments[1];
  ListWriter writer(call.physical_rows, out);
  ForEachRow(call.rows, [&](int r) {
    if (counts.IsNull(r)) return out->SetNull(r);
    const int32_t count = counts.Get<int32_t>(r);
    if (count > kArrayLengthMax) {
      return call.errors->Report(r, ArrayTooLong("array_repeat", "count", count, call.place));
    }
    writer.Begin(r);
    for (int i = 0; i < count && !writer.elements().overflowed(); ++i) {
      writer.elements().Add(*call.arguments[0], r);
    }
  });
  return writer.Finish();
}

/// array_join(array, delimiter [, nullReplacement]): NULLs are left out without a replacement.
Status JoinKernel(const KernelCall& call, Vector* out) {
  const bool replaces = ArityOf(call) == 3;
  std::string text;
  ForEachValidRow(call, [&](int r) {
    const ListSpan span = SpanOf(*call.arguments[0], r);
    const StringView delimiter = call.arguments[1]->Get<StringView>(r);
    text.clear();
    bool first = true;
    for (int i = span.begin; i < span.end; ++i) {
      const bool null = span.child().IsNull(i);
      if (null && !replaces) continue;
      const StringView part =
          null ? call.arguments[2]->Get<StringView>(r) : span.child().Get<StringView>(i);
      if (!first) text += delimiter.view();
      text += part.view();
      first = false;
    }
    out->SetString(r, text);
  });
  return Status::OK();
}

/// What arrays_zip calls the field of an argument: its name, or its position.
std::string FieldName(const ExprPtr& argument, size_t position) {
  if (const auto* column = As<Attribute>(argument)) return column->column;
  if (const auto* alias = As<Alias>(argument)) return alias->names[0];
  if (const auto* variable = As<LambdaVariable>(argument)) return variable->variable;
  if (const auto* call = As<Call>(argument); call && call->function->name() == "$extract") {
    const bool field = call->arguments[0]->type->Is(TypeKind::kStruct);
    if (field) return As<Literal>(call->arguments[1])->value.text();
  }
  return std::to_string(position);
}

Result<ExprPtr> BindZip(Binding b) {
  std::vector<StructField> fields;
  for (int i = 0; i < b.count(); ++i) {
    std::string name = FieldName(b.arguments[i], i);
    THALWEG_RETURN_NOT_OK(b.WantArray(i));
    fields.push_back({std::move(name), b.type(i)->element(), true});
  }
  KernelSpec spec;
  spec.kernel = ZipKernel;
  spec.context = std::make_shared<ArityContext>(b.arguments.size());
  return b.MakeKernelCall(std::move(spec), ArrayType(StructType(std::move(fields)), false));
}

Result<ExprPtr> BindFlatten(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 1));
  const bool nested = b.Is(0, TypeKind::kArray) && b.type(0)->element()->Is(TypeKind::kArray);
  if (!nested) return b.Unexpected(0, "ARRAY of ARRAY");
  const TypePtr outer = b.type(0);
  KernelSpec spec;
  spec.kernel = FlattenKernel;
  spec.traits = NullableIf(b.nullable(0) || outer->contains_null());
  return b.MakeKernelCall(std::move(spec), outer->element());
}

Result<ExprPtr> BindRepeat(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  THALWEG_RETURN_NOT_OK(b.WantExactly(1, IntType()));
  KernelSpec spec;
  spec.kernel = RepeatKernel;
  spec.sees_nulls = true;
  spec.traits = NullableIf(b.nullable(1));
  TypePtr type = ArrayType(b.type(0), b.nullable(0));
  return b.MakeKernelCall(std::move(spec), std::move(type));
}

Result<ExprPtr> BindJoin(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 3));
  THALWEG_RETURN_NOT_OK(b.WantArray(0));
  const DataType& element = *b.type(0)->element();
  const bool nested = element.Is(TypeKind::kVariant) || !element.fields().empty();
  if (nested) return b.Unexpected(0, "ARRAY<STRING>");
  if (!element.Is(TypeKind::kString)) {
    THALWEG_RETURN_NOT_OK(b.Coerce(0, ArrayType(StringType(), b.type(0)->contains_null())));
  }
  for (int i = 1; i < b.count(); ++i) THALWEG_RETURN_NOT_OK(b.WantExactly(i, StringType()));
  if (!b.type(0)->element()->IsBinaryCollated()) {
    return NotSupportedYet("array_join of " + b.type(0)->Sql(), b.place);
  }
  KernelSpec spec;
  spec.kernel = JoinKernel;
  spec.context = std::make_shared<ArityContext>(b.arguments.size());
  return b.MakeKernelCall(std::move(spec), StringType());
}

}  // namespace

Result<ExprPtr> BindConcatArrays(Binding b) {
  std::vector<TypePtr> types;
  for (const ExprPtr& argument : b.arguments) types.push_back(argument->type);
  const TypePtr type = WiderType(types, b.settings.ansi);
  if (type == nullptr) return DifferentArgumentTypes(b.name, b.arguments, b.place);
  THALWEG_RETURN_NOT_OK(CoerceAll(&b.arguments, type, b.settings));
  KernelSpec spec;
  spec.kernel = ConcatKernel;
  spec.context = std::make_shared<ArityContext>(b.arguments.size());
  return b.MakeKernelCall(std::move(spec), type);
}

void RegisterCollectionConcat(FunctionRegistry* registry) {
  RegisterNested(registry, "flatten", BindFlatten);
  RegisterNested(registry, "arrays_zip", BindZip);
  RegisterNested(registry, "array_repeat", BindRepeat);
  RegisterNested(registry, "array_join", BindJoin);
}

}  // namespace thalweg
