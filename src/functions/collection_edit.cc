// Arrays with elements put in or taken out: array_remove, array_compact, array_append,
// array_prepend, array_insert, slice, reverse.
#include "functions/coercion.h"
#include "functions/collection_binding.h"
#include "functions/families.h"

namespace thalweg {
namespace {

Status RemoveKernel(const KernelCall& call, Vector* out) {
  const Vector& value = *call.arguments[1];
  ListWriter writer(call.physical_rows, out);
  ForEachValidRow(call, [&](int r) {
    const ListSpan span = SpanOf(*call.arguments[0], r);
    writer.Begin(r);
    for (int i = span.begin; i < span.end; ++i) {
      const bool equal =
          !span.child().IsNull(i) && OrderOf(call).Compare(span.child(), i, value, r) == 0;
      if (!equal) writer.elements().Add(span.child(), i);
    }
  });
  return writer.Finish();
}

Status CompactKernel(const KernelCall& call, Vector* out) {
  ListWriter writer(call.physical_rows, out);
  ForEachValidRow(call, [&](int r) {
    const ListSpan span = SpanOf(*call.arguments[0], r);
    writer.Begin(r);
    for (int i = span.begin; i < span.end; ++i) {
      if (!span.child().IsNull(i)) writer.elements().Add(span.child(), i);
    }
  });
  return writer.Finish();
}

Status ReverseKernel(const KernelCall& call, Vector* out) {
  ListWriter writer(call.physical_rows, out);
  ForEachValidRow(call, [&](int r) {
    const ListSpan span = SpanOf(*call.arguments[0], r);
    writer.Begin(r);
    for (int i = span.end - 1; i >= span.begin; --i) writer.elements().Add(span.child(), i);
  });
  return writer.Finish();
}

/// The element, also a NULL one, at the end or the beginning.
template <bool kFirst>
Status AddElementKernel(const KernelCall& call, Vector* out) {
  const Vector& list = *call.arguments[0];
  ListWriter writer(call.physical_rows, out);
  ForEachRow(call.rows, [&](int r) {
    if (list.IsNull(r)) return out->SetNull(r);
    const ListSpan span = SpanOf(list, r);
    writer.Begin(r);
    if (kFirst) writer.elements().Add(*call.arguments[1], r);
    writer.elements().AddRange(span.child(), span.begin, span.count());
    if (!kFirst) writer.elements().Add(*call.arguments[1], r);
  });
  return writer.Finish();
}

/// Where an element goes: `before` elements of the array, `nulls`, the element, the rest; or, in
/// front of the array, the element, `nulls`, the array.
struct Insertion {
  int64_t before;
  int64_t nulls;
  bool in_front;
};
Insertion FindInsertion(int64_t position, int64_t count) {
  if (position > 0)
    return {std::min(position - 1, count), std::max<int64_t>(0, position - 1 - count), false};
  if (-position > count) return {0, -position - count - 1, true};
  return {count + position + 1, 0, false};
}

Status InsertKernel(const KernelCall& call, Vector* out) {
  const Vector& list = *call.arguments[0];
  const Vector& positions = *call.arguments[1];
  const Vector& item = *call.arguments[2];
  ListWriter writer(call.physical_rows, out);
  ForEachRow(call.rows, [&](int r) {
    if (list.IsNull(r) || positions.IsNull(r)) return out->SetNull(r);
    const int32_t position = positions.Get<int32_t>(r);
    if (position == 0) {
      if (!call.errors->Wants(r)) return;
      return call.errors->Report(r, Status::User("INVALID_INDEX_OF_ZERO", {}, call.place));
    }
    const ListSpan span = SpanOf(list, r);
    const Insertion insertion = FindInsertion(position, span.count());
    if (span.count() + insertion.nulls + 1 > kArrayLengthMax) {
      return call.errors->Report(
          r, ArrayTooLong("array_insert", "pos", span.count() + insertion.nulls + 1, call.place));
    }
    ValueAppender& elements = writer.elements();
    const int before = static_cast<int>(insertion.before);
    writer.Begin(r);
    if (insertion.in_front) elements.Add(item, r);
    elements.AddRange(span.child(), span.begin, before);
    elements.AddNulls(static_cast<int>(insertion.nulls));
    if (!insertion.in_front) elements.Add(item, r);
    elements.AddRange(span.child(), span.begin + before, span.count() - before);
  });
  return writer.Finish();
}

Status SliceKernel(const KernelCall& call, Vector* out) {
  ListWriter writer(call.physical_rows, out);
  ForEachValidRow(call, [&](int r) {
    const ListSpan span = SpanOf(*call.arguments[0], r);
    const int64_t start = call.arguments[1]->Get<int32_t>(r);
    const int64_t length = call.arguments[2]->Get<int32_t>(r);
    if (start == 0 || length < 0) {
      if (!call.errors->Wants(r)) return;
      const char* parameter = start == 0 ? "START" : "LENGTH";
      call.errors->Report(r, Status::User(std::string("INVALID_PARAMETER_VALUE.") + parameter,
                                          {{"parameter", start == 0 ? "`start`" : "`length`"},
                                           {"functionName", "`slice`"},
                                           {"length", std::to_string(length)}},
                                          call.place));
      return;
    }
    const int64_t begin = start > 0 ? start - 1 : span.count() + start;
    if (begin < 0 || begin >= span.count()) return;
    const int64_t count = std::min(length, span.count() - begin);
    writer.Begin(r);
    writer.elements().AddRange(span.child(), span.begin + static_cast<int>(begin),
                               static_cast<int>(count));
  });
  return writer.Finish();
}

Result<ExprPtr> BindRemove(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  if (b.Is(0, TypeKind::kNull)) return b.NullOfNoType();
  THALWEG_RETURN_NOT_OK(UnifyElement(&b, 1));
  const TypePtr type = b.type(0);
  KernelSpec spec;
  THALWEG_ASSIGN_OR_RETURN(spec.context, OrderContextFor(b, *type->element()));
  spec.kernel = RemoveKernel;
  return b.MakeKernelCall(std::move(spec), type);
}

Result<ExprPtr> BindAddElement(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  if (!b.Is(0, TypeKind::kArray)) return b.Unexpected(0, "ARRAY");
  THALWEG_RETURN_NOT_OK(UnifyElement(&b, 1));
  KernelSpec spec;
  spec.kernel = b.name == "array_append" ? AddElementKernel<false> : AddElementKernel<true>;
  spec.sees_nulls = true;
  spec.traits = NullableIf(b.nullable(0));
  TypePtr type = ArrayType(b.type(1), b.type(0)->contains_null() || b.nullable(1));
  return b.MakeKernelCall(std::move(spec), std::move(type));
}

Result<ExprPtr> BindInsert(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(3, 3));
  if (!b.Is(0, TypeKind::kArray)) return b.Unexpected(0, "ARRAY");
  const bool position = b.type(1)->IsIntegral() && !b.Is(1, TypeKind::kBigint);
  if (!position) return b.Unexpected(1, "INT");
  THALWEG_RETURN_NOT_OK(b.Coerce(1, IntType()));
  THALWEG_RETURN_NOT_OK(UnifyElement(&b, 2));
  KernelSpec spec;
  spec.kernel = InsertKernel;
  spec.sees_nulls = true;
  spec.traits = NullableIf(b.nullable(0) || b.nullable(1));
  TypePtr type = ArrayType(b.type(2), true);
  return b.MakeKernelCall(std::move(spec), std::move(type));
}

Result<ExprPtr> BindSlice(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(3, 3));
  THALWEG_RETURN_NOT_OK(b.WantArray(0));
  for (int i = 1; i < 3; ++i) {
    THALWEG_RETURN_NOT_OK(b.type(i)->IsNumeric() ? b.Coerce(i, IntType())
                                                 : b.CastArgument(i, IntType()));
  }
  const TypePtr type = b.type(0);
  KernelSpec spec;
  spec.kernel = SliceKernel;
  return b.MakeKernelCall(std::move(spec), type);
}

Result<ExprPtr> BindCompact(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 1));
  THALWEG_RETURN_NOT_OK(b.WantArray(0));
  TypePtr type = ArrayType(b.type(0)->element(), false);
  KernelSpec spec;
  spec.kernel = CompactKernel;
  return b.MakeKernelCall(std::move(spec), std::move(type));
}

}  // namespace

Result<ExprPtr> BindReverseArray(Binding b) {
  const TypePtr type = b.type(0);
  KernelSpec spec;
  spec.kernel = ReverseKernel;
  return b.MakeKernelCall(std::move(spec), type);
}

void RegisterCollectionEdit(FunctionRegistry* registry) {
  RegisterNested(registry, "array_remove", BindRemove);
  RegisterNested(registry, "array_compact", BindCompact);
  RegisterNested(registry, "array_append", BindAddElement);
  RegisterNested(registry, "array_prepend", BindAddElement);
  RegisterNested(registry, "array_insert", BindInsert);
  RegisterNested(registry, "slice", BindSlice);
}

}  // namespace thalweg
