// Taking conditions apart and putting them together again, for the rules that move them.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "optimizer/optimizer.h"

namespace thalweg {

using IdSet = std::set<int64_t>;
/// What stands for a column: by id.
using Substitution = std::map<int64_t, ExprPtr>;

IdSet IdsOf(const std::vector<AttributePtr>& columns);
/// Columns that `expr` reads, added to `ids`.
void AddReferences(const ExprPtr& expr, IdSet* ids);
bool ReadsOnly(const ExprPtr& expr, const IdSet& ids);
bool ReadsAnyOf(const ExprPtr& expr, const IdSet& ids);
ExprPtr Substitute(const ExprPtr& expr, const Substitution& columns);

/// May be computed at another place of the plan: deterministic, and not from the time of the epoch
/// (which Spark does not move in a stream).
bool IsMovable(const ExprPtr& expr);
/// Holds a TimeWindow: rows without a time go and others may become several, so that the list it
/// stands in is more than a list.
bool HasTimeWindow(const ExprPtr& expr);

/// The conjunction of `parts`, equal ones once; null if there are none.
Result<ExprPtr> AndAll(const std::vector<ExprPtr>& parts, const OptimizerContext& context);
/// `input` under a filter of `parts`; `input` if there are none.
Result<RelationPtr> FilterBy(RelationPtr input, const std::vector<ExprPtr>& parts,
                             const OptimizerContext& context);

/// Columns whose NULL makes `expr` NULL, wherever in it: `expr` is a comparison or arithmetic.
void AddNullSensitive(const ExprPtr& expr, std::vector<ExprPtr>* columns);

bool ContainsEqual(const std::vector<ExprPtr>& many, const ExprPtr& one);

/// TransformUp with a rule that may fail.
Result<RelationPtr> TryTransformUp(const RelationPtr& plan,
                                   const std::function<Result<RelationPtr>(const RelationPtr&)>& f);

}  // namespace thalweg
