// The columns of CSV files, as Spark infers them: names by the header or _c0,
// _c1, …, as many as the first line has, all STRING or, with inferSchema, what
// every line looks like. Any thread.
#pragma once

#include <string>
#include <vector>

#include "formats/csv/csv_options.h"
#include "formats/format.h"

namespace thalweg {

/// Errors: UNABLE_TO_INFER_SCHEMA (no files); COLUMN_ALREADY_EXISTS; unreadable
/// files.
Result<SchemaPtr> InferCsvSchema(Env& env, const std::vector<std::string>& paths,
                                 const CsvOptions& options);

}  // namespace thalweg
