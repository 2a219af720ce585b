// What Spark notices only when it plans the first epoch of a streaming query.
#include "analyzer/legality.h"
#include "data/schema.h"

namespace thalweg {
namespace {

bool HasWatermarkBelow(const Relation& relation) {
  for (const RelationPtr& input : Inputs(relation)) {
    if (input->streaming && input->kind() == RelationKind::kWithWatermark) return true;
    if (HasWatermarkBelow(*input)) return true;
  }
  return false;
}

/// A stateful operator follows one event time: more than one column of it and none is meant.
Status CheckOneEventTime(const std::vector<AttributePtr>& columns, const Relation& relation) {
  std::string names;
  int64_t first = 0;
  int count = 0;
  for (const AttributePtr& column : columns) {
    if (column->watermark_delay_us < 0 || column->id == first) continue;
    first = column->id;
    names += (count++ > 0 ? ", " : "") + ToString(column);
  }
  if (count < 2) return Status::OK();
  return Status::Legacy(3077,
                        "More than one event time reaches " + std::string(relation.name()) + ": " +
                            names + "; leave one of them, or turn the others into plain columns",
                        relation.place);
}

bool IsBinaryEqual(const DataType& type) {
  if (type.Is(TypeKind::kString) && !type.IsBinaryCollated()) return false;
  for (const StructField& field : type.fields()) {
    if (!IsBinaryEqual(*field.type)) return false;
  }
  return true;
}

Status CheckKey(const ExprPtr& key, const Relation& relation) {
  if (IsBinaryEqual(*key->type)) return Status::OK();
  return Status::User("STATE_STORE_UNSUPPORTED_OPERATION_BINARY_INEQUALITY",
                      {{"schema", key->type->Sql()}}, relation.place);
}

Status CheckAggregate(const AggregateRelation& aggregate, OutputMode mode, bool one_event_time) {
  std::vector<AttributePtr> keys;
  for (const ExprPtr& grouping : aggregate.groupings) {
    THALWEG_RETURN_NOT_OK(CheckKey(grouping, aggregate));
    keys.push_back(ToAttribute(grouping));
  }
  if (mode == OutputMode::kAppend && !HasEventTime(keys)) {
    return Status::User("UNSUPPORTED_STREAMING_OPERATOR_WITHOUT_WATERMARK",
                        {{"outputMode", "append"}, {"statefulOperator", "aggregations"}},
                        aggregate.place);
  }
  return one_event_time ? CheckOneEventTime(keys, aggregate) : Status::OK();
}

Status CheckJoin(const Join& join, bool one_event_time) {
  if (!join.left->streaming || !join.right->streaming) return Status::OK();
  if (!HasEquality(join)) {
    return Status::Legacy(1181, "A join of two streams without an equality of their columns",
                          join.place);
  }
  if (!one_event_time) return Status::OK();
  THALWEG_RETURN_NOT_OK(CheckOneEventTime(join.left->output, join));
  return CheckOneEventTime(join.right->output, join);
}

}  // namespace

Status CheckStreamingPlan(const RelationPtr& optimized, OutputMode mode, const Conf& conf) {
  for (const RelationPtr& input : Inputs(*optimized)) {
    THALWEG_RETURN_NOT_OK(CheckStreamingPlan(input, mode, conf));
  }
  if (!optimized->streaming) return Status::OK();
  const bool many = conf.GetBool("spark.sql.streaming.statefulOperator.allowMultiple");
  switch (optimized->kind()) {
    case RelationKind::kWithWatermark:
      if (!many || !HasWatermarkBelow(*optimized)) return Status::OK();
      return Status::Legacy(3076, "A watermark above another one", optimized->place);
    case RelationKind::kAggregate:
      return CheckAggregate(*As<AggregateRelation>(optimized), mode, many);
    case RelationKind::kDeduplicate:
      for (const ExprPtr& key : As<Deduplicate>(optimized)->keys) {
        THALWEG_RETURN_NOT_OK(CheckKey(key, *optimized));
      }
      if (!many) return Status::OK();
      return CheckOneEventTime(As<Deduplicate>(optimized)->input->output, *optimized);
    case RelationKind::kJoin:
      return CheckJoin(*As<Join>(optimized), many);
    default:
      return Status::OK();
  }
}

}  // namespace thalweg
