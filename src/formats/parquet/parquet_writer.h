// Writes one Parquet file as Spark does: its types, its names of nested fields, its schema in the
// footer. Made by ParquetFormat.
#pragma once

#include <memory>

#include "formats/format.h"
#include "formats/parquet/parquet_options.h"

namespace thalweg {

/// Errors: UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE, THALWEG_MODULE_MISSING, what Env says.
Result<std::unique_ptr<FormatWriter>> OpenParquetWriter(Env& env, const std::string& path,
                                                        const FormatWriteRequest& request,
                                                        const ParquetOptions& options);

}  // namespace thalweg
