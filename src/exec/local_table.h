// LocalTable: a table of rows that are known at planning (LocalRelation), which every read gives
// anew and in order. Immutable; any thread.
#pragma once

#include <memory>
#include <vector>

#include "data/contracts.h"

namespace thalweg {

/// `batches` are of `schema`, at most kBatchRows rows each.
TablePtr MakeLocalTable(SchemaPtr schema, std::shared_ptr<const std::vector<Batch>> batches);

}  // namespace thalweg
