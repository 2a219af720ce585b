// The Parquet format, through the Arrow library's module: columns of files as Spark writes and
// reads them. Any thread.
#pragma once

#include "formats/format.h"

namespace thalweg {

const Format& ParquetFormat();

}  // namespace thalweg
