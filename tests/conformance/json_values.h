// JSON -> values, as the corpus encodes them (FORMAT.md, "Value encoding"): typed by the schema,
// integers and doubles exact. Pure functions.
#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/status.h"
#include "data/batch.h"
#include "data/value.h"

namespace thalweg {

using Row = std::vector<Value>;

/// Errors: a JSON that encodes no value of the type.
Result<Value> DecodeValue(const nlohmann::json& encoded, const TypePtr& type);
/// An array of rows, each an array in column order.
Result<std::vector<Row>> DecodeRows(const nlohmann::json& encoded, const Schema& schema);

/// Rows as batches of at most kBatchRows rows; and back, selected rows only.
std::vector<Batch> ToBatches(const std::vector<Row>& rows, const SchemaPtr& schema);
void AppendRows(const Batch& batch, std::vector<Row>* rows);

}  // namespace thalweg
