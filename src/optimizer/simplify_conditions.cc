// Conditions with known parts. AND and OR evaluate their left side first: what is left out on the
// right of a deciding value was never evaluated, on its left only what cannot raise.
#include "optimizer/constants.h"
#include "optimizer/rules.h"

namespace thalweg {
namespace {

bool IsKnown(const ExprPtr& expr, bool value) {
  return value ? IsTrue(expr) : IsFalse(expr);
}

/// `decides` is FALSE for AND, TRUE for OR.
ExprPtr SimplifyConnective(const ExprPtr& node, const Call& call, bool decides) {
  const ExprPtr& left = call.arguments[0];
  const ExprPtr& right = call.arguments[1];
  if (IsKnown(left, !decides)) return right;
  if (IsKnown(right, !decides)) return left;
  if (IsKnown(left, decides)) return left;
  if (IsKnown(right, decides) && NeverRaises(left) && IsDeterministic(left)) return right;
  return node;
}

/// NOT NOT a is a.
ExprPtr SimplifyNot(const ExprPtr& node, const Call& call) {
  const auto* inner = As<Call>(call.arguments[0]);
  const bool twice = inner != nullptr && inner->function->name() == "not";
  return twice ? inner->arguments[0] : node;
}

bool NeverHolds(const ExprPtr& condition) {
  return IsFalse(condition) || IsNull(condition);
}

/// A branch that is known to be taken or not. All branches have the type of the whole.
ExprPtr SimplifyIf(const ExprPtr& node, const Call& call) {
  if (IsTrue(call.arguments[0])) return call.arguments[1];
  return NeverHolds(call.arguments[0]) ? call.arguments[2] : node;
}

/// CASE: only its first branch is looked at, each time it has gone the next one is the first.
ExprPtr SimplifyCase(const ExprPtr& node, const Call& call, const OptimizerContext& context) {
  std::vector<ExprPtr> rest = call.arguments;
  while (rest.size() >= 2 && NeverHolds(rest[0])) rest.erase(rest.begin(), rest.begin() + 2);
  if (rest.size() >= 2 && IsTrue(rest[0])) return rest[1];
  if (rest.size() == 1) return rest[0];
  if (rest.empty()) return LiteralFor(node, Value(node->type));
  if (rest.size() == call.arguments.size()) return node;
  Result<ExprPtr> bound = context.functions->Bind("when", rest, context.bind, node->place);
  return bound.ok() && *(*bound)->type == *node->type ? *bound : node;
}

ExprPtr SimplifyNode(const ExprPtr& node, const OptimizerContext& context) {
  const auto* call = As<Call>(node);
  if (call == nullptr) return node;
  const std::string& name = call->function->name();
  const size_t count = call->arguments.size();
  if (name == "and" && count == 2) return SimplifyConnective(node, *call, false);
  if (name == "or" && count == 2) return SimplifyConnective(node, *call, true);
  if (name == "not" && count == 1) return SimplifyNot(node, *call);
  if (name == "if" && count == 3) return SimplifyIf(node, *call);
  if (name == "when" && count >= 2) return SimplifyCase(node, *call, context);
  return node;
}

}  // namespace

Result<RelationPtr> SimplifyConditions(const RelationPtr& plan, const OptimizerContext& context) {
  return TransformUp(plan, [&](const RelationPtr& relation) {
    return MapExpressions(relation, [&](const ExprPtr& expr) {
      return TransformUp(expr, [&](const ExprPtr& node) { return SimplifyNode(node, context); });
    });
  });
}

}  // namespace thalweg
