// Streaming legality: what Spark refuses in a streaming query (reference: structured-streaming
// §1.8, §1.9), as rules over typed plans. CheckStreaming (analyzer/analyzer.h) is what Spark checks
// at start; CheckStreamingPlan is what it finds when it plans the first epoch. Pure functions.
#pragma once

#include "base/conf.h"
#include "plan/clauses.h"

namespace thalweg {

/// For the optimized plan, which no longer carries columns that nothing needs: event times and
/// watermarks that meet (_LEGACY_ERROR_TEMP_3076, 3077), joins of streams without an equality
/// (1181), keys whose equality is not that of their bytes, aggregations that append for ever.
Status CheckStreamingPlan(const RelationPtr& optimized, OutputMode mode, const Conf& conf);

/// Joins with a stream on some side (analyzer/legality_joins.cc).
Status CheckStreamingJoin(const Join& join, OutputMode mode);

/// Some conjunct `left == right` (or `<=>`) that compares one side of the join with the other.
bool HasEquality(const Join& join);

/// True if the watermark of `other`'s event time tells which rows of `kept` can find no partner
/// any more: some conjunct orders a sum of times of both sides, so that it can be solved.
bool BoundsState(const ExprPtr& condition, const std::vector<AttributePtr>& kept,
                 const std::vector<AttributePtr>& other);

/// The first function with OVER among the expressions of `relation`; null if there is none.
ExprPtr FindWindowCall(const Relation& relation);

/// One of `columns` carries a watermark.
bool HasEventTime(const std::vector<AttributePtr>& columns);

}  // namespace thalweg
