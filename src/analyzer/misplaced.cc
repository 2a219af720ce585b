#include "analyzer/misplaced.h"

#include "functions/grouping_functions.h"

namespace thalweg {
namespace {

Status CheckExpression(const ExprPtr& expr, const Relation& relation) {
  Status status;
  Any(expr, [&](const Expression& node) {
    const SqlPlace& place = node.place.line > 0 ? node.place : relation.place;
    if (node.kind() == ExprKind::kGeneratorCall) {
      status =
          Status::User("UNSUPPORTED_GENERATOR.OUTSIDE_SELECT", {{"plan", relation.name()}}, place);
    } else if (node.kind() == ExprKind::kTimeWindow) {
      status = NotSupportedYet(std::string("window() in ") + relation.name(), place);
    } else if (IsGroupingFunction(node)) {
      status = Status::User("UNSUPPORTED_GROUPING_EXPRESSION", {}, place);
    }
    return !status.ok();
  });
  return status;
}

/// A GROUP BY makes the window that it groups by; a Generate is made of what generates.
const ExprPtr& Inner(const Relation& relation, const ExprPtr& expr) {
  const auto* alias = As<Alias>(expr);
  if (relation.kind() != RelationKind::kAggregate || alias == nullptr) return expr;
  const auto* window = As<TimeWindow>(alias->child);
  return window == nullptr ? expr : window->time;
}

}  // namespace

Status CheckMisplaced(const RelationPtr& typed) {
  for (const RelationPtr& input : Inputs(*typed)) THALWEG_RETURN_NOT_OK(CheckMisplaced(input));
  if (typed->kind() == RelationKind::kGenerate) {
    for (const ExprPtr& child : Children(*As<Generate>(typed)->generator)) {
      THALWEG_RETURN_NOT_OK(CheckExpression(child, *typed));
    }
    return Status::OK();
  }
  for (const NamedField& field : FieldsOf(*typed)) {
    if (const auto* one = std::get_if<const ExprPtr*>(&field.ref); one != nullptr && **one) {
      THALWEG_RETURN_NOT_OK(CheckExpression(**one, *typed));
    } else if (const auto* many = std::get_if<const std::vector<ExprPtr>*>(&field.ref)) {
      for (const ExprPtr& expr : **many) {
        THALWEG_RETURN_NOT_OK(CheckExpression(Inner(*typed, expr), *typed));
      }
    }
  }
  return Status::OK();
}

}  // namespace thalweg
