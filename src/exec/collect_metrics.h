// What CollectMetrics computes over the rows that pass it, resolved: arguments of aggregates over
// the input, aggregates over the arguments, metrics over the aggregates' results.
#pragma once

#include <string>
#include <vector>

#include "exec/grouping.h"
#include "plan/relation.h"

namespace thalweg {

struct MetricsShape {
  std::string name;  // of the observation
  std::vector<AttributePtr> input;
  std::vector<ExprPtr> arguments;  // become the columns that `aggregates` read
  AggregateList aggregates;
  std::vector<AttributePtr> results;  // of the aggregates, in order
  std::vector<ExprPtr> metrics;       // over `results`
  SchemaPtr schema;                   // of the row of metrics
  std::string text;                   // for EXPLAIN
};

}  // namespace thalweg
