// A list over a list. An expression of the lower one moves into the upper one if it is used at most
// once, or if computing it again costs nothing; windows, which decide what rows there are, move
// only when the upper list just passes them on.
#include <map>

#include "optimizer/predicates.h"
#include "optimizer/rules.h"

namespace thalweg {
namespace {

/// How often each column is used; inside a lambda as often as one likes.
void CountUses(const ExprPtr& expr, int weight, std::map<int64_t, int>* uses) {
  if (const auto* attribute = As<Attribute>(expr)) (*uses)[attribute->id] += weight;
  if (expr->kind() == ExprKind::kLambda) weight = 2;
  for (const ExprPtr& child : Children(*expr)) CountUses(child, weight, uses);
}

bool IsTrivial(const ExprPtr& expr) {
  return expr->kind() == ExprKind::kAttribute || expr->kind() == ExprKind::kLiteral;
}

/// What an item of the upper list is without its name.
const ExprPtr& Unnamed(const ExprPtr& item) {
  const auto* alias = As<Alias>(item);
  return alias == nullptr ? item : alias->child;
}

bool CanCollapse(const Project& upper, const Project& lower) {
  std::map<int64_t, int> uses;
  for (const ExprPtr& item : upper.expressions) CountUses(item, 1, &uses);
  for (const ExprPtr& item : lower.expressions) {
    const auto* alias = As<Alias>(item);
    if (alias == nullptr) continue;
    const int used = uses[alias->id];
    if (HasTimeWindow(item)) {
      if (used != 1) return false;
      bool passed_on = false;
      for (const ExprPtr& each : upper.expressions) {
        const auto* column = As<Attribute>(Unnamed(each));
        passed_on |= column != nullptr && column->id == alias->id;
      }
      if (!passed_on) return false;
      continue;
    }
    if (!IsDeterministic(item)) return false;
    if (used > 1 && !IsTrivial(alias->child)) return false;
  }
  return true;
}

/// An Alias of `expr` that makes the column `column`.
ExprPtr Named(const AttributePtr& column, const ExprPtr& expr) {
  auto alias = std::make_shared<Alias>();
  alias->child = expr;
  alias->type = expr->type;
  alias->nullable = expr->nullable;
  alias->place = column->place;
  alias->names = {column->column};
  alias->id = column->id;
  if (ToAttribute(alias)->watermark_delay_us != column->watermark_delay_us) {
    alias->watermark_delay_us = column->watermark_delay_us;
  }
  return alias;
}

ExprPtr Merge(const ExprPtr& item, const Substitution& columns) {
  const AttributePtr column = ToAttribute(item);
  const ExprPtr merged = Substitute(Unnamed(item), columns);
  const auto* same = As<Attribute>(merged);
  if (same != nullptr && same->id == column->id) return item;
  return Named(column, merged);
}

}  // namespace

Result<RelationPtr> CollapseProjects(const RelationPtr& plan, const OptimizerContext&) {
  return TransformUp(plan, [](const RelationPtr& relation) -> RelationPtr {
    const auto* upper = As<Project>(relation);
    const auto* lower = upper == nullptr ? nullptr : As<Project>(upper->input);
    if (lower == nullptr || !CanCollapse(*upper, *lower)) return relation;
    Substitution columns;
    for (const ExprPtr& item : lower->expressions) {
      if (const auto* alias = As<Alias>(item)) columns[alias->id] = alias->child;
    }
    std::vector<ExprPtr> list;
    for (const ExprPtr& item : upper->expressions) list.push_back(Merge(item, columns));
    return MakeProject(lower->input, std::move(list));
  });
}

}  // namespace thalweg
