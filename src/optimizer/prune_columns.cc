// Columns from the top down: each relation hears which of its columns are needed and asks its
// inputs for those and for what it reads itself. Inputs that are kept (grouped, joined,
// deduplicated, combined) get exactly these, because what is kept, and which event time an operator
// follows, depends on the columns it is given.
#include "data/type_text.h"
#include "optimizer/predicates.h"
#include "optimizer/rules.h"

namespace thalweg {
namespace {

RelationPtr Prune(const RelationPtr& relation, const IdSet& needed);

/// Only the columns in `ids`, in order. All of them where none is needed: rows count all the same.
RelationPtr Exactly(const RelationPtr& relation, const IdSet& ids) {
  std::vector<ExprPtr> columns;
  for (const AttributePtr& column : relation->output) {
    if (ids.contains(column->id)) columns.push_back(column);
  }
  if (columns.empty() || columns.size() == relation->output.size()) return relation;
  return MakeProject(relation, std::move(columns));
}

RelationPtr PruneExactly(const RelationPtr& relation, const IdSet& ids) {
  return Exactly(Prune(relation, ids), ids);
}

/// The relation over its one input, asked for `needed` and what the relation reads itself.
RelationPtr WithInput(const RelationPtr& relation, IdSet needed, bool exactly = false) {
  for (const NamedField& field : FieldsOf(*relation)) {
    if (const auto* one = std::get_if<const ExprPtr*>(&field.ref)) {
      AddReferences(**one, &needed);
    } else if (const auto* many = std::get_if<const std::vector<ExprPtr>*>(&field.ref)) {
      for (const ExprPtr& expr : **many) AddReferences(expr, &needed);
    }
  }
  return MapInputs(relation, [&](const RelationPtr& input) {
    return exactly ? PruneExactly(input, needed) : Prune(input, needed);
  });
}

// A cheap column stands in where only the number of rows is wanted.
RelationPtr PruneRead(const RelationPtr& relation, const IdSet& needed) {
  const auto& read = *As<ReadRelation>(relation);
  std::vector<size_t> kept;
  size_t cheapest = 0;
  for (size_t i = 0; i < read.output.size(); ++i) {
    if (needed.contains(read.output[i]->id)) kept.push_back(i);
    const auto is_cheap = [&](size_t at) { return read.output[at]->type->IsNumeric(); };
    if (is_cheap(i) && !is_cheap(cheapest)) cheapest = i;
  }
  if (kept.size() == read.output.size()) return relation;
  if (kept.empty()) kept.push_back(cheapest);
  if (kept.size() == read.output.size()) return relation;
  auto narrow = std::make_shared<ReadRelation>(read);
  narrow->columns.clear();
  narrow->output.clear();
  for (const size_t i : kept) {
    narrow->columns.push_back(read.columns[i]);
    narrow->output.push_back(read.output[i]);
  }
  return narrow;
}

// A window stays: it decides which rows there are.
RelationPtr PruneProject(const RelationPtr& relation, const IdSet& needed) {
  const auto& project = *As<Project>(relation);
  std::vector<ExprPtr> kept;
  IdSet below;
  for (const ExprPtr& expr : project.expressions) {
    if (!needed.contains(ToAttribute(expr)->id) && !HasTimeWindow(expr)) continue;
    kept.push_back(expr);
    AddReferences(expr, &below);
  }
  const RelationPtr input = Prune(project.input, below);
  if (kept.empty()) return input;
  if (kept.size() == project.expressions.size() && input == project.input) return relation;
  return MakeProject(input, std::move(kept));
}

RelationPtr PruneAggregate(const RelationPtr& relation, const IdSet& needed) {
  const auto& aggregate = *As<AggregateRelation>(relation);
  IdSet below;
  for (const ExprPtr& grouping : aggregate.groupings) AddReferences(grouping, &below);
  std::vector<ExprPtr> kept;
  for (const ExprPtr& column : aggregate.aggregates) {
    if (needed.contains(ToAttribute(column)->id)) kept.push_back(column);
  }
  if (kept.empty() && !aggregate.aggregates.empty()) kept.push_back(aggregate.aggregates[0]);
  IdSet keys;
  for (const ExprPtr& grouping : aggregate.groupings) keys.insert(ToAttribute(grouping)->id);
  for (const ExprPtr& column : kept) {
    for (const int64_t id : ReferencedAttributes(column)) {
      if (!keys.contains(id)) below.insert(id);
    }
  }
  const RelationPtr input = PruneExactly(aggregate.input, below);
  if (kept.size() == aggregate.aggregates.size() && input == aggregate.input) return relation;
  auto pruned = std::make_shared<AggregateRelation>(aggregate);
  pruned->input = input;
  pruned->aggregates = std::move(kept);
  DeriveOutput(pruned.get());
  return pruned;
}

RelationPtr PruneJoin(const RelationPtr& relation, const IdSet& needed) {
  const auto& join = *As<Join>(relation);
  IdSet sides = needed;
  AddReferences(join.condition, &sides);
  return MapInputs(relation, [&](const RelationPtr& input) { return PruneExactly(input, sides); });
}

// Columns of a union are known by position.
RelationPtr PruneUnion(const RelationPtr& relation, const IdSet& needed) {
  const auto& set = *As<SetOperation>(relation);
  const bool union_all = set.operation == SetOperationKind::kUnion && set.is_all;
  std::vector<size_t> kept;
  for (size_t i = 0; i < set.output.size(); ++i) {
    if (!union_all || needed.contains(set.output[i]->id)) kept.push_back(i);
  }
  if (kept.empty()) kept.push_back(0);
  auto pruned = std::make_shared<SetOperation>(set);
  pruned->output.clear();
  for (const size_t i : kept) pruned->output.push_back(set.output[i]);
  bool changed = kept.size() < set.output.size();
  for (RelationPtr& input : pruned->inputs) {
    std::vector<ExprPtr> columns;
    IdSet ids;
    for (const size_t i : kept) {
      columns.push_back(input->output[i]);
      ids.insert(input->output[i]->id);
    }
    RelationPtr below = Prune(input, ids);
    bool fits = below->output.size() == columns.size();
    for (size_t i = 0; fits && i < columns.size(); ++i) {
      fits = below->output[i]->id == ToAttribute(columns[i])->id;
    }
    if (!fits) below = MakeProject(std::move(below), std::move(columns));
    changed |= below != input;
    input = std::move(below);
  }
  return changed ? pruned : relation;
}

RelationPtr PruneDeduplicate(const RelationPtr& relation, IdSet needed) {
  const auto& deduplicate = *As<Deduplicate>(relation);
  for (const AttributePtr& column : deduplicate.input->output) {
    if (deduplicate.within_watermark && column->watermark_delay_us >= 0) needed.insert(column->id);
  }
  return WithInput(relation, std::move(needed), /*exactly=*/true);
}

RelationPtr Prune(const RelationPtr& relation, const IdSet& needed) {
  switch (relation->kind()) {
    case RelationKind::kRead:
      return PruneRead(relation, needed);
    case RelationKind::kProject:
      return PruneProject(relation, needed);
    case RelationKind::kAggregate:
      return PruneAggregate(relation, needed);
    case RelationKind::kJoin:
      return PruneJoin(relation, needed);
    case RelationKind::kSetOperation:
      return PruneUnion(relation, needed);
    case RelationKind::kDeduplicate:
      return PruneDeduplicate(relation, needed);
    case RelationKind::kGenerate:
    case RelationKind::kExpand:
      return WithInput(relation, needed, /*exactly=*/true);
    case RelationKind::kFilter:
    case RelationKind::kWithWatermark:
    case RelationKind::kSort:
    case RelationKind::kLimit:
    case RelationKind::kOffset:
    case RelationKind::kRepartition:
    case RelationKind::kSubqueryAlias:
    case RelationKind::kCollectMetrics:
      return WithInput(relation, needed);
    default:  // of what is not known here every column is needed
      return MapInputs(relation,
                       [](const RelationPtr& input) { return Prune(input, IdsOf(input->output)); });
  }
}

}  // namespace

Result<RelationPtr> PruneColumns(const RelationPtr& plan, const OptimizerContext&) {
  return Prune(plan, IdsOf(plan->output));
}

}  // namespace thalweg
