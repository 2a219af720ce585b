// Filters through everything with one input, and through UNION ALL. Joins: push_through_joins.cc.
#include "optimizer/filter_placer.h"
#include "optimizer/rules.h"

namespace thalweg {
namespace {

/// Evaluating it once more costs next to nothing.
bool IsCheap(const ExprPtr& expr) {
  int calls = 0;
  Any(expr, [&](const Expression& node) {
    calls += node.kind() != ExprKind::kLiteral && node.kind() != ExprKind::kAttribute ? 1 : 0;
    return false;
  });
  return calls <= 1;
}

/// Something below notices which rows come: it keeps state or follows a watermark.
bool NoticesRows(const RelationPtr& relation) {
  switch (relation->kind()) {
    case RelationKind::kProject:
    case RelationKind::kFilter:
    case RelationKind::kGenerate:
    case RelationKind::kSort:
    case RelationKind::kRepartition:
    case RelationKind::kSubqueryAlias:
      return NoticesRows(Inputs(*relation)[0]);
    case RelationKind::kRead:
    case RelationKind::kLocalRelation:
      return false;
    default:
      return true;
  }
}

}  // namespace

template <class F>
FilterPlacer::Parts FilterPlacer::TakeIf(Parts* parts, F goes_down) {
  Parts taken, left;
  for (ExprPtr& part : *parts) (goes_down(part) ? taken : left).push_back(std::move(part));
  *parts = std::move(left);
  return taken;
}

Result<RelationPtr> PushDownFilters(const RelationPtr& plan, const OptimizerContext& context) {
  FilterPlacer placer(context);
  const RelationPtr placed =
      *TryTransformUp(plan, [&](const RelationPtr& relation) -> Result<RelationPtr> {
        if (relation->kind() == RelationKind::kJoin) return placer.PlaceCondition(relation);
        const auto* filter = As<Filter>(relation);
        if (filter == nullptr) return relation;
        return placer.Place(Conjuncts(filter->condition), filter->input);
      });
  return Equal(placed, plan) ? plan : placed;
}

Result<RelationPtr> FilterPlacer::Place(const Parts& parts, const RelationPtr& relation) {
  Parts fixed = parts;
  const Parts movable = TakeIf(&fixed, IsMovable);
  THALWEG_ASSIGN_OR_RETURN(RelationPtr placed,
                           movable.empty() ? relation : PlaceBelow(movable, relation));
  return FilterBy(std::move(placed), fixed, context_);
}

Result<RelationPtr> FilterPlacer::PlaceBelow(const Parts& parts, const RelationPtr& relation) {
  switch (relation->kind()) {
    case RelationKind::kFilter:
      return BelowFilter(parts, relation);
    case RelationKind::kProject:
      return BelowProject(parts, relation);
    case RelationKind::kAggregate:
      return BelowAggregate(parts, relation);
    case RelationKind::kWithWatermark:
      return BelowWatermark(parts, relation);
    case RelationKind::kSetOperation:
      return BelowUnion(parts, relation);
    case RelationKind::kGenerate:
      return BelowGenerate(parts, relation);
    case RelationKind::kJoin:
      return BelowJoin(parts, relation);
    case RelationKind::kSort:
    case RelationKind::kRepartition:
    case RelationKind::kSubqueryAlias:
      return BelowInput(parts, relation);
    default:
      return FilterBy(relation, parts, context_);
  }
}

// The filter below stays the first to look at a row. One that cannot be moved is not passed.
Result<RelationPtr> FilterPlacer::BelowFilter(const Parts& parts, const RelationPtr& relation) {
  const auto& filter = *As<Filter>(relation);
  if (!IsMovable(filter.condition)) return FilterBy(relation, parts, context_);
  Parts all = Conjuncts(filter.condition);
  all.insert(all.end(), parts.begin(), parts.end());
  return Place(all, filter.input);
}

// Through a list whose expressions can all be computed elsewhere; not what reads a window of it.
Result<RelationPtr> FilterPlacer::BelowProject(Parts parts, const RelationPtr& relation) {
  const auto& project = *As<Project>(relation);
  Substitution columns;
  IdSet windows, costly;
  for (const ExprPtr& expr : project.expressions) {
    if (!IsMovable(expr)) return FilterBy(relation, parts, context_);
    const auto* alias = As<Alias>(expr);
    if (alias == nullptr) continue;
    columns[alias->id] = alias->child;
    if (HasTimeWindow(expr)) windows.insert(alias->id);
    if (!IsCheap(alias->child)) costly.insert(alias->id);
  }
  if (NoticesRows(project.input)) costly.clear();
  Parts down = TakeIf(&parts, [&](const ExprPtr& part) {
    return !ReadsAnyOf(part, windows) && !ReadsAnyOf(part, costly);
  });
  if (down.empty()) return FilterBy(relation, parts, context_);
  for (ExprPtr& part : down) part = Substitute(part, columns);
  THALWEG_ASSIGN_OR_RETURN(RelationPtr input, Place(down, project.input));
  return FilterBy(MakeProject(std::move(input), project.expressions), parts, context_);
}

// What reads only keys, and at least one: whole groups go. A window is made by the aggregation.
Result<RelationPtr> FilterPlacer::BelowAggregate(Parts parts, const RelationPtr& relation) {
  const auto& aggregate = *As<AggregateRelation>(relation);
  Substitution columns;
  IdSet keys;
  for (const ExprPtr& grouping : aggregate.groupings) {
    if (HasTimeWindow(grouping) || !IsMovable(grouping)) continue;
    const auto* alias = As<Alias>(grouping);
    keys.insert(ToAttribute(grouping)->id);
    if (alias != nullptr) columns[alias->id] = alias->child;
  }
  for (const ExprPtr& column : aggregate.aggregates) {
    if (!IsMovable(column)) keys.clear();
  }
  Parts down = TakeIf(&parts, [&](const ExprPtr& part) {
    return !ReferencedAttributes(part).empty() && ReadsOnly(part, keys);
  });
  if (down.empty()) return FilterBy(relation, parts, context_);
  for (ExprPtr& part : down) part = Substitute(part, columns);
  THALWEG_ASSIGN_OR_RETURN(RelationPtr input, Place(down, aggregate.input));
  RelationPtr grouped =
      MapInputs(relation, [&](const RelationPtr&) -> RelationPtr { return input; });
  return FilterBy(std::move(grouped), parts, context_);
}

// Only what does not look at the event time.
Result<RelationPtr> FilterPlacer::BelowWatermark(Parts parts, const RelationPtr& relation) {
  const auto& watermark = *As<WithWatermark>(relation);
  const IdSet event_time = {ToAttribute(watermark.event_time)->id};
  const Parts down =
      TakeIf(&parts, [&](const ExprPtr& part) { return !ReadsAnyOf(part, event_time); });
  if (down.empty()) return FilterBy(relation, parts, context_);
  THALWEG_ASSIGN_OR_RETURN(RelationPtr marked, BelowInput(down, relation));
  return FilterBy(std::move(marked), parts, context_);
}

Result<RelationPtr> FilterPlacer::BelowUnion(const Parts& parts, const RelationPtr& relation) {
  const auto& set = *As<SetOperation>(relation);
  if (set.operation != SetOperationKind::kUnion || !set.is_all) {
    return FilterBy(relation, parts, context_);
  }
  auto placed = std::make_shared<SetOperation>(set);
  for (RelationPtr& input : placed->inputs) {
    Substitution columns;
    for (size_t i = 0; i < set.output.size(); ++i) columns[set.output[i]->id] = input->output[i];
    Parts down;
    for (const ExprPtr& part : parts) down.push_back(Substitute(part, columns));
    THALWEG_ASSIGN_OR_RETURN(input, Place(down, input));
  }
  return RelationPtr(placed);
}

Result<RelationPtr> FilterPlacer::BelowGenerate(Parts parts, const RelationPtr& relation) {
  const auto& generate = *As<Generate>(relation);
  if (!IsMovable(generate.generator)) return FilterBy(relation, parts, context_);
  const IdSet passed_on = IdsOf(generate.input->output);
  const Parts down =
      TakeIf(&parts, [&](const ExprPtr& part) { return ReadsOnly(part, passed_on); });
  if (down.empty()) return FilterBy(relation, parts, context_);
  THALWEG_ASSIGN_OR_RETURN(RelationPtr generated, BelowInput(down, relation));
  return FilterBy(std::move(generated), parts, context_);
}

Result<RelationPtr> FilterPlacer::BelowInput(const Parts& parts, const RelationPtr& relation) {
  THALWEG_ASSIGN_OR_RETURN(RelationPtr input, Place(parts, Inputs(*relation)[0]));
  return MapInputs(relation, [&](const RelationPtr&) -> RelationPtr { return input; });
}

}  // namespace thalweg
