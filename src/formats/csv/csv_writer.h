// Writes one file of CSV lines, as Spark does. Made by CsvFormat.
#pragma once

#include <memory>

#include "formats/csv/csv_options.h"
#include "formats/format.h"

namespace thalweg {

Result<std::unique_ptr<FormatWriter>> OpenCsvWriter(Env& env, const std::string& path,
                                                    const FormatWriteRequest& request,
                                                    const CsvOptions& options);

}  // namespace thalweg
