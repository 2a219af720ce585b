// The plans that the benchmarks run, as the analyzer would hand them over: typed nodes over one
// streaming table.
#pragma once

#include <string>

#include "plan/relation.h"

namespace thalweg {

struct WindowSpec {
  int64_t size_us = 0;
  int64_t slide_us = 0;
  int64_t delay_us = 0;  // of the watermark
};

/// SELECT k, <aggregate> FROM table GROUP BY k. `aggregate`: "count" of rows or "sum" of column
/// "v".
RelationPtr KeyedPlan(const TablePtr& table, const std::string& aggregate);

/// SELECT window, k, count(*) FROM table [WHERE k >= 0] WATERMARK ts … GROUP BY window(ts, …), k.
RelationPtr WindowedCountPlan(const TablePtr& table, const WindowSpec& window, bool filtered);

}  // namespace thalweg
