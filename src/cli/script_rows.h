// Rows in scripts: "00:00:01,ann" read by a schema, and rows printed for comparison. Times without
// a date are of 2024-01-01, texts with blanks stand in single quotes. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/batch.h"
#include "data/time_zone.h"
#include "data/value.h"

namespace thalweg {

/// 2024-01-01T00:00:00Z.
inline constexpr int64_t kScriptDayUs = 1'704'067'200'000'000;

/// Words separated by blanks; blanks in single quotes do not separate.
std::vector<std::string> SplitWords(std::string_view text);
/// Words by the last "name:" before them, "" where there is none.
std::vector<std::pair<std::string, std::vector<std::string>>> SplitByStream(std::string_view text);
/// One word a row, fields separated by commas, batches of at most `batch_rows` rows. Errors: fields
/// that are no values of their columns.
Result<std::vector<Batch>> ReadRows(const std::vector<std::string>& words, const SchemaPtr& schema,
                                    int batch_rows);
Result<int64_t> ReadScriptTime(const std::string& text);

/// A line per row; sorted unless `ordered`.
std::vector<std::string> PrintRows(const std::vector<Batch>& batches, const TimeZone& zone,
                                   bool ordered);

}  // namespace thalweg
