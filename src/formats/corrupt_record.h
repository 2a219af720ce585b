// The column of corrupt records (columnNameOfCorruptRecord) of JSON and CSV files. Any thread.
#pragma once

#include <string>

#include "formats/format.h"

namespace thalweg {

/// Its index in the output, -1 if it is not read. Errors: INVALID_CORRUPT_RECORD_TYPE;
/// UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN.
Result<int> FindCorruptColumn(const FormatRequest& request, const std::string& name);

/// MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION with file and line: the error of FAILFAST.
Status MalformedRecord(std::string_view record, const std::string& problem, const std::string& path,
                       int64_t line);

}  // namespace thalweg
