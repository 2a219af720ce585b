// LIMIT 0. A stream is still read (each addition runs an epoch), but no watermark moves and no
// state is kept: what lies below the limit becomes its sources under a filter that never holds.
#include "optimizer/constants.h"
#include "optimizer/empty_relation.h"
#include "optimizer/rules.h"

namespace thalweg {
namespace {

void CollectStreams(const RelationPtr& relation, std::vector<RelationPtr>* reads) {
  if (relation->kind() == RelationKind::kRead && relation->streaming) reads->push_back(relation);
  for (const RelationPtr& input : Inputs(*relation)) CollectStreams(input, reads);
}

/// No row of `read`, under NULLs for `columns`; each with its id if `keep_ids`.
RelationPtr Nothing(const RelationPtr& read, const std::vector<AttributePtr>& columns,
                    bool keep_ids) {
  std::vector<ExprPtr> list;
  for (const AttributePtr& column : columns) {
    auto alias = std::make_shared<Alias>();
    alias->child = LiteralFor(column, Value(column->type));
    alias->type = column->type;
    alias->nullable = column->nullable;
    alias->names = {column->column};
    alias->id = keep_ids ? column->id : NextExpressionId();
    list.push_back(std::move(alias));
  }
  return MakeProject(MakeFilter(read, MakeLiteral(Value::Boolean(false))), std::move(list));
}

RelationPtr NothingOf(const RelationPtr& limit) {
  std::vector<RelationPtr> reads;
  CollectStreams(limit, &reads);
  if (reads.size() == 1) return Nothing(reads[0], limit->output, /*keep_ids=*/true);
  auto all = std::make_shared<SetOperation>();
  all->is_all = true;
  for (const RelationPtr& read : reads) {
    all->inputs.push_back(Nothing(read, limit->output, /*keep_ids=*/false));
  }
  all->output = limit->output;
  DeriveOutput(all.get());
  return all;
}

}  // namespace

Result<RelationPtr> EmptyLimits(const RelationPtr& plan, const OptimizerContext&) {
  return TransformUp(plan, [](const RelationPtr& relation) -> RelationPtr {
    const auto* limit = As<Limit>(relation);
    if (limit == nullptr) return relation;
    const auto* count = As<Literal>(limit->limit);
    if (count == nullptr || count->value.is_null() || count->value.int64() != 0) return relation;
    return limit->streaming ? NothingOf(relation) : EmptyLike(*limit);
  });
}

}  // namespace thalweg
