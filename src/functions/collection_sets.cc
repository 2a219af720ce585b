// Arrays as sets: array_distinct, array_union, array_intersect, array_except, arrays_overlap. NULL
// equals NULL, NaN equals NaN, -0.0 equals 0.0 and comes out as 0.0; order is that of the first
// appearance.
#include "functions/collection_binding.h"
#include "functions/families.h"

namespace thalweg {
namespace {

/// Two arrays of one row side by side: elements begin … begin + left - 1 of `values` are the first
/// array's, the others up to `end` the second's.
struct Sides {
  int begin;
  int left;
  int end;
};

/// The elements of all rows: those of both arrays of a row together.
class SideBySide {
 public:
  explicit SideBySide(const KernelCall& call) : values_(call.arguments[0]->type()->element()) {
    ValueAppender appender(&values_);
    ForEachValidRow(call, [&](int r) {
      const ListSpan left = SpanOf(*call.arguments[0], r);
      const ListSpan right = SpanOf(*call.arguments[1], r);
      const int begin = appender.size();
      appender.AddRange(left.child(), left.begin, left.count());
      appender.AddRange(right.child(), right.begin, right.count());
      rows_.push_back({begin, left.count(), appender.size()});
    });
    appender.Flush();
  }
  const Vector& values() const { return values_; }
  /// The next row in order.
  Sides Next() { return rows_[next_++]; }

 private:
  Vector values_;
  std::vector<Sides> rows_;
  size_t next_ = 0;
};

void Positions(int begin, int end, std::vector<int32_t>* out) {
  out->clear();
  for (int i = begin; i < end; ++i) out->push_back(i);
}

Status DistinctKernel(const KernelCall& call, Vector* out) {
  ListWriter writer(call.physical_rows, out);
  std::vector<int32_t> positions, first;
  ForEachValidRow(call, [&](int r) {
    const ListSpan span = SpanOf(*call.arguments[0], r);
    Positions(span.begin, span.end, &positions);
    FindFirstEqual(OrderOf(call), span.child(), positions, &first);
    writer.Begin(r);
    for (int i = 0; i < span.count(); ++i) {
      if (first[i] == i) writer.elements().Add(span.child(), positions[i]);
    }
  });
  THALWEG_RETURN_NOT_OK(writer.Finish());
  NormalizeZeros(&out->mutable_child(0));
  return Status::OK();
}

enum class SetOperation { kUnion, kIntersect, kExcept };

template <SetOperation kOperation>
Status SetKernel(const KernelCall& call, Vector* out) {
  SideBySide sides(call);
  ListWriter writer(call.physical_rows, out);
  std::vector<int32_t> positions, first;
  std::vector<bool> on_the_right;
  ForEachValidRow(call, [&](int r) {
    const Sides row = sides.Next();
    Positions(row.begin, row.end, &positions);
    FindFirstEqual(OrderOf(call), sides.values(), positions, &first);
    const int count = static_cast<int>(positions.size());
    on_the_right.assign(count, false);
    for (int i = row.left; i < count; ++i) on_the_right[first[i]] = true;
    writer.Begin(r);
    const int candidates = kOperation == SetOperation::kUnion ? count : row.left;
    for (int i = 0; i < candidates; ++i) {
      if (first[i] != i) continue;
      const bool wanted = kOperation == SetOperation::kUnion ||
                          on_the_right[i] == (kOperation == SetOperation::kIntersect);
      if (wanted) writer.elements().Add(sides.values(), positions[i]);
    }
  });
  THALWEG_RETURN_NOT_OK(writer.Finish());
  NormalizeZeros(&out->mutable_child(0));
  return Status::OK();
}

/// NULL where nothing is common but a NULL might be, unless one array is empty.
Status OverlapKernel(const KernelCall& call, Vector* out) {
  SideBySide sides(call);
  std::vector<int32_t> positions, first;
  uint8_t* overlaps = out->mutable_values<uint8_t>();
  ForEachValidRow(call, [&](int r) {
    const Sides row = sides.Next();
    Positions(row.begin, row.end, &positions);
    FindFirstEqual(OrderOf(call), sides.values(), positions, &first);
    const int count = static_cast<int>(positions.size());
    bool null = false;
    overlaps[r] = 0;
    for (int i = 0; i < count; ++i) {
      if (sides.values().IsNull(positions[i])) {
        null = true;
      } else if (i >= row.left && first[i] < row.left) {
        overlaps[r] = 1;
      }
    }
    const bool both = row.left > 0 && row.left < count;
    if (overlaps[r] == 0 && null && both) out->SetNull(r);
  });
  return Status::OK();
}

Result<ExprPtr> BindDistinct(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 1));
  THALWEG_RETURN_NOT_OK(b.WantArray(0));
  const TypePtr type = b.type(0);
  KernelSpec spec;
  THALWEG_ASSIGN_OR_RETURN(spec.context, OrderContextFor(b, *type->element()));
  spec.kernel = DistinctKernel;
  return b.MakeKernelCall(std::move(spec), type);
}

Result<ExprPtr> BindSetOperation(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  THALWEG_RETURN_NOT_OK(UnifyArrays(&b));
  const TypePtr element = b.type(0)->element();
  const bool left = b.type(0)->contains_null();
  const bool right = b.type(1)->contains_null();
  KernelSpec spec;
  THALWEG_ASSIGN_OR_RETURN(spec.context, OrderContextFor(b, *element));
  if (b.name == "arrays_overlap") {
    spec.kernel = OverlapKernel;
    spec.traits = NullableIf(b.nullable(0) || b.nullable(1) || left || right);
    return b.MakeKernelCall(std::move(spec), BooleanType());
  }
  bool contains_null = left;
  if (b.name == "array_union") {
    spec.kernel = SetKernel<SetOperation::kUnion>;
    contains_null = left || right;
  } else if (b.name == "array_intersect") {
    spec.kernel = SetKernel<SetOperation::kIntersect>;
    contains_null = left && right;
  } else {
    spec.kernel = SetKernel<SetOperation::kExcept>;
  }
  return b.MakeKernelCall(std::move(spec), ArrayType(element, contains_null));
}

}  // namespace

void RegisterCollectionSets(FunctionRegistry* registry) {
  RegisterNested(registry, "array_distinct", BindDistinct);
  for (const char* name : {"array_union", "array_intersect", "array_except", "arrays_overlap"}) {
    RegisterNested(registry, name, BindSetOperation);
  }
}

}  // namespace thalweg
