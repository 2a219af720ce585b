#include "optimizer/constants.h"

#include "functions/evaluator.h"
#include "functions/function.h"

namespace thalweg {
namespace {

constexpr int64_t kLaterUs = 1'000'000'000'000'000;  // another day, month and year than 1970-01-01

/// Literals, casts and calls all the way down.
bool ReadsNothing(const Expression& expr) {
  switch (expr.kind()) {
    case ExprKind::kLiteral:
      return true;
    case ExprKind::kCast:
    case ExprKind::kCall:
      for (const ExprPtr& child : Children(expr)) {
        if (!ReadsNothing(*child)) return false;
      }
      return true;
    default:
      return false;
  }
}

bool IsFlat(const DataType& type) {
  return type.fields().empty() && !type.Is(TypeKind::kVariant);
}

std::optional<Value> ValueIn(const EpochConstants& epoch, ExpressionEvaluator* evaluator) {
  Batch batch(Schema::Make({}));
  batch.SetRowCount(1);
  RowErrors errors;
  const Vector* result = nullptr;
  evaluator->BindEpoch(epoch);
  const Status status = evaluator->Evaluate(0, batch, Selection::All(1), &errors, &result);
  if (!status.ok() || !errors.empty()) return std::nullopt;
  return GetValue(*result, 0);
}

}  // namespace

std::optional<Value> ConstantValue(const ExprPtr& expr) {
  if (const auto* literal = As<Literal>(expr)) return literal->value;
  if (!ReadsNothing(*expr) || !IsFlat(*expr->type)) return std::nullopt;
  if (!IsDeterministic(expr) || DependsOnEpoch(expr)) return std::nullopt;
  auto evaluator = ExpressionEvaluator::Make({expr}, {});
  if (!evaluator.ok()) return std::nullopt;
  // Parsing '12:30' as a timestamp looks at the day: what differs between epochs is no constant.
  const std::optional<Value> first = ValueIn({0, 0}, evaluator->get());
  const std::optional<Value> later = ValueIn({1, kLaterUs}, evaluator->get());
  return first && later && *first == *later ? first : std::nullopt;
}

ExprPtr LiteralFor(const ExprPtr& expr, Value value) {
  auto literal = std::make_shared<Literal>(std::move(value));
  literal->type = expr->type;
  literal->nullable = expr->nullable;
  literal->place = expr->place;
  return literal;
}

bool IsTrue(const ExprPtr& expr) {
  const auto* literal = As<Literal>(expr);
  return literal != nullptr && literal->type->Is(TypeKind::kBoolean) && !literal->value.is_null() &&
         literal->value.boolean();
}

bool IsFalse(const ExprPtr& expr) {
  const auto* literal = As<Literal>(expr);
  return literal != nullptr && literal->type->Is(TypeKind::kBoolean) && !literal->value.is_null() &&
         !literal->value.boolean();
}

bool IsNull(const ExprPtr& expr) {
  const auto* literal = As<Literal>(expr);
  return literal != nullptr && literal->value.is_null();
}

bool NeverRaises(const ExprPtr& expr) {
  return !Any(expr, [](const Expression& node) {
    switch (node.kind()) {
      case ExprKind::kLiteral:
      case ExprKind::kAttribute:
        return false;
      case ExprKind::kCall:
        return !static_cast<const ScalarFunction&>(*static_cast<const Call&>(node).function)
                    .traits()
                    .total;
      case ExprKind::kCast: {
        const BoundFunctionPtr& function = static_cast<const Cast&>(node).function;
        return function != nullptr && !static_cast<const ScalarFunction&>(*function).traits().total;
      }
      default:
        return true;
    }
  });
}

}  // namespace thalweg
