// The options of the JSON format, read once. Any thread.
#pragma once

#include <string>

#include "formats/format_options.h"
#include "formats/json/json_cursor.h"
#include "formats/json/json_time_formats.h"

namespace thalweg {

struct JsonOptions {
  JsonSyntax syntax;
  ParseMode mode = ParseMode::kPermissive;
  std::string corrupt_column = "_corrupt_record";
  std::string zone;  // "": the session's
  JsonTimeFormats formats = {};
  std::string line_separator;  // "": any line end
  // Of schema inference.
  bool primitives_as_string = false;
  bool prefers_decimal = false;
  bool drop_all_null = false;
  bool infer_timestamp = false;
  // Of writing.
  bool ignore_null_fields = true;
  std::string compression;  // the end of file names
};

/// A name, in any case, that ReadJsonOptions knows.
bool IsJsonOption(std::string_view name);
/// Errors: those of format_options.h.
Status ReadJsonOptions(const Options& options, bool write, JsonOptions* out);

}  // namespace thalweg
