// The schema of JSON files, as Spark infers it: numbers widened, fields sorted by name, a column of
// corrupt records where there are some. Reads every line. Any thread.
#pragma once

#include <string>
#include <vector>

#include "formats/format.h"
#include "formats/json/json_options.h"

namespace thalweg {

/// Errors: UNABLE_TO_INFER_SCHEMA (no files); MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION (mode
/// FAILFAST); COLUMN_ALREADY_EXISTS; unreadable files.
Result<SchemaPtr> InferJsonSchema(Env& env, const std::vector<std::string>& paths,
                                  const JsonOptions& options);

/// The type of one value as schema_of_json tells it. False: the text is no JSON.
bool InferJsonValue(std::string_view text, const JsonOptions& options, const TimeZone& zone,
                    TypePtr* out);

}  // namespace thalweg
