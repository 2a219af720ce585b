// value IN (item, …): true at the first item that is equal, else NULL if an item is, else false.
// Items that are literals are looked up in a sorted list; others are evaluated one by one, only for
// the rows that no earlier item equals.
#include <algorithm>
#include <cmath>

#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/kernel_loops.h"
#include "functions/value_order.h"
#include "functions/vectors.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

/// The literals as sorted values of a column's physical type, each once.
template <class T>
class SetContext final : public KernelContext {
 public:
  explicit SetContext(Vector the_items) : items(std::move(the_items)) {
    for (int i = 0; i < items.size(); ++i) {
      if (items.IsNull(i)) {
        has_null = true;
      } else {
        values.push_back(items.Get<T>(i));
      }
    }
    std::sort(values.begin(), values.end(), Less);
  }

  static bool Less(const T& a, const T& b) {
    if constexpr (std::is_same_v<T, StringView>) {
      return a.Compare(b) < 0;
    } else if constexpr (std::is_floating_point_v<T>) {
      return std::isnan(a) ? false : std::isnan(b) || a < b;
    } else {
      return a < b;
    }
  }
  bool Has(const T& value) const {
    return std::binary_search(values.begin(), values.end(), value, Less);
  }

  Vector items;  // holds the bytes of `values`
  std::vector<T> values;
  bool has_null = false;
};

template <class T>
Status LookUpKernel(const KernelCall& call, Vector* out) {
  const auto& set = *static_cast<const SetContext<T>*>(call.context);
  const T* values = call.arguments[0]->values<T>();
  uint8_t* result = out->mutable_values<uint8_t>();
  ForEachValidRow(call, [&](int r) {
    result[r] = set.Has(values[r]);
    if (set.has_null && !result[r]) out->SetNull(r);
  });
  return Status::OK();
}

template <class T>
void UseSet(const Vector& items, KernelSpec* spec) {
  spec->kernel = LookUpKernel<T>;
  spec->context = std::make_shared<SetContext<T>>(items);
}

/// False for a type that is compared one by one.
bool PickSet(const DataType& type, const Vector& items, KernelSpec* spec) {
  switch (type.physical()) {
    case PhysicalKind::kInt8:
      return UseSet<int8_t>(items, spec), true;
    case PhysicalKind::kInt16:
      return UseSet<int16_t>(items, spec), true;
    case PhysicalKind::kInt32:
      return UseSet<int32_t>(items, spec), true;
    case PhysicalKind::kInt64:
      return UseSet<int64_t>(items, spec), true;
    case PhysicalKind::kInt128:
      return UseSet<__int128>(items, spec), true;
    case PhysicalKind::kFloat:
      return UseSet<float>(items, spec), true;
    case PhysicalKind::kDouble:
      return UseSet<double>(items, spec), true;
    case PhysicalKind::kString:
      return UseSet<StringView>(items, spec), true;
    default:
      return false;
  }
}

struct InState final : FunctionState {
  std::vector<RowIndex> open = std::vector<RowIndex>(kBatchRows);  // rows without an equal item
  std::vector<RowIndex> found = std::vector<RowIndex>(kBatchRows + 1);
  std::vector<uint8_t> null_items = std::vector<uint8_t>(kBatchRows);
  Vector value;
};

class InFunction final : public ScalarFunction {
 public:
  InFunction(FunctionSignature signature, ScalarTraits traits, ValueOrderPtr order)
      : ScalarFunction(std::move(signature), traits), order_(std::move(order)) {}

  std::unique_ptr<FunctionState> NewState() const override { return std::make_unique<InState>(); }

  Status Evaluate(EvalCall& call, Vector* out) const override {
    auto* state = static_cast<InState*>(call.state());
    THALWEG_ASSIGN_OR_RETURN(const Vector* argument, call.Argument(0));
    state->value = *argument;
    out->ResetFlat(BooleanType(), call.physical_rows());
    uint8_t* result = out->mutable_values<uint8_t>();
    int count = 0;
    ForEachRow(call.rows(), [&](int r) {
      result[r] = 0;
      state->null_items[r] = 0;
      if (state->value.IsNull(r)) {
        out->SetNull(r);
      } else {
        state->open[count++] = static_cast<RowIndex>(r);
      }
    });
    Selection open = {state->open.data(), count};
    for (int i = 1; i < call.argument_count() && open.count > 0; ++i) {
      THALWEG_ASSIGN_OR_RETURN(const Vector* item, call.ArgumentFor(i, open));
      open = {state->open.data(), TakeEqual(*item, open, state, result)};
    }
    ForEachRow(open, [&](int r) {
      if (state->null_items[r]) out->SetNull(r);
    });
    return Status::OK();
  }

 private:
  /// Marks the rows that equal `item` and leaves the others in state->open; returns how many.
  int TakeEqual(const Vector& item, const Selection& open, InState* state, uint8_t* result) const {
    int left = 0;
    for (int k = 0; k < open.count; ++k) {
      const RowIndex r = open.rows[k];
      const bool null = item.IsNull(r);
      state->null_items[r] |= null;
      result[r] = !null && order_->Compare(state->value, r, item, r) == 0;
      state->open[left] = r;
      left += !result[r];
    }
    return left;
  }

  const ValueOrderPtr order_;
};

/// The value of a literal, also under the casts of coercion if they cannot fail.
bool ConstantItem(const ExprPtr& item, Vector* items) {
  const auto* cast = As<Cast>(item);
  const bool fixed = cast != nullptr && cast->implicit && As<Literal>(cast->child) != nullptr &&
                     !cast->child->type->Is(TypeKind::kString);
  if (As<Literal>(item) == nullptr && !fixed) return false;
  const auto evaluator = ExpressionEvaluator::Make({item}, {});
  if (!evaluator.ok()) return false;
  Batch one(Schema::Make({}));
  one.SetRowCount(1);
  RowErrors errors;
  const Vector* value = nullptr;
  const Status status = (*evaluator)->Evaluate(0, one, Selection::All(1), &errors, &value);
  if (!status.ok() || !errors.empty()) return false;
  items->Reserve(items->size() + 1);
  AppendValues(*value, Selection::All(1), items);
  return true;
}

Result<ExprPtr> BindSet(const std::vector<ExprPtr>& arguments, const TypePtr& type,
                        const SqlPlace& place) {
  Vector items;
  items.ResetFlat(type, 0);
  bool nullable = arguments[0]->nullable;
  std::string listed;
  for (size_t i = 1; i < arguments.size(); ++i) {
    if (!ConstantItem(arguments[i], &items)) return ExprPtr();
    nullable |= arguments[i]->nullable;
    listed += (i > 1 ? ", " : "") + ToString(arguments[i]);
  }
  KernelSpec spec;
  if (!PickSet(*type, items, &spec)) return ExprPtr();
  spec.signature = {"in", {type}, BooleanType(), listed, true};
  spec.traits.total = true;
  spec.traits.nullability =
      nullable ? ScalarTraits::Nullability::kAlways : ScalarTraits::Nullability::kNever;
  return MakeCall(MakeKernelFunction(std::move(spec)), {arguments[0]}, place);
}

Status CoerceItems(const std::string& name, std::vector<ExprPtr>* arguments,
                   const BindSettings& settings, const SqlPlace& place) {
  const TypePtr& value = (*arguments)[0]->type;
  const bool same = std::all_of(arguments->begin(), arguments->end(), [&](const ExprPtr& argument) {
    return SameStructure(*argument->type, *value);
  });
  if (same && !value->Is(TypeKind::kNull)) return Status::OK();
  std::vector<TypePtr> types;
  for (const ExprPtr& argument : *arguments) types.push_back(argument->type);
  TypePtr type = WiderType(types, settings.ansi);
  if (type == nullptr) return DifferentArgumentTypes(name, *arguments, place);
  if (type->Is(TypeKind::kNull)) type = BooleanType();
  return CoerceAll(arguments, type, settings);
}

Result<ExprPtr> BindIn(const std::string& name, std::vector<ExprPtr> arguments,
                       const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() < 2) return WrongArgumentCount(name, "> 1", arguments.size(), place);
  THALWEG_RETURN_NOT_OK(CoerceItems(name, &arguments, settings, place));
  const TypePtr type = arguments[0]->type;
  if (!HasOrder(*type)) return NoOrdering(name, arguments, *type, place);
  ValueOrderPtr order = ValueOrder::Make(*type);
  if (order == nullptr) return NotSupportedYet("IN of " + type->Sql(), place);
  THALWEG_ASSIGN_OR_RETURN(ExprPtr set, BindSet(arguments, type, place));
  if (set != nullptr) return set;
  FunctionSignature signature{name, {}, BooleanType(), "", true};
  for (const ExprPtr& argument : arguments) signature.argument_types.push_back(argument->type);
  auto function =
      std::make_shared<InFunction>(std::move(signature), ScalarTraits(), std::move(order));
  return MakeCall(std::move(function), std::move(arguments), place);
}

}  // namespace

void RegisterMembership(FunctionRegistry* registry) {
  registry->Register({"in", FunctionKind::kScalar, BindIn});
}

}  // namespace thalweg
