// Taking values out of nested ones: struct.field, arrayOfStructs.field, array[index], map[key] (the
// parser's "$extract"), element_at, try_element_at, get.
#include "functions/coercion.h"
#include "functions/coercion_types.h"
#include "functions/families.h"
#include "functions/nested_binding.h"
#include "functions/nested_lists.h"
#include "functions/vectors.h"

namespace thalweg {
namespace {

/// out &= the validity of the rows of `parent` (flat, as many).
void AndValidity(const Vector& parent, Vector* out) {
  if (!parent.may_have_nulls()) return;
  uint64_t* valid = out->mutable_validity();
  for (int w = 0; w < ValidityWords(parent.size()); ++w) valid[w] &= parent.validity()[w];
}

/// Turns the one row that `vector` has into `rows` equal ones.
void RepeatOne(int rows, Vector* vector) {
  if (vector->encoding() == Encoding::kDictionary) {
    const Vector dictionary = *vector;
    vector->ResetFlat(dictionary.type(), 0);
    AppendRange(dictionary, 0, 1, vector);
  }
  if (vector->is_flat()) {
    vector->RepeatFirst(rows);
  } else {
    vector->SetSize(rows);
  }
}

/// The values of one field, NULL where the struct is.
void FieldValues(const Vector& structs, int field, Vector* out) {
  switch (structs.encoding()) {
    case Encoding::kConstant:
      if (structs.IsNull(0))
        return out->ResetNull(structs.type()->fields()[field].type, structs.size());
      *out = structs.child(field);
      return RepeatOne(structs.size(), out);
    case Encoding::kDictionary: {
      Vector entries;
      FieldValues(structs.child(0), field, &entries);
      std::vector<int32_t> positions(structs.size(), -1);
      for (int r = 0; r < structs.size(); ++r) {
        const int32_t entry = structs.values<int32_t>()[r];
        const bool known = !structs.IsNull(r) && entry >= 0 && entry < entries.size();
        if (known) positions[r] = entry;  // rows that are not selected may hold any index
      }
      return PickValues(entries, positions, entries.type(), out);
    }
    case Encoding::kFlat:
      break;
  }
  *out = structs.child(field);
  if (!structs.may_have_nulls()) return;
  if (out->is_constant()) {
    const Vector constant = *out;
    out->ResetFlat(constant.type(), 0);
    AppendRange(constant, 0, structs.size(), out);
  }
  AndValidity(structs, out);
}

/// struct.field; argument 1 is the name, for printing.
class FieldFunction final : public ScalarFunction {
 public:
  FieldFunction(FunctionSignature signature, ScalarTraits traits, int field)
      : ScalarFunction(std::move(signature), traits), field_(field) {}

  Status Evaluate(EvalCall& call, Vector* out) const override {
    THALWEG_ASSIGN_OR_RETURN(const Vector* structs, call.Argument(0));
    FieldValues(*structs, field_, out);
    return Status::OK();
  }

 private:
  const int field_;
};

class FieldContext final : public KernelContext {
 public:
  explicit FieldContext(int index) : field(index) {}
  const int field;
};

/// Of ARRAY<STRUCT>: the offsets stay.
Status FieldOfElements(const KernelCall& call, Vector* out) {
  const Vector& list = *call.arguments[0];
  std::copy_n(list.offsets(), call.physical_rows + 1, out->mutable_offsets());
  FieldValues(list.child(0), static_cast<const FieldContext*>(call.context)->field,
              &out->mutable_child(0));
  return Status::OK();
}

int64_t IntegerAt(const Vector& vector, int row) {
  switch (vector.physical()) {
    case PhysicalKind::kInt8:
      return vector.Get<int8_t>(row);
    case PhysicalKind::kInt16:
      return vector.Get<int16_t>(row);
    case PhysicalKind::kInt32:
      return vector.Get<int32_t>(row);
    default:
      return vector.Get<int64_t>(row);
  }
}

Status IndexError(const char* condition, int64_t index, int size, const SqlPlace& place) {
  return Status::User(condition,
                      {{"indexValue", std::to_string(index)}, {"arraySize", std::to_string(size)}},
                      place);
}

/// array[index], from 0.
Status ItemKernel(const KernelCall& call, Vector* out) {
  const Vector& list = *call.arguments[0];
  std::vector<int32_t> positions(call.physical_rows, -1);
  ForEachValidRow(call, [&](int r) {
    const ListSpan span = SpanOf(list, r);
    const int64_t index = IntegerAt(*call.arguments[1], r);
    if (index >= 0 && index < span.count()) {
      positions[r] = span.begin + static_cast<int32_t>(index);
    } else if (call.on_failure == OnFailure::kRaise && call.errors->Wants(r)) {
      call.errors->Report(r, IndexError("INVALID_ARRAY_INDEX", index, span.count(), call.place));
    }
  });
  PickValues(list.child(0), positions, out->type(), out);
  return Status::OK();
}

/// element_at(array, index): from 1, or from -1 at the end.
Status ElementAtKernel(const KernelCall& call, Vector* out) {
  const Vector& list = *call.arguments[0];
  std::vector<int32_t> positions(call.physical_rows, -1);
  ForEachValidRow(call, [&](int r) {
    const ListSpan span = SpanOf(list, r);
    const int64_t index = IntegerAt(*call.arguments[1], r);
    const int64_t at = index > 0 ? index - 1 : span.count() + index;
    if (index != 0 && at >= 0 && at < span.count()) {
      positions[r] = span.begin + static_cast<int32_t>(at);
      return;
    }
    const bool raises = index == 0 || call.on_failure == OnFailure::kRaise;
    if (!raises || !call.errors->Wants(r)) return;
    call.errors->Report(r, index == 0 ? Status::User("INVALID_INDEX_OF_ZERO", {}, call.place)
                                      : IndexError("INVALID_ARRAY_INDEX_IN_ELEMENT_AT", index,
                                                   span.count(), call.place));
  });
  PickValues(list.child(0), positions, out->type(), out);
  return Status::OK();
}

Status MapValueKernel(const KernelCall& call, Vector* out) {
  const Vector& map = *call.arguments[0];
  const Vector& key = *call.arguments[1];
  const ValueOrder& order = OrderOf(call);
  std::vector<int32_t> positions(call.physical_rows, -1);
  ForEachValidRow(call, [&](int r) {
    const ListSpan span = SpanOf(map, r);
    for (int k = span.begin; k < span.end && positions[r] < 0; ++k) {
      if (order.Compare(span.child(0), k, key, r) == 0) positions[r] = k;
    }
  });
  PickValues(map.child(1), positions, out->type(), out);
  return Status::OK();
}

Result<int> FindField(const DataType& type, const std::string& field, const Binding& b) {
  int found = -1;
  int count = 0;
  std::string names;
  for (size_t i = 0; i < type.fields().size(); ++i) {
    const std::string& name = type.fields()[i].name;
    names += (i == 0 ? "`" : ", `") + name + "`";
    const bool same = b.settings.case_sensitive ? name == field : EqualIgnoringCase(name, field);
    if (!same) continue;
    if (count++ == 0) found = static_cast<int>(i);
  }
  if (count == 1) return found;
  const std::string quoted = "`" + field + "`";
  if (count == 0) {
    return Status::User("FIELD_NOT_FOUND", {{"fieldName", quoted}, {"fields", names}}, b.place);
  }
  return Status::User("AMBIGUOUS_REFERENCE_TO_FIELDS",
                      {{"field", quoted}, {"count", std::to_string(count)}}, b.place);
}

Result<ExprPtr> BindField(Binding b, const std::string& field) {
  THALWEG_ASSIGN_OR_RETURN(const int index, FindField(*b.type(0), field, b));
  const StructField& member = b.type(0)->fields()[index];
  ScalarTraits traits = NullableIf(b.nullable(0) || member.nullable);
  traits.total = true;
  FunctionSignature signature{b.name, {b.type(0), b.type(1)}, member.type, "", true};
  signature.parameters = std::to_string(index);
  return MakeCall(std::make_shared<FieldFunction>(std::move(signature), traits, index),
                  std::move(b.arguments), b.place);
}

Result<ExprPtr> BindFieldOfElements(Binding b, const std::string& field) {
  const DataType& element = *b.type(0)->element();
  THALWEG_ASSIGN_OR_RETURN(const int index, FindField(element, field, b));
  const StructField& member = element.fields()[index];
  KernelSpec spec;
  spec.kernel = FieldOfElements;
  spec.traits = NullableIf(b.nullable(0));
  spec.traits.total = true;
  spec.signature.parameters = std::to_string(index);
  spec.context = std::make_shared<FieldContext>(index);
  TypePtr type = ArrayType(member.type, b.type(0)->contains_null() || member.nullable);
  return b.MakeKernelCall(std::move(spec), std::move(type));
}

/// Whether array(…)[index] may be NULL, as far as constants tell (computeNullabilityFromArray).
bool ItemIsNullable(const Binding& b, int first, bool raises) {
  if (b.nullable(0) || b.nullable(1)) return true;
  const std::optional<Value> index = FoldedValue(b.arguments[1]);
  if (!index) return raises ? b.type(0)->contains_null() : true;
  const Call* array = As<Call>(b.arguments[0]);
  if (index->is_null() || array == nullptr || array->function->name() != "array") return true;
  const int64_t count = static_cast<int64_t>(array->arguments.size());
  const int64_t at = index->int64() >= 0 ? index->int64() - first : count + index->int64();
  return at < 0 || at >= count ? !raises : array->arguments[at]->nullable;
}

Result<ExprPtr> BindItem(Binding b, bool raises) {
  if (b.Is(1, TypeKind::kString) && !b.settings.ansi) {
    return NotSupportedYet("a string as the index of an array without ANSI", b.place);
  }
  if (b.Is(1, TypeKind::kString)) THALWEG_RETURN_NOT_OK(b.Coerce(1, BigintType()));
  if (b.Is(1, TypeKind::kNull)) THALWEG_RETURN_NOT_OK(b.Coerce(1, IntType()));
  if (!b.type(1)->IsIntegral()) return b.Unexpected(1, "INTEGRAL");
  KernelSpec spec;
  spec.kernel = ItemKernel;
  spec.traits = NullableIf(ItemIsNullable(b, 0, raises));
  spec.traits.total = !raises;
  spec.on_failure = raises ? OnFailure::kRaise : OnFailure::kNull;
  spec.signature.parameters = raises ? "ansi" : "";
  TypePtr type = b.type(0)->element();
  return b.MakeKernelCall(std::move(spec), std::move(type));
}

Result<ExprPtr> BindMapValue(Binding b) {
  KernelSpec spec;
  THALWEG_ASSIGN_OR_RETURN(ValueOrderPtr order, b.Order(*b.type(0)->key()));
  spec.kernel = MapValueKernel;
  spec.traits = NullableIf(true);
  spec.traits.total = true;
  spec.context = std::make_shared<OrderContext>(std::move(order));
  TypePtr type = b.type(0)->value();
  return b.MakeKernelCall(std::move(spec), std::move(type));
}

Result<ExprPtr> BindExtract(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  const Literal* literal = As<Literal>(b.arguments[1]);
  const bool named =
      literal != nullptr && literal->type->Is(TypeKind::kString) && !literal->value.is_null();
  const std::string field = named ? literal->value.text() : "";
  switch (b.type(0)->kind()) {
    case TypeKind::kStruct:
      if (named) return BindField(std::move(b), field);
      return Status::User("INVALID_EXTRACT_FIELD_TYPE",
                          {{"extraction", QuotedExpr(b.arguments[1])}}, b.place);
    case TypeKind::kArray:
      if (named && b.type(0)->element()->Is(TypeKind::kStruct)) {
        return BindFieldOfElements(std::move(b), field);
      }
      return BindItem(std::move(b), b.settings.ansi);
    case TypeKind::kMap:
      THALWEG_RETURN_NOT_OK(b.CastArgument(1, b.type(0)->key()));
      return BindMapValue(std::move(b));
    case TypeKind::kVariant:
      return NotSupportedYet("taking a part out of a VARIANT", b.place);
    default:
      return Status::User("INVALID_EXTRACT_BASE_FIELD_TYPE",
                          {{"base", QuotedExpr(b.arguments[0])}, {"other", QuotedType(*b.type(0))}},
                          b.place);
  }
}

Result<ExprPtr> BindElementOfMap(Binding b) {
  const TypePtr map = b.type(0);
  const TypePtr key = TightestCommonType(map->key(), b.type(1), b.settings.ansi);
  if (key == nullptr) return b.DifferentTypes("MAP_FUNCTION_DIFF_TYPES", "MAP", 1);
  THALWEG_RETURN_NOT_OK(b.Coerce(0, MapType(key, map->value(), map->contains_null())));
  THALWEG_RETURN_NOT_OK(b.Coerce(1, key));
  return BindMapValue(std::move(b));
}

Result<ExprPtr> BindElementAt(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  if (b.Is(0, TypeKind::kMap)) return BindElementOfMap(std::move(b));
  if (!b.Is(0, TypeKind::kArray)) return b.Unexpected(0, "(\"ARRAY\" or \"MAP\")");
  const bool index = b.type(1)->IsIntegral() && !b.Is(1, TypeKind::kBigint);
  if (!index) return b.Unexpected(1, "INT");
  THALWEG_RETURN_NOT_OK(b.Coerce(1, IntType()));
  const bool raises = b.settings.ansi && b.name == "element_at";
  KernelSpec spec;
  spec.kernel = ElementAtKernel;
  spec.traits = NullableIf(ItemIsNullable(b, 1, raises));
  spec.on_failure = raises ? OnFailure::kRaise : OnFailure::kNull;
  spec.signature.parameters = raises ? "ansi" : "";
  TypePtr type = b.type(0)->element();
  return b.MakeKernelCall(std::move(spec), std::move(type));
}

Result<ExprPtr> BindGet(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  THALWEG_RETURN_NOT_OK(b.WantArray(0));
  return BindItem(std::move(b), /*raises=*/false);
}

}  // namespace

void RegisterNestedExtract(FunctionRegistry* registry) {
  RegisterNested(registry, "$extract", BindExtract);
  RegisterNested(registry, "element_at", BindElementAt);
  RegisterNested(registry, "try_element_at", BindElementAt);
  RegisterNested(registry, "get", BindGet);
}

}  // namespace thalweg
