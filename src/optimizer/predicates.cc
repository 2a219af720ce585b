#include "optimizer/predicates.h"

#include <algorithm>
#include <string_view>

namespace thalweg {

IdSet IdsOf(const std::vector<AttributePtr>& columns) {
  IdSet ids;
  for (const AttributePtr& column : columns) ids.insert(column->id);
  return ids;
}

void AddReferences(const ExprPtr& expr, IdSet* ids) {
  if (expr == nullptr) return;
  for (const int64_t id : ReferencedAttributes(expr)) ids->insert(id);
}

bool ReadsOnly(const ExprPtr& expr, const IdSet& ids) {
  const std::vector<int64_t> read = ReferencedAttributes(expr);
  return std::all_of(read.begin(), read.end(), [&](int64_t id) { return ids.contains(id); });
}

bool ReadsAnyOf(const ExprPtr& expr, const IdSet& ids) {
  const std::vector<int64_t> read = ReferencedAttributes(expr);
  return std::any_of(read.begin(), read.end(), [&](int64_t id) { return ids.contains(id); });
}

ExprPtr Substitute(const ExprPtr& expr, const Substitution& columns) {
  return TransformUp(expr, [&](const ExprPtr& node) -> ExprPtr {
    const auto* attribute = As<Attribute>(node);
    if (attribute == nullptr) return node;
    const auto found = columns.find(attribute->id);
    return found == columns.end() ? node : found->second;
  });
}

bool IsMovable(const ExprPtr& expr) {
  return IsDeterministic(expr) && !DependsOnEpoch(expr);
}

bool HasTimeWindow(const ExprPtr& expr) {
  return Any(expr, [](const Expression& node) { return node.kind() == ExprKind::kTimeWindow; });
}

Result<ExprPtr> AndAll(const std::vector<ExprPtr>& parts, const OptimizerContext& context) {
  std::vector<ExprPtr> different;
  for (const ExprPtr& part : parts) {
    if (IsDeterministic(part) && ContainsEqual(different, part)) continue;
    different.push_back(part);
  }
  ExprPtr all;
  for (const ExprPtr& part : different) {
    if (all == nullptr) {
      all = part;
      continue;
    }
    THALWEG_ASSIGN_OR_RETURN(
        all, context.functions->Bind("and", {all, part}, context.bind, part->place));
  }
  return all;
}

Result<RelationPtr> FilterBy(RelationPtr input, const std::vector<ExprPtr>& parts,
                             const OptimizerContext& context) {
  THALWEG_ASSIGN_OR_RETURN(ExprPtr condition, AndAll(parts, context));
  if (condition == nullptr) return input;
  return MakeFilter(std::move(input), std::move(condition));
}

void AddNullSensitive(const ExprPtr& expr, std::vector<ExprPtr>* columns) {
  static constexpr std::string_view kStrict[] = {
      "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "div", "not", "negative", "like"};
  if (expr->kind() == ExprKind::kAttribute) {
    if (expr->nullable && !ContainsEqual(*columns, expr)) columns->push_back(expr);
    return;
  }
  const auto* cast = As<Cast>(expr);
  if (cast != nullptr) return AddNullSensitive(cast->child, columns);
  const auto* call = As<Call>(expr);
  if (call == nullptr) return;
  const std::string_view name = call->function->name();
  if (std::find(std::begin(kStrict), std::end(kStrict), name) == std::end(kStrict)) return;
  for (const ExprPtr& argument : call->arguments) AddNullSensitive(argument, columns);
}

bool ContainsEqual(const std::vector<ExprPtr>& many, const ExprPtr& one) {
  return std::any_of(many.begin(), many.end(), [&](const ExprPtr& e) { return Equal(e, one); });
}

Result<RelationPtr> TryTransformUp(
    const RelationPtr& plan, const std::function<Result<RelationPtr>(const RelationPtr&)>& f) {
  Status failed;
  RelationPtr result = TransformUp(plan, [&](const RelationPtr& relation) -> RelationPtr {
    if (!failed.ok()) return relation;
    Result<RelationPtr> changed = f(relation);
    if (changed.ok()) return *changed;
    failed = changed.status();
    return relation;
  });
  if (!failed.ok()) return failed;
  return result;
}

}  // namespace thalweg
