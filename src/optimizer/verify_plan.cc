#include "optimizer/verify_plan.h"

#include <set>

namespace thalweg {
namespace {

Status CheckReferences(const RelationPtr& relation, const std::string& rule) {
  std::set<int64_t> known;
  for (const RelationPtr& input : Inputs(*relation)) {
    THALWEG_RETURN_NOT_OK(CheckReferences(input, rule));
    for (const AttributePtr& column : input->output) known.insert(column->id);
  }
  if (!relation->resolved()) {
    return Status::Bug("rule " + rule + " left an unresolved " + relation->name());
  }
  if (const auto* generate = As<Generate>(relation)) {
    for (const ExprPtr& column : generate->generated) known.insert(ToAttribute(column)->id);
  }
  if (const auto* expand = As<Expand>(relation)) {
    for (const ExprPtr& column : expand->generated) known.insert(ToAttribute(column)->id);
  }
  for (const NamedField& field : FieldsOf(*relation)) {
    std::vector<ExprPtr> expressions;
    if (const auto* one = std::get_if<const ExprPtr*>(&field.ref); one != nullptr && **one) {
      expressions.push_back(**one);
    } else if (const auto* many = std::get_if<const std::vector<ExprPtr>*>(&field.ref)) {
      expressions = **many;
    }
    for (const ExprPtr& expr : expressions) {
      // An aggregation's columns may name its groupings, which come after them in the fields.
      if (const auto* aggregate = As<AggregateRelation>(relation)) {
        for (const ExprPtr& grouping : aggregate->groupings) {
          known.insert(ToAttribute(grouping)->id);
        }
      }
      for (const int64_t id : ReferencedAttributes(expr)) {
        if (known.contains(id)) continue;
        return Status::Bug("rule " + rule + " lost column #" + std::to_string(id) + " of " +
                           ToString(expr) + " in\n" + ToTreeString(relation));
      }
    }
  }
  return Status::OK();
}

}  // namespace

Status VerifyPlan(const Relation& before, const RelationPtr& after, const std::string& rule) {
  THALWEG_RETURN_NOT_OK(CheckReferences(after, rule));
  bool same = before.output.size() == after->output.size();
  for (size_t i = 0; same && i < before.output.size(); ++i) {
    same = before.output[i]->id == after->output[i]->id &&
           *before.output[i]->type == *after->output[i]->type;
  }
  if (same && before.streaming == after->streaming) return Status::OK();
  return Status::Bug("rule " + rule + " changed the columns of the query:\n" + ToTreeString(after));
}

}  // namespace thalweg
