// Looking into arrays and maps: size, cardinality, array_size, array_contains, map_contains_key,
// array_position, array_max, array_min.
#include "functions/coercion.h"
#include "functions/collection_binding.h"
#include "functions/families.h"

namespace thalweg {
namespace {

Status SizeKernel(const KernelCall& call, Vector* out) {
  int32_t* sizes = out->mutable_values<int32_t>();
  ForEachValidRow(call, [&](int r) { sizes[r] = SpanOf(*call.arguments[0], r).count(); });
  return Status::OK();
}

/// Without ANSI the size of NULL is -1.
Status LegacySizeKernel(const KernelCall& call, Vector* out) {
  const Vector& list = *call.arguments[0];
  int32_t* sizes = out->mutable_values<int32_t>();
  ForEachRow(call.rows, [&](int r) { sizes[r] = list.IsNull(r) ? -1 : SpanOf(list, r).count(); });
  return Status::OK();
}

/// Of an array's elements or a map's keys: NULL where a NULL element might be the value.
Status ContainsKernel(const KernelCall& call, Vector* out) {
  const Vector& value = *call.arguments[1];
  const ValueOrder& order = OrderOf(call);
  uint8_t* found = out->mutable_values<uint8_t>();
  ForEachValidRow(call, [&](int r) {
    const ListSpan span = SpanOf(*call.arguments[0], r);
    bool null = false;
    found[r] = 0;
    for (int i = span.begin; i < span.end && found[r] == 0; ++i) {
      if (span.child().IsNull(i)) {
        null = true;
      } else {
        found[r] = order.Compare(span.child(), i, value, r) == 0;
      }
    }
    if (null && found[r] == 0) out->SetNull(r);
  });
  return Status::OK();
}

/// From 1; 0: not there.
Status PositionKernel(const KernelCall& call, Vector* out) {
  const Vector& value = *call.arguments[1];
  const ValueOrder& order = OrderOf(call);
  int64_t* position = out->mutable_values<int64_t>();
  ForEachValidRow(call, [&](int r) {
    const ListSpan span = SpanOf(*call.arguments[0], r);
    position[r] = 0;
    for (int i = span.begin; i < span.end && position[r] == 0; ++i) {
      if (span.child().IsNull(i)) continue;
      if (order.Compare(span.child(), i, value, r) == 0) position[r] = i - span.begin + 1;
    }
  });
  return Status::OK();
}

/// The first of the greatest (kSign = 1) or least (-1) elements; NULLs do not count.
template <int kSign>
Status ExtremeKernel(const KernelCall& call, Vector* out) {
  const Vector& list = *call.arguments[0];
  const ValueOrder& order = OrderOf(call);
  std::vector<int32_t> best(call.physical_rows, -1);
  ForEachValidRow(call, [&](int r) {
    const ListSpan span = SpanOf(list, r);
    for (int i = span.begin; i < span.end; ++i) {
      if (span.child().IsNull(i)) continue;
      const bool better =
          best[r] < 0 || kSign * order.Compare(span.child(), i, span.child(), best[r]) > 0;
      if (better) best[r] = i;
    }
  });
  PickValues(list.child(0), best, out->type(), out);
  return Status::OK();
}

Result<ExprPtr> BindSize(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 1));
  const bool arrays_only = b.name == "array_size";
  if (!b.Is(0, TypeKind::kMap) || arrays_only) {
    const bool fits = b.Is(0, TypeKind::kArray) || b.Is(0, TypeKind::kNull);
    if (!fits && !arrays_only) return b.Unexpected(0, "(\"ARRAY\" or \"MAP\")");
    THALWEG_RETURN_NOT_OK(b.WantArray(0));
  }
  const bool legacy = !arrays_only && !b.settings.ansi;
  KernelSpec spec;
  spec.kernel = legacy ? LegacySizeKernel : SizeKernel;
  spec.sees_nulls = legacy;
  spec.signature.parameters = legacy ? "legacy" : "";
  if (legacy) spec.traits = NullableIf(false);
  spec.traits.total = true;
  return b.MakeKernelCall(std::move(spec), IntType());
}

Result<ExprPtr> BindContains(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  const bool of_map = b.name == "map_contains_key";
  const bool untyped = b.Is(1, TypeKind::kNull) || (!of_map && b.Is(0, TypeKind::kNull));
  if (untyped) return b.NullOfNoType();
  if (of_map) {
    if (!b.Is(0, TypeKind::kMap)) return b.DifferentTypes("MAP_FUNCTION_DIFF_TYPES", "MAP", 1);
    const TypePtr map = b.type(0);
    const TypePtr key = TightestCommonType(map->key(), b.type(1), b.settings.ansi);
    if (key == nullptr) return b.DifferentTypes("MAP_FUNCTION_DIFF_TYPES", "MAP", 1);
    THALWEG_RETURN_NOT_OK(b.Coerce(0, MapType(key, map->value(), map->contains_null())));
    THALWEG_RETURN_NOT_OK(b.Coerce(1, key));
  } else {
    if (!b.Is(0, TypeKind::kArray)) return b.Unexpected(0, "ARRAY");
    THALWEG_RETURN_NOT_OK(UnifyElement(&b, 1));
  }
  KernelSpec spec;
  THALWEG_ASSIGN_OR_RETURN(spec.context, OrderContextFor(b, *b.type(1)));
  spec.kernel = ContainsKernel;
  spec.traits = NullableIf(of_map || b.nullable(0) || b.nullable(1) || b.type(0)->contains_null());
  return b.MakeKernelCall(std::move(spec), BooleanType());
}

Result<ExprPtr> BindPosition(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  if (b.Is(0, TypeKind::kNull)) return b.NullOfNoType();
  if (!b.Is(0, TypeKind::kArray)) return b.Unexpected(0, "ARRAY");
  THALWEG_RETURN_NOT_OK(UnifyElement(&b, 1));
  KernelSpec spec;
  THALWEG_ASSIGN_OR_RETURN(spec.context, OrderContextFor(b, *b.type(1)));
  spec.kernel = PositionKernel;
  return b.MakeKernelCall(std::move(spec), BigintType());
}

Result<ExprPtr> BindExtreme(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 1));
  THALWEG_RETURN_NOT_OK(b.WantArray(0));
  const TypePtr element = b.type(0)->element();
  KernelSpec spec;
  THALWEG_ASSIGN_OR_RETURN(spec.context, OrderContextFor(b, *element));
  spec.kernel = b.name == "array_max" ? ExtremeKernel<1> : ExtremeKernel<-1>;
  spec.traits = NullableIf(true);
  return b.MakeKernelCall(std::move(spec), element);
}

}  // namespace

void RegisterCollectionSearch(FunctionRegistry* registry) {
  RegisterNested(registry, "size", BindSize);
  RegisterNested(registry, "cardinality", BindSize);
  RegisterNested(registry, "array_size", BindSize);
  RegisterNested(registry, "array_contains", BindContains);
  RegisterNested(registry, "map_contains_key", BindContains);
  RegisterNested(registry, "array_position", BindPosition);
  RegisterNested(registry, "array_max", BindExtreme);
  RegisterNested(registry, "array_min", BindExtreme);
}

}  // namespace thalweg
