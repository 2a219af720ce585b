// AggregateBuilder: splits expressions over an aggregation into what the Aggregate node computes
// (groupings and one Alias an AggregateCall) and what a Project above it makes of that. The list,
// HAVING and ORDER BY of one SELECT share a builder, so that each call is computed once.
#pragma once

#include <vector>

#include "plan/clauses.h"

namespace thalweg {

class AggregateBuilder {
 public:
  /// `groupings` are typed expressions over `input`.
  AggregateBuilder(RelationPtr input, const std::vector<ExprPtr>& groupings);

  /// `expr` over the input -> the same over the Aggregate's output. Errors: MISSING_AGGREGATION for
  /// a column that is neither grouped nor aggregated (MISSING_GROUP_BY without groupings).
  Result<ExprPtr> Rewrite(const ExprPtr& expr);
  /// The Aggregate node with all calls seen so far.
  RelationPtr Build() const;
  /// The columns that a grouping made, for names in HAVING and ORDER BY.
  std::vector<AttributePtr> grouping_columns() const;

 private:
  ExprPtr FindGrouping(const ExprPtr& expr) const;
  ExprPtr AddCall(const ExprPtr& call);

  const RelationPtr input_;
  std::vector<ExprPtr> groupings_;  // Attributes and Aliases
  std::vector<ExprPtr> calls_;      // Aliases of AggregateCalls
};

}  // namespace thalweg
