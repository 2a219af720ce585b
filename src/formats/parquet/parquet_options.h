// Options of the Parquet format, by Spark's names.
#pragma once

#include <string>

#include "formats/format_options.h"

namespace thalweg {

struct ParquetOptions {
  std::string codec = "snappy";  // none, snappy, gzip, zstd, lz4, lz4_raw
  std::string extension = ".snappy.parquet";
};

/// Errors: an unknown option, one that is not built, a codec that there is not.
Status ReadParquetOptions(const Options& options, bool write, ParquetOptions* out);

}  // namespace thalweg
