// What a streaming query may hold, node by node, from the leaves up as Spark looks at it.
#include "analyzer/legality.h"

#include <functional>

#include "analyzer/analyzer.h"

namespace thalweg {
namespace {

const char* ModeName(OutputMode mode) {
  static constexpr const char* kNames[] = {"append", "update", "complete"};
  return kNames[static_cast<int>(mode)];
}

Status Refuse(std::string why, const Relation& relation) {
  return Status::Legacy(3102, std::move(why), relation.place);
}

Status RefuseMode(OutputMode mode, const char* operation, const Relation& relation) {
  return Status::User("STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION",
                      {{"outputMode", ModeName(mode)}, {"operation", operation}}, relation.place);
}

std::vector<ExprPtr> ExpressionsOf(const Relation& relation) {
  std::vector<ExprPtr> expressions;
  for (const NamedField& field : FieldsOf(relation)) {
    if (const auto* one = std::get_if<const ExprPtr*>(&field.ref); one != nullptr && **one) {
      expressions.push_back(**one);
    } else if (const auto* many = std::get_if<const std::vector<ExprPtr>*>(&field.ref)) {
      expressions.insert(expressions.end(), (**many).begin(), (**many).end());
    }
  }
  return expressions;
}

ExprPtr FindIn(const ExprPtr& expr) {
  if (expr->kind() == ExprKind::kWindowCall) return expr;
  for (const ExprPtr& child : Children(*expr)) {
    if (ExprPtr found = FindIn(child)) return found;
  }
  return nullptr;
}

/// Pre-order; stops at the first relation for which `f` is true.
const Relation* Find(const RelationPtr& relation, const std::function<bool(const Relation&)>& f) {
  if (f(*relation)) return relation.get();
  for (const RelationPtr& input : Inputs(*relation)) {
    if (const Relation* found = Find(input, f)) return found;
  }
  return nullptr;
}

/// Post-order, inputs from left to right; stops at the first error.
Status ForEachUp(const RelationPtr& relation, const std::function<Status(const Relation&)>& f) {
  for (const RelationPtr& input : Inputs(*relation)) THALWEG_RETURN_NOT_OK(ForEachUp(input, f));
  return f(*relation);
}

bool IsStreamingAggregate(const Relation& relation) {
  return relation.streaming && relation.kind() == RelationKind::kAggregate;
}

// Of several aggregations Spark looks at the topmost one only.
Status CheckMode(const RelationPtr& plan, OutputMode mode) {
  const Relation* top = Find(plan, IsStreamingAggregate);
  if (mode == OutputMode::kComplete && top == nullptr) {
    return RefuseMode(mode, "a query without aggregation", *plan);
  }
  if (mode != OutputMode::kAppend || top == nullptr) return Status::OK();
  for (const ExprPtr& grouping : static_cast<const AggregateRelation*>(top)->groupings) {
    if (ToAttribute(grouping)->watermark_delay_us >= 0) return Status::OK();
  }
  return RefuseMode(mode, "an aggregation whose keys have no watermark", *top);
}

Status CheckAggregate(const AggregateRelation& aggregate) {
  if (!aggregate.streaming) return Status::OK();
  for (const ExprPtr& column : aggregate.aggregates) {
    const bool distinct = Any(column, [](const Expression& node) {
      return node.kind() == ExprKind::kAggregateCall &&
             static_cast<const AggregateCall&>(node).distinct;
    });
    if (distinct) {
      return Refuse(
          "DISTINCT inside an aggregate of a stream; approx_count_distinct() and "
          "size(collect_set()) can stand for count(DISTINCT)",
          aggregate);
    }
  }
  return Status::OK();
}

/// A sort needs the whole result: complete mode, over GROUP BY (for Spark a DISTINCT is none).
bool HasWholeResult(const Relation& sort, OutputMode mode) {
  if (!sort.streaming) return true;
  if (mode != OutputMode::kComplete) return false;
  return Find(Inputs(sort)[0], [](const Relation& relation) {
           return IsStreamingAggregate(relation) &&
                  !static_cast<const AggregateRelation&>(relation).is_distinct;
         }) != nullptr;
}

Status CheckSetOperation(const SetOperation& set) {
  bool any_streaming = false, all_streaming = true;
  for (const RelationPtr& input : set.inputs) {
    any_streaming |= input->streaming;
    all_streaming &= input->streaming;
  }
  if (!any_streaming) return Status::OK();
  switch (set.operation) {
    case SetOperationKind::kUnion:
      if (all_streaming) return Status::OK();
      return Refuse("UNION of a stream with a table at rest", set);
    case SetOperationKind::kIntersect:
      return Refuse("INTERSECT with a stream", set);
    case SetOperationKind::kExcept:
      if (!set.inputs[1]->streaming) return Status::OK();
      return Refuse("EXCEPT of the rows of a stream", set);
  }
  return Status::OK();
}

Status CheckNode(const Relation& relation, OutputMode mode) {
  switch (relation.kind()) {
    case RelationKind::kAggregate:
      return CheckAggregate(static_cast<const AggregateRelation&>(relation));
    case RelationKind::kJoin:
      return CheckStreamingJoin(static_cast<const Join&>(relation), mode);
    case RelationKind::kSetOperation:
      return CheckSetOperation(static_cast<const SetOperation&>(relation));
    case RelationKind::kDeduplicate:
      if (!static_cast<const Deduplicate&>(relation).within_watermark || !relation.streaming ||
          HasEventTime(Inputs(relation)[0]->output)) {
        return Status::OK();
      }
      return Refuse("dropDuplicatesWithinWatermark on a stream without a watermark", relation);
    case RelationKind::kLimit:
      if (!relation.streaming || mode != OutputMode::kUpdate) return Status::OK();
      return Refuse("LIMIT on a stream in update mode", relation);
    case RelationKind::kOffset:
      return Refuse("OFFSET in a streaming query", relation);
    case RelationKind::kSort:
      if (HasWholeResult(relation, mode)) return Status::OK();
      return Refuse("sorting a stream that is not aggregated in complete mode", relation);
    default:
      return Status::OK();
  }
}

Status RefuseWindowCall(const ExprPtr& expr) {
  const auto& call = *As<WindowCall>(expr);
  return Status::User("NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING",
                      {{"windowFunc", call.function->name()},
                       {"columnName", ToString(expr)},
                       {"windowSpec", ToString(expr)}},
                      expr->place);
}

/// Row numbers that depend on which task sees a row mean nothing over epochs.
Status CheckExpressions(const Relation& relation) {
  if (relation.streaming) {
    if (const ExprPtr call = FindWindowCall(relation)) return RefuseWindowCall(call);
  }
  for (const ExprPtr& expr : ExpressionsOf(relation)) {
    const bool counts_rows = Any(expr, [](const Expression& node) {
      return node.kind() == ExprKind::kCall &&
             static_cast<const Call&>(node).function->name() == "monotonically_increasing_id";
    });
    if (counts_rows) return Refuse("monotonically_increasing_id() in a streaming query", relation);
  }
  return Status::OK();
}

bool IsStateful(const Relation& relation) {
  if (!relation.streaming) return false;
  switch (relation.kind()) {
    case RelationKind::kAggregate:
      return true;
    case RelationKind::kJoin: {
      const auto& join = static_cast<const Join&>(relation);
      return join.left->streaming && join.right->streaming;
    }
    case RelationKind::kDeduplicate: {
      const auto& deduplicate = static_cast<const Deduplicate&>(relation);
      bool by_event_time = deduplicate.within_watermark;
      for (const ExprPtr& key : deduplicate.keys) {
        by_event_time |= ToAttribute(key)->watermark_delay_us >= 0;
      }
      return by_event_time;
    }
    default:
      return false;
  }
}

/// An aggregation in update or complete mode tells old groups again, at times that the watermark
/// has passed: what keeps state above it would drop them.
const Relation* FindBrokenChain(const RelationPtr& plan, OutputMode mode) {
  if (mode == OutputMode::kAppend) return nullptr;
  return Find(plan, [](const Relation& relation) {
    if (!IsStateful(relation)) return false;
    for (const RelationPtr& input : Inputs(relation)) {
      if (Find(input, IsStreamingAggregate) != nullptr) return true;
    }
    return false;
  });
}

Status Check(const RelationPtr& plan, OutputMode mode) {
  if (!plan->streaming) return Refuse("a query without a stream started as a stream", *plan);
  THALWEG_RETURN_NOT_OK(CheckMode(plan, mode));
  return ForEachUp(plan, [&](const Relation& relation) {
    THALWEG_RETURN_NOT_OK(CheckNode(relation, mode));
    return CheckExpressions(relation);
  });
}

}  // namespace

Status CheckStreaming(const RelationPtr& plan, OutputMode mode, const Conf& conf) {
  const Status checked = Check(plan, mode);
  if (!checked.ok()) {
    if (conf.GetBool("spark.sql.streaming.unsupportedOperationCheck")) return checked;
    return NotSupportedYet("running " + checked.message(), checked.place());
  }
  const Relation* broken = FindBrokenChain(plan, mode);
  if (broken == nullptr) return Status::OK();
  if (!conf.GetBool("spark.sql.streaming.unsupportedOperationCheck") ||
      !conf.GetBool("spark.sql.streaming.statefulOperator.checkCorrectness.enabled")) {
    return NotSupportedYet("an aggregation below another stateful operator in this output mode",
                           broken->place);
  }
  return Refuse(
      "a stateful operator above an aggregation in update or complete mode: groups told again are "
      "late for it; append mode has no such trouble",
      *broken);
}

Status CheckBatch(const RelationPtr& plan) {
  return ForEachUp(plan, [](const Relation& relation) {
    if (relation.streaming) {
      return Refuse("a query over a stream run as a batch query; start it as a streaming query",
                    relation);
    }
    if (relation.kind() == RelationKind::kDeduplicate &&
        static_cast<const Deduplicate&>(relation).within_watermark) {
      return Refuse("dropDuplicatesWithinWatermark on a table at rest", relation);
    }
    return Status::OK();
  });
}

ExprPtr FindWindowCall(const Relation& relation) {
  for (const ExprPtr& expr : ExpressionsOf(relation)) {
    if (ExprPtr found = FindIn(expr)) return found;
  }
  return nullptr;
}

bool HasEventTime(const std::vector<AttributePtr>& columns) {
  for (const AttributePtr& column : columns) {
    if (column->watermark_delay_us >= 0) return true;
  }
  return false;
}

}  // namespace thalweg
