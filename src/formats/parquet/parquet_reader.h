// Rows of one Parquet file. Made by ParquetFormat.
#pragma once

#include <memory>

#include "formats/format.h"

namespace thalweg {

/// Columns are found by name, without regard to case; one that the file has not is NULL. Errors:
/// those of ParquetFile; FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH.
Result<std::unique_ptr<BatchReader>> OpenParquetReader(Env& env, const std::string& path,
                                                       const FormatRequest& request);

}  // namespace thalweg
