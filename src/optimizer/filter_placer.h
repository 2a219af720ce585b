// Where a filter comes to rest: FilterPlacer takes conjuncts down a plan as far as Spark takes
// them. Spark's places are part of what a streaming query does: a row that is filtered below a
// watermark does not move it, one that is filtered above does. Lives for one call of the rule.
#pragma once

#include <vector>

#include "optimizer/predicates.h"

namespace thalweg {

class FilterPlacer {
 public:
  explicit FilterPlacer(const OptimizerContext& context) : context_(context) {}

  using Parts = std::vector<ExprPtr>;
  /// `relation` with only the rows that all `parts` let through.
  Result<RelationPtr> Place(const Parts& parts, const RelationPtr& relation);
  /// A join whose own condition has been taken apart.
  Result<RelationPtr> PlaceCondition(const RelationPtr& join);

 private:
  /// Splits `parts`: those that `goes_down` may be placed below, the others stay.
  template <class F>
  static Parts TakeIf(Parts* parts, F goes_down);

  Result<RelationPtr> PlaceBelow(const Parts& parts, const RelationPtr& relation);
  Result<RelationPtr> BelowFilter(const Parts& parts, const RelationPtr& relation);
  Result<RelationPtr> BelowProject(Parts parts, const RelationPtr& relation);
  Result<RelationPtr> BelowAggregate(Parts parts, const RelationPtr& relation);
  Result<RelationPtr> BelowWatermark(Parts parts, const RelationPtr& relation);
  Result<RelationPtr> BelowUnion(const Parts& parts, const RelationPtr& relation);
  Result<RelationPtr> BelowGenerate(Parts parts, const RelationPtr& relation);
  Result<RelationPtr> BelowJoin(Parts parts, const RelationPtr& relation);
  Result<RelationPtr> BelowInput(const Parts& parts, const RelationPtr& relation);
  /// The join over filtered sides, with `condition` as its parts.
  Result<RelationPtr> Rejoin(const Join& join, const Parts& left, const Parts& right,
                             const Parts& condition);

  const OptimizerContext& context_;
};

}  // namespace thalweg
