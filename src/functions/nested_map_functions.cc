// Maps from arrays and back: map_from_arrays, map_from_entries, map_concat, map_keys, map_values,
// map_entries.
#include "functions/coercion.h"
#include "functions/families.h"
#include "functions/nested_maps.h"

namespace thalweg {
namespace {

const MapContext& MapOf(const KernelCall& call) {
  return *static_cast<const MapContext*>(call.context);
}

Status UnequalLengths(int keys, int values, const SqlPlace& place) {
  return Status::Legacy(2128,
                        "a map needs as many keys as values: here are " + std::to_string(keys) +
                            " keys and " + std::to_string(values) + " values",
                        place);
}

Status MapFromArrays(const KernelCall& call, Vector* out) {
  const Vector& keys = *call.arguments[0];
  const Vector& values = *call.arguments[1];
  MapWriter writer(MapOf(call), keys.child(0), values.child(0), call.errors, call.place);
  writer.Start(call.physical_rows, out);
  std::vector<MapEntry> entries;
  ForEachValidRow(call, [&](int r) {
    const ListSpan key = SpanOf(keys, r);
    const ListSpan value = SpanOf(values, r);
    if (key.count() != value.count()) {
      if (call.errors->Wants(r)) {
        call.errors->Report(r, UnequalLengths(key.count(), value.count(), call.place));
      }
      return;
    }
    entries.clear();
    for (int i = 0; i < key.count(); ++i) entries.push_back({key.begin + i, value.begin + i});
    writer.Add(r, &entries);
  });
  return writer.Finish();
}

/// A NULL entry makes the whole map NULL.
Status MapFromEntries(const KernelCall& call, Vector* out) {
  const Vector& list = *call.arguments[0];
  const Vector& structs = list.child(0);
  Vector flat(structs.type());  // so that positions in its children are its rows
  AppendRange(structs, 0, structs.size(), &flat);
  MapWriter writer(MapOf(call), flat.child(0), flat.child(1), call.errors, call.place);
  writer.Start(call.physical_rows, out);
  std::vector<MapEntry> entries;
  ForEachValidRow(call, [&](int r) {
    const ListSpan span = SpanOf(list, r);
    entries.clear();
    bool null = false;
    for (int i = span.begin; i < span.end; ++i) {
      null |= flat.IsNull(i);
      entries.push_back({i, i});
    }
    if (null) {
      out->SetNull(r);
    } else {
      writer.Add(r, &entries);
    }
  });
  return writer.Finish();
}

class ConcatContext final : public KernelContext {
 public:
  ConcatContext(int n, std::shared_ptr<const MapContext> m) : arguments(n), map(std::move(m)) {}
  const int arguments;
  const std::shared_ptr<const MapContext> map;
};

Status MapConcat(const KernelCall& call, Vector* out) {
  const auto& context = *static_cast<const ConcatContext*>(call.context);
  Vector keys(out->type()->key());
  Vector values(out->type()->value());
  ValueAppender key_appender(&keys);
  ValueAppender value_appender(&values);
  std::vector<int> ends;
  ForEachValidRow(call, [&](int r) {
    for (int i = 0; i < context.arguments; ++i) {
      const ListSpan span = SpanOf(*call.arguments[i], r);
      key_appender.AddRange(span.child(0), span.begin, span.count());
      value_appender.AddRange(span.child(1), span.begin, span.count());
    }
    ends.push_back(key_appender.size());
  });
  key_appender.Flush();
  value_appender.Flush();
  MapWriter writer(*context.map, keys, values, call.errors, call.place);
  writer.Start(call.physical_rows, out);
  std::vector<MapEntry> entries;
  int at = 0;
  auto end = ends.begin();
  ForEachValidRow(call, [&](int r) {
    entries.clear();
    for (; at < *end; ++at) entries.push_back({at, at});
    ++end;
    writer.Add(r, &entries);
  });
  return writer.Finish();
}

/// map_keys, map_values: the offsets stay, the child is shared.
template <int kChild>
Status MapChild(const KernelCall& call, Vector* out) {
  const Vector& map = *call.arguments[0];
  std::copy_n(map.offsets(), call.physical_rows + 1, out->mutable_offsets());
  out->mutable_child(0) = map.child(kChild);
  return Status::OK();
}

Status MapEntries(const KernelCall& call, Vector* out) {
  const Vector& map = *call.arguments[0];
  std::copy_n(map.offsets(), call.physical_rows + 1, out->mutable_offsets());
  Vector& entries = out->mutable_child(0);
  const TypePtr type = entries.type();
  entries.ResetFlat(type, map.child(0).size());
  entries.mutable_child(0) = map.child(0);
  entries.mutable_child(1) = map.child(1);
  return Status::OK();
}

Result<ExprPtr> MakeMapCall(Binding b, Kernel kernel, const TypePtr& type, bool nullable) {
  THALWEG_ASSIGN_OR_RETURN(auto context, MakeMapContext(b, *type->key()));
  KernelSpec spec;
  spec.kernel = kernel;
  spec.traits = NullableIf(nullable);
  spec.signature.parameters = context->last_wins ? "last wins" : "";
  spec.context = std::move(context);
  return b.MakeKernelCall(std::move(spec), type);
}

Result<ExprPtr> BindMapFromArrays(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  THALWEG_RETURN_NOT_OK(b.WantArray(0));
  THALWEG_RETURN_NOT_OK(b.WantArray(1));
  const bool nullable = b.nullable(0) || b.nullable(1);
  const TypePtr type =
      MapType(b.type(0)->element(), b.type(1)->element(), b.type(1)->contains_null());
  return MakeMapCall(std::move(b), MapFromArrays, type, nullable);
}

Result<ExprPtr> BindMapFromEntries(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 1));
  const bool entries = b.Is(0, TypeKind::kArray) && b.type(0)->element()->Is(TypeKind::kStruct) &&
                       b.type(0)->element()->fields().size() == 2;
  if (!entries) return b.Unexpected(0, "ARRAY of pair STRUCT");
  const auto& fields = b.type(0)->element()->fields();
  const TypePtr type = MapType(fields[0].type, fields[1].type, fields[1].nullable);
  const bool nullable = b.nullable(0) || b.type(0)->contains_null();
  return MakeMapCall(std::move(b), MapFromEntries, type, nullable);
}

Result<ExprPtr> BindMapConcat(Binding b) {
  std::vector<TypePtr> types;
  std::string listed;
  bool maps = true;
  bool nullable = false;
  for (const ExprPtr& argument : b.arguments) {
    types.push_back(argument->type);
    listed += (listed.empty() ? "" : ", ") + QuotedType(*argument->type);
    maps &= argument->type->Is(TypeKind::kMap);
    nullable |= argument->nullable;
  }
  if (!maps) {
    return Status::User("DATATYPE_MISMATCH.MAP_CONCAT_DIFF_TYPES",
                        {{"sqlExpr", QuotedCall(b.name, b.arguments)},
                         {"functionName", "`" + b.name + "`"},
                         {"dataType", "[" + listed + "]"}},
                        b.place);
  }
  const TypePtr type = types.empty() ? MapType(StringType(), StringType(), false)
                                     : WiderType(types, b.settings.ansi);
  if (type == nullptr) return DifferentArgumentTypes(b.name, b.arguments, b.place);
  THALWEG_RETURN_NOT_OK(CoerceAll(&b.arguments, type, b.settings));
  THALWEG_ASSIGN_OR_RETURN(auto context, MakeMapContext(b, *type->key()));
  KernelSpec spec;
  spec.kernel = MapConcat;
  spec.traits = NullableIf(nullable);
  spec.signature.parameters = context->last_wins ? "last wins" : "";
  spec.context = std::make_shared<ConcatContext>(b.count(), std::move(context));
  return b.MakeKernelCall(std::move(spec), type);
}

Result<ExprPtr> BindMapPart(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 1));
  THALWEG_RETURN_NOT_OK(b.WantMap(0));
  const TypePtr map = b.type(0);
  KernelSpec spec;
  spec.traits.total = true;
  if (b.name == "map_entries") {
    spec.kernel = MapEntries;
    const TypePtr entry =
        StructType({{"key", map->key(), false}, {"value", map->value(), map->contains_null()}});
    return b.MakeKernelCall(std::move(spec), ArrayType(entry, false));
  }
  const bool keys = b.name == "map_keys";
  spec.kernel = keys ? MapChild<0> : MapChild<1>;
  TypePtr type =
      keys ? ArrayType(map->key(), false) : ArrayType(map->value(), map->contains_null());
  return b.MakeKernelCall(std::move(spec), std::move(type));
}

}  // namespace

void RegisterMaps(FunctionRegistry* registry) {
  RegisterNested(registry, "map_from_arrays", BindMapFromArrays);
  RegisterNested(registry, "map_from_entries", BindMapFromEntries);
  RegisterNested(registry, "map_concat", BindMapConcat);
  RegisterNested(registry, "map_keys", BindMapPart);
  RegisterNested(registry, "map_values", BindMapPart);
  RegisterNested(registry, "map_entries", BindMapPart);
}

}  // namespace thalweg
