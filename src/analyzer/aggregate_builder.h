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

  /// GROUP BY GROUPING SETS: `sets` hold positions of `groupings`. Errors: not supported yet.
  static Result<std::shared_ptr<AggregateBuilder>> OfSets(
      RelationPtr input, const std::vector<ExprPtr>& groupings,
      const std::vector<std::vector<size_t>>& sets);

  /// `expr` over the input -> the same over the Aggregate's output. Errors: MISSING_AGGREGATION for
  /// a column that is neither grouped nor aggregated (MISSING_GROUP_BY without groupings), those of
  /// grouping() and grouping_id().
  Result<ExprPtr> Rewrite(const ExprPtr& expr);
  /// The Aggregate node with all calls seen so far.
  RelationPtr Build() const;
  /// The columns that only the groupings made, for names in HAVING and ORDER BY.
  std::vector<AttributePtr> grouping_columns() const;

 private:
  /// What is grouped by: `source` over the input, of which `grouping` (Attribute or Alias) tells
  /// the groups apart.
  struct Key {
    ExprPtr source;
    ExprPtr grouping;
  };

  explicit AggregateBuilder(RelationPtr input) : input_(std::move(input)) {}
  ExprPtr FindGrouping(const ExprPtr& expr) const;
  Result<ExprPtr> AddCall(const ExprPtr& call);
  Result<ExprPtr> RewriteGrouping(const Call& call) const;
  Status Missing(const ExprPtr& expr) const;
  std::string SourcesText() const;

  const RelationPtr input_;
  std::vector<Key> keys_;
  std::vector<ExprPtr> set_marks_;  // groupings that tell the sets apart; the first: grouping_id()
  std::vector<ExprPtr> calls_;      // Aliases of AggregateCalls
};

}  // namespace thalweg
