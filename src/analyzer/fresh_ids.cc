// WithFreshIds: a view read twice in one query makes other columns each time.
#include <map>

#include "analyzer/catalog.h"

namespace thalweg {
namespace {

using IdMap = std::map<int64_t, int64_t>;

int64_t Fresh(int64_t id, IdMap* ids) {
  const auto [entry, is_new] = ids->try_emplace(id, 0);
  if (is_new) entry->second = NextExpressionId();
  return entry->second;
}

std::vector<AttributePtr> FreshColumns(const std::vector<AttributePtr>& columns, IdMap* ids) {
  std::vector<AttributePtr> fresh;
  for (const AttributePtr& column : columns) {
    auto copy = std::make_shared<Attribute>(*column);
    copy->id = Fresh(column->id, ids);
    fresh.push_back(std::move(copy));
  }
  return fresh;
}

ExprPtr FreshExpression(const ExprPtr& expr, IdMap* ids) {
  return TransformUp(expr, [&](const ExprPtr& node) -> ExprPtr {
    if (const auto* attribute = As<Attribute>(node)) {
      auto copy = std::make_shared<Attribute>(*attribute);
      copy->id = Fresh(attribute->id, ids);
      return copy;
    }
    if (const auto* alias = As<Alias>(node)) {
      auto copy = std::make_shared<Alias>(*alias);
      copy->id = Fresh(alias->id, ids);
      return copy;
    }
    return node;
  });
}

RelationPtr FreshRelation(const RelationPtr& relation, IdMap* ids) {
  RelationPtr below =
      MapInputs(relation, [&](const RelationPtr& input) { return FreshRelation(input, ids); });
  below = MapExpressions(below, [&](const ExprPtr& expr) { return FreshExpression(expr, ids); });
  std::vector<AttributePtr> output = FreshColumns(relation->output, ids);
  if (below == relation && output.empty()) return below;
  return WithOutput(below, std::move(output));
}

}  // namespace

RelationPtr WithFreshIds(const RelationPtr& relation) {
  IdMap ids;
  return FreshRelation(relation, &ids);
}

}  // namespace thalweg
