// sort_array (NULLs lie where they are least) and array_sort without a comparator (NULLs last).
// Sorting is stable.
#include <algorithm>

#include "functions/collection_binding.h"
#include "functions/families.h"
#include "functions/lambda_functions.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

class SortContext final : public KernelContext {
 public:
  SortContext(ValueOrderPtr value_order, bool is_ascending, bool nulls_come_first)
      : order(std::move(value_order)), ascending(is_ascending), nulls_first(nulls_come_first) {}
  const ValueOrderPtr order;
  const bool ascending;
  const bool nulls_first;
};

Status SortKernel(const KernelCall& call, Vector* out) {
  const auto& context = *static_cast<const SortContext*>(call.context);
  ListWriter writer(call.physical_rows, out);
  std::vector<int32_t> positions;
  ForEachValidRow(call, [&](int r) {
    const ListSpan span = SpanOf(*call.arguments[0], r);
    const Vector& values = span.child();
    positions.clear();
    for (int i = span.begin; i < span.end; ++i) {
      if (!values.IsNull(i)) positions.push_back(i);
    }
    std::stable_sort(positions.begin(), positions.end(), [&](int32_t a, int32_t b) {
      const int order = context.order->Compare(values, a, values, b);
      return context.ascending ? order < 0 : order > 0;
    });
    const int nulls = span.count() - static_cast<int>(positions.size());
    writer.Begin(r);
    if (context.nulls_first) writer.elements().AddNulls(nulls);
    for (const int32_t at : positions) writer.elements().Add(values, at);
    if (!context.nulls_first) writer.elements().AddNulls(nulls);
  });
  return writer.Finish();
}

Result<ExprPtr> MakeSort(Binding b, bool ascending, bool nulls_first) {
  const TypePtr type = b.type(0);
  THALWEG_ASSIGN_OR_RETURN(ValueOrderPtr order, b.Order(*type->element()));
  KernelSpec spec;
  spec.kernel = SortKernel;
  spec.signature.parameters =
      std::string(ascending ? "asc" : "desc") + (nulls_first ? " first" : "");
  spec.context = std::make_shared<SortContext>(std::move(order), ascending, nulls_first);
  return b.MakeKernelCall(std::move(spec), type);
}

/// The direction is part of the call only for its name.
Result<ExprPtr> BindSortArray(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 2));
  THALWEG_RETURN_NOT_OK(b.WantArray(0));
  if (b.count() == 1) b.arguments.push_back(MakeLiteral(Value::Boolean(true)));
  if (!b.Is(1, TypeKind::kBoolean)) return b.Unexpected(1, "BOOLEAN");
  const std::optional<Value> ascending = FoldedValue(b.arguments[1]);
  if (!ascending || ascending->is_null()) {
    return Status::User("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                        {{"sqlExpr", QuotedCall(b.name, b.arguments)},
                         {"inputName", "`ascendingOrder`"},
                         {"inputType", "\"BOOLEAN\""},
                         {"inputExpr", QuotedExpr(b.arguments[1])}},
                        b.place);
  }
  return MakeSort(std::move(b), ascending->boolean(), ascending->boolean());
}

}  // namespace

Result<ExprPtr> BindArraySort(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 2));
  THALWEG_RETURN_NOT_OK(b.WantArray(0));
  if (b.count() == 2) return BindArraySortBy(std::move(b));
  return MakeSort(std::move(b), /*ascending=*/true, /*nulls_first=*/false);
}

void RegisterCollectionSort(FunctionRegistry* registry) {
  RegisterNested(registry, "sort_array", BindSortArray);
}

}  // namespace thalweg
