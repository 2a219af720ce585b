#include "functions/nested_binding.h"

#include "functions/cast.h"
#include "functions/coercion.h"
#include "functions/coercion_types.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

/// Position in the order in which ANSI promotes numbers: DECIMAL between BIGINT and FLOAT.
int PromotionRank(const DataType& type) {
  if (type.Is(TypeKind::kDecimal)) return 2 * NumericRank(*BigintType()) + 1;
  return 2 * NumericRank(type);
}

/// TypeCoercion.implicitCast between two flat types.
bool CastsImplicitly(const DataType& from, const DataType& to, bool ansi) {
  if (from.Is(TypeKind::kNull)) return true;
  const bool nested = !from.fields().empty() || !to.fields().empty() ||
                      from.Is(TypeKind::kVariant) || to.Is(TypeKind::kVariant);
  if (nested) return false;
  if (from.Is(TypeKind::kString)) return !to.Is(TypeKind::kCalendarInterval);
  if (from.IsNumeric() && to.IsNumeric()) {
    return !ansi || PromotionRank(from) <= PromotionRank(to);
  }
  return to.Is(TypeKind::kString) || CanUpCast(from, to);
}

bool HasMapOrVariant(const DataType& type) {
  if (type.Is(TypeKind::kMap) || type.Is(TypeKind::kVariant)) return true;
  for (const StructField& field : type.fields()) {
    if (HasMapOrVariant(*field.type)) return true;
  }
  return false;
}

}  // namespace

Status Binding::CheckCount(int min, int max) const {
  if (count() >= min && count() <= max) return Status::OK();
  std::string expected = std::to_string(min);
  if (max != min) {
    expected = "[" + expected;
    for (int n = min + 1; n <= max; ++n) expected += ", " + std::to_string(n);
    expected += "]";
  }
  return WrongArgumentCount(name, expected, arguments.size(), place);
}

Status Binding::Coerce(int i, const TypePtr& to) {
  THALWEG_ASSIGN_OR_RETURN(arguments[i], CoerceTo(arguments[i], to, settings));
  return Status::OK();
}

Status Binding::CastArgument(int i, const TypePtr& to) {
  if (type(i)->SameIgnoringNullability(*to)) return Status::OK();
  if (!CastsImplicitly(*type(i), *to, settings.ansi)) return Unexpected(i, to->Sql());
  return Coerce(i, to);
}

Status Binding::WantExactly(int i, const TypePtr& wanted) {
  if (!Is(i, wanted->kind()) && !Is(i, TypeKind::kNull)) return Unexpected(i, wanted->Sql());
  return CastArgument(i, wanted);
}

Status Binding::WantArray(int i) {
  if (Is(i, TypeKind::kArray)) return Status::OK();
  if (Is(i, TypeKind::kNull)) return Coerce(i, ArrayType(NullType()));
  return Unexpected(i, "ARRAY");
}

Status Binding::WantMap(int i) {
  if (Is(i, TypeKind::kMap)) return Status::OK();
  if (Is(i, TypeKind::kNull)) return Coerce(i, MapType(NullType(), NullType()));
  return Unexpected(i, "MAP");
}

Status Binding::Unexpected(int i, const std::string& required) const {
  return UnexpectedArgumentType(name, arguments, i, "\"" + required + "\"", place);
}

Status Binding::DifferentTypes(const char* kind, const char* type_name, int i) const {
  const bool two_arrays = std::string_view(kind) == "BINARY_ARRAY_DIFF_TYPES";
  return Status::User(
      std::string("DATATYPE_MISMATCH.") + kind,
      {{"sqlExpr", QuotedCall(name, arguments)},
       {"functionName", "`" + name + "`"},
       {two_arrays ? "arrayType" : "dataType", std::string("\"") + type_name + "\""},
       {"leftType", QuotedType(*type(0))},
       {"rightType", QuotedType(*type(i))}},
      place);
}

Status Binding::NullOfNoType() const {
  return Status::User(
      "DATATYPE_MISMATCH.NULL_TYPE",
      {{"sqlExpr", QuotedCall(name, arguments)}, {"functionName", "`" + name + "`"}}, place);
}

Result<ValueOrderPtr> Binding::Order(const DataType& type) const {
  if (!HasOrder(type)) return NoOrdering(name, arguments, type, place);
  ValueOrderPtr order = ValueOrder::Make(type);
  if (order == nullptr) return NotSupportedYet(name + " of " + type.Sql(), place);
  return order;
}

Status Binding::CheckMapKey(const DataType& type) const {
  if (!HasMapOrVariant(type)) return Status::OK();
  return Status::User("DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE",
                      {{"sqlExpr", QuotedCall(name, arguments)}, {"keyType", QuotedType(type)}},
                      place);
}

ExprPtr Binding::MakeKernelCall(KernelSpec spec, TypePtr result_type) {
  spec.signature.name = name;
  spec.signature.result_type = std::move(result_type);
  for (const ExprPtr& argument : arguments) {
    spec.signature.argument_types.push_back(argument->type);
  }
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(arguments), place);
}

std::optional<Value> FoldedValue(const ExprPtr& expr) {
  if (const Literal* literal = As<Literal>(expr)) return literal->value;
  const bool constant =
      IsDeterministic(expr) && !Any(expr, [](const Expression& node) {
        return node.kind() == ExprKind::kAttribute || node.kind() == ExprKind::kAggregateCall ||
               node.kind() == ExprKind::kLambdaVariable || node.kind() == ExprKind::kTimeWindow;
      });
  if (!constant) return std::nullopt;
  auto evaluator = ExpressionEvaluator::Make({expr}, {});
  if (!evaluator.ok()) return std::nullopt;
  Batch one_row(Schema::Make({}));
  one_row.SetRowCount(1);
  RowErrors errors;
  const Vector* out = nullptr;
  if (!(*evaluator)->Evaluate(0, one_row, Selection::All(1), &errors, &out).ok()) {
    return std::nullopt;
  }
  if (!errors.empty()) return std::nullopt;
  return GetValue(*out, 0);
}

void RegisterNested(FunctionRegistry* registry, const char* name, NestedBinder bind) {
  registry->Register({name, FunctionKind::kScalar,
                      [bind](const std::string& bound_name, std::vector<ExprPtr> arguments,
                             const BindSettings& settings, const SqlPlace& place) {
                        return bind({bound_name, std::move(arguments), settings, place});
                      }});
}

}  // namespace thalweg
