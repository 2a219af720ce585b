// Filters that a NULL would not pass anyway. Spark adds them before it pushes filters down, so that
// rows with such a NULL do not move the watermark of their stream and are not kept for a join. They
// are added where that shows: in streams, above a watermark.
#include "optimizer/predicates.h"
#include "optimizer/rules.h"

namespace thalweg {
namespace {

bool HasWatermark(const RelationPtr& relation) {
  if (relation->kind() == RelationKind::kWithWatermark) return relation->streaming;
  for (const RelationPtr& input : Inputs(*relation)) {
    if (HasWatermark(input)) return true;
  }
  return false;
}

bool IsKnownNotNull(const ExprPtr& expr, const RelationPtr& relation);

/// Some filter of `parts` lets no row through in which `expr` is NULL.
bool Excludes(const std::vector<ExprPtr>& parts, const ExprPtr& expr) {
  for (const ExprPtr& part : parts) {
    const auto* call = As<Call>(part);
    const bool not_null = call != nullptr && call->function->name() == "isnotnull";
    if (not_null && Equal(call->arguments[0], expr)) return true;
    std::vector<ExprPtr> sensitive;
    AddNullSensitive(part, &sensitive);
    const auto* column = As<Attribute>(expr);
    for (const ExprPtr& other : sensitive) {
      if (column != nullptr && As<Attribute>(other)->id == column->id) return true;
    }
  }
  return false;
}

bool IsKnownInSides(const ExprPtr& expr, const Join& join) {
  const bool keeps_left = join.join != JoinKind::kRightOuter && join.join != JoinKind::kFullOuter;
  const bool keeps_right = join.join != JoinKind::kLeftOuter && join.join != JoinKind::kFullOuter;
  if (ReadsOnly(expr, IdsOf(join.left->output))) {
    return keeps_left && IsKnownNotNull(expr, join.left);
  }
  return keeps_right && ReadsOnly(expr, IdsOf(join.right->output)) &&
         IsKnownNotNull(expr, join.right);
}

/// Looks down the plan for a filter that excludes NULLs of `expr` (a column, or what it stands
/// for).
bool IsKnownNotNull(const ExprPtr& expr, const RelationPtr& relation) {
  switch (relation->kind()) {
    case RelationKind::kFilter:
      return Excludes(Conjuncts(As<Filter>(relation)->condition), expr) ||
             IsKnownNotNull(expr, As<Filter>(relation)->input);
    case RelationKind::kProject: {
      Substitution columns;
      for (const ExprPtr& each : As<Project>(relation)->expressions) {
        if (const auto* alias = As<Alias>(each)) columns[alias->id] = alias->child;
      }
      const ExprPtr below = Substitute(expr, columns);
      return !HasTimeWindow(below) && IsMovable(below) &&
             IsKnownNotNull(below, As<Project>(relation)->input);
    }
    case RelationKind::kWithWatermark:
    case RelationKind::kSort:
    case RelationKind::kRepartition:
    case RelationKind::kDeduplicate:
    case RelationKind::kLimit:
      return IsKnownNotNull(expr, Inputs(*relation)[0]);
    case RelationKind::kSetOperation: {
      const auto& set = *As<SetOperation>(relation);
      for (const RelationPtr& input : set.inputs) {
        Substitution columns;
        for (size_t i = 0; i < set.output.size(); ++i) {
          columns[set.output[i]->id] = input->output[i];
        }
        if (!IsKnownNotNull(Substitute(expr, columns), input)) return false;
      }
      return true;
    }
    case RelationKind::kJoin:
      return IsKnownInSides(expr, *As<Join>(relation));
    case RelationKind::kGenerate: {
      const RelationPtr& input = As<Generate>(relation)->input;
      return ReadsOnly(expr, IdsOf(input->output)) && IsKnownNotNull(expr, input);
    }
    case RelationKind::kAggregate: {
      const auto& aggregate = *As<AggregateRelation>(relation);
      Substitution columns;
      for (const ExprPtr& each : aggregate.groupings) {
        if (const auto* alias = As<Alias>(each)) columns[alias->id] = alias->child;
      }
      const ExprPtr below = Substitute(expr, columns);
      return !HasTimeWindow(below) && ReadsOnly(below, IdsOf(aggregate.input->output)) &&
             IsKnownNotNull(below, aggregate.input);
    }
    default:
      return !expr->nullable;
  }
}

/// isnotnull for each of `columns` that `below` makes and may be NULL in it.
Result<std::vector<ExprPtr>> NotNull(const std::vector<ExprPtr>& columns, const RelationPtr& below,
                                     const OptimizerContext& context) {
  std::vector<ExprPtr> parts;
  const IdSet made = IdsOf(below->output);
  for (const ExprPtr& column : columns) {
    if (!ReadsOnly(column, made) || IsKnownNotNull(column, below)) continue;
    THALWEG_ASSIGN_OR_RETURN(
        ExprPtr part, context.functions->Bind("isnotnull", {column}, context.bind, column->place));
    parts.push_back(std::move(part));
  }
  return parts;
}

Result<RelationPtr> InferOf(const RelationPtr& relation, const Filter& filter,
                            const OptimizerContext& context) {
  if (!HasWatermark(filter.input)) return relation;
  std::vector<ExprPtr> parts = Conjuncts(filter.condition);
  std::vector<ExprPtr> columns;
  for (const ExprPtr& part : parts) {
    if (IsDeterministic(part)) AddNullSensitive(part, &columns);
  }
  // A conjunct that stays where it is says the same of a column that has no other reader.
  std::vector<ExprPtr> new_columns;
  for (const ExprPtr& column : columns) {
    bool said = false;
    for (const ExprPtr& part : parts) {
      const auto* call = As<Call>(part);
      said |= call != nullptr && call->function->name() == "isnotnull" &&
              Equal(call->arguments[0], column);
    }
    if (!said) new_columns.push_back(column);
  }
  THALWEG_ASSIGN_OR_RETURN(const std::vector<ExprPtr> added,
                           NotNull(new_columns, filter.input, context));
  std::vector<ExprPtr> useful;
  for (const ExprPtr& part : added) {
    // What carries the event time stays above the watermark, where the conjunct is already.
    const auto* column = As<Attribute>(As<Call>(part)->arguments[0]);
    if (column->watermark_delay_us < 0) useful.push_back(part);
  }
  if (useful.empty()) return relation;
  useful.insert(useful.end(), parts.begin(), parts.end());
  return FilterBy(filter.input, useful, context);
}

Result<RelationPtr> InferOf(const RelationPtr& relation, const Join& join,
                            const OptimizerContext& context) {
  if (!join.streaming || join.condition == nullptr) return relation;
  std::vector<ExprPtr> columns;
  for (const ExprPtr& part : Conjuncts(join.condition)) {
    if (IsMovable(part)) AddNullSensitive(part, &columns);
  }
  const bool semi = join.join == JoinKind::kInner || join.join == JoinKind::kLeftSemi;
  const bool left = semi || join.join == JoinKind::kRightOuter;
  const bool right = semi || join.join == JoinKind::kLeftOuter || join.join == JoinKind::kLeftAnti;
  auto filtered = std::make_shared<Join>(join);
  for (RelationPtr* side : {&filtered->left, &filtered->right}) {
    const bool wanted = side == &filtered->left ? left : right;
    if (!wanted || !(*side)->streaming) continue;
    THALWEG_ASSIGN_OR_RETURN(const std::vector<ExprPtr> parts, NotNull(columns, *side, context));
    THALWEG_ASSIGN_OR_RETURN(*side, FilterBy(*side, parts, context));
  }
  if (filtered->left == join.left && filtered->right == join.right) return relation;
  DeriveOutput(filtered.get());
  return RelationPtr(filtered);
}

}  // namespace

Result<RelationPtr> InferNullFilters(const RelationPtr& plan, const OptimizerContext& context) {
  if (!plan->streaming) return plan;
  return TryTransformUp(plan, [&](const RelationPtr& relation) -> Result<RelationPtr> {
    if (const auto* filter = As<Filter>(relation)) return InferOf(relation, *filter, context);
    if (const auto* join = As<Join>(relation)) return InferOf(relation, *join, context);
    return relation;
  });
}

}  // namespace thalweg
