// The query that is crashed, as a typed plan:
//
//   memory source ─▶ filter v >= 0 ─▶ watermark ts, 5 s ─▶ window(ts), k: count(*), sum(v)
//                                       [, sum(amount) in tumbling windows] ─▶ memory sink
//
// sum(amount) is a sum of doubles: it is right bit for bit only if the rows of a group are folded
// in the order of the epoch.
#pragma once

#include "connectors/memory/memory_table.h"
#include "oracle.h"
#include "plan/relation.h"

namespace thalweg {

RelationPtr WindowedCount(const TablePtr& source, const QueryShape& shape);

/// The columns that come out, for the sink.
SchemaPtr ResultSchema(const QueryShape& shape);

/// Rows of the sink as the oracle writes them, sorted.
std::vector<WindowRow> ToWindowRows(const std::vector<Batch>& batches, const QueryShape& shape);

}  // namespace thalweg
