// Lowering of Sort, Limit and Offset. They run on one lane. A limit over a sort keeps no more rows
// than it passes on. A limit of a stream that only appends is one for the life of the query.
#include <algorithm>

#include "exec/lowering.h"
#include "exec/operators.h"
#include "exec/sort_key.h"
#include "state/sort_buffer.h"

namespace thalweg {
namespace {

/// Spark asks for just these: SELECT DISTINCT is one of them.
bool HasStreamingAggregate(const RelationPtr& relation) {
  if (!relation->streaming) return false;
  const auto* deduplicate = As<Deduplicate>(relation);
  if (relation->kind() == RelationKind::kAggregate) return true;
  if (deduplicate != nullptr && deduplicate->is_distinct) return true;
  for (const RelationPtr& input : Inputs(*relation)) {
    if (HasStreamingAggregate(input)) return true;
  }
  return false;
}

Result<int64_t> RowCount(const ExprPtr& expr) {
  const Literal* literal = As<Literal>(expr);
  if (literal == nullptr || literal->value.is_null() || !literal->type->IsIntegral()) {
    return Status::Bug("a number of rows is not a literal: " + ToString(expr));
  }
  return std::max<int64_t>(literal->value.int64(), 0);
}

int64_t AddRows(int64_t a, int64_t b) {
  return a > SortBuffer::kAllRows - b ? SortBuffer::kAllRows : a + b;
}

/// The sort whose first rows the first `*rows` rows of `relation` are made of; null: none. Adds
/// what is skipped in between.
const Relation* SortBelow(RelationPtr relation, int64_t* rows) {
  while (true) {
    switch (relation->kind()) {
      case RelationKind::kSort:
        return relation.get();
      case RelationKind::kOffset: {
        const Result<int64_t> skipped = RowCount(As<OffsetRelation>(relation)->offset);
        if (!skipped.ok()) return nullptr;
        *rows = AddRows(*rows, *skipped);
        break;
      }
      case RelationKind::kProject:
      case RelationKind::kSubqueryAlias:
        break;
      default:
        return nullptr;
    }
    relation = Inputs(*relation).front();
  }
}

}  // namespace

Result<Lowered> Lowering::LowerSort(const Sort& sort) {
  const int64_t rows_max = top_.sort == &sort ? top_.rows : SortBuffer::kAllRows;
  top_ = {};
  if (sort.streaming &&
      (context_.mode != OutputMode::kComplete || !HasStreamingAggregate(sort.input))) {
    return NotSupportedYet("sorting a stream", sort.place);
  }
  for (const ExprPtr& order : sort.order) {
    if (const char* why = SortKeyEncoder::WhyNot(*order->type)) {
      return NotSupportedYet(why, order->place);
    }
  }
  // Rows with equal keys come out in the order in which they come in.
  THALWEG_ASSIGN_OR_RETURN(Lowered lowered, Lower(sort.input, Demand{.order = true}));
  PhysicalNode* const node = AddOneLaneNode(lowered);
  SharedOperator made =
      NewSort(sort.order, lowered.output, node->schema, rows_max, context_.budget);
  node->shared = std::move(made.shared);
  node->make = std::move(made.make);
  for (const ExprPtr& order : sort.order) lowered.deterministic &= IsDeterministic(order);
  lowered.input = {};
  lowered.input.node = node;
  return lowered;
}

Result<Lowered> Lowering::LowerLimit(const Limit& limit) {
  THALWEG_ASSIGN_OR_RETURN(const int64_t rows, RowCount(limit.limit));
  const bool appends = context_.mode == OutputMode::kAppend || !HasStreamingAggregate(limit.input);
  if (limit.streaming && context_.mode == OutputMode::kUpdate) {
    return NotSupportedYet("LIMIT in update mode", limit.place);
  }
  if (limit.streaming && appends && rows > 0) return LowerStreamLimit(limit, rows);
  int64_t rows_below = rows;
  top_.sort = SortBelow(limit.input, &rows_below);
  top_.rows = rows_below;
  THALWEG_ASSIGN_OR_RETURN(Lowered lowered, Lower(limit.input, Demand{.order = true}));
  PhysicalNode* const node = AddOneLaneNode(lowered);
  StatefulOperator made = NewLimit({0, rows, limit.streaming}, nullptr);
  node->shared = std::move(made.shared);
  node->make = [make = std::move(made.make)]() -> Result<std::unique_ptr<Operator>> {
    return make();
  };
  lowered.input = {};
  lowered.input.node = node;
  return lowered;
}

Result<Lowered> Lowering::LowerStreamLimit(const Limit& limit, int64_t rows) {
  THALWEG_ASSIGN_OR_RETURN(Lowered lowered, Lower(limit.input, Demand{.order = true}));
  THALWEG_ASSIGN_OR_RETURN(
      GroupTable* const passed,
      context_.state->AddGroupTable(ContainerName("rows passed by a limit"), LimitTableOptions()));
  PhysicalNode* const node = AddOneLaneNode(lowered);
  StatefulOperator made = NewLimit({0, rows, true}, passed);
  node->shared = std::move(made.shared);
  node->make = [make = std::move(made.make)]() -> Result<std::unique_ptr<Operator>> {
    return make();
  };
  node->state.stateful = true;
  node->state.spark_name = "globalLimit";
  node->state.retention.keeps = "how many rows have passed";
  node->state.logical_rows = std::move(made.logical_rows);
  plan_->strict |= !lowered.deterministic;
  lowered.input = {};
  lowered.input.node = node;
  return lowered;
}

Result<Lowered> Lowering::LowerOffset(const OffsetRelation& offset) {
  THALWEG_ASSIGN_OR_RETURN(const int64_t rows, RowCount(offset.offset));
  if (offset.streaming &&
      (context_.mode != OutputMode::kComplete || !HasStreamingAggregate(offset.input))) {
    return NotSupportedYet("OFFSET of a stream", offset.place);
  }
  THALWEG_ASSIGN_OR_RETURN(Lowered lowered, Lower(offset.input, Demand{.order = true}));
  PhysicalNode* const node = AddOneLaneNode(lowered);
  StatefulOperator made = NewLimit({rows, RowRange::kNoEnd, offset.streaming}, nullptr);
  node->shared = std::move(made.shared);
  node->make = [make = std::move(made.make)]() -> Result<std::unique_ptr<Operator>> {
    return make();
  };
  lowered.input = {};
  lowered.input.node = node;
  return lowered;
}

PhysicalNode* Lowering::AddOneLaneNode(const Lowered& input) {
  PhysicalInput port = input.input;
  port.placement = Placement::kOneLane;
  port.key_columns.clear();
  return AddNode(std::move(port), input.output);
}

}  // namespace thalweg
