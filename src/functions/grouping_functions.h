// grouping(x) and grouping_id(…): questions to GROUPING SETS, CUBE and ROLLUP. As calls they only
// stand for the question; the analyzer puts an answer in their place, computed from the number that
// tells which groupings a row is not grouped by: a bit each, the first grouping's the highest.
#pragma once

#include "plan/expression.h"

namespace thalweg {

bool IsGroupingFunction(const Expression& expr);

/// Bit `shift` of `grouping_id`, a BIGINT, as TINYINT.
ExprPtr MakeGroupingBit(ExprPtr grouping_id, int shift);

}  // namespace thalweg
