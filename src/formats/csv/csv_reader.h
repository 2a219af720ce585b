// Rows of one file of CSV lines. Made by CsvFormat.
#pragma once

#include <memory>

#include "formats/csv/csv_options.h"
#include "formats/format.h"

namespace thalweg {

Result<std::unique_ptr<BatchReader>> OpenCsvReader(Env& env, const std::string& path,
                                                   const FormatRequest& request,
                                                   const CsvOptions& options);

}  // namespace thalweg
