// The options of the CSV format, read once. Any thread.
#pragma once

#include <optional>
#include <string>

#include "data/time_pattern.h"
#include "formats/csv/csv_tokenizer.h"
#include "formats/format_options.h"

namespace thalweg {

struct CsvOptions {
  CsvSyntax syntax;
  std::string null_value;  // an unquoted text that is NULL
  ParseMode mode = ParseMode::kPermissive;
  std::string corrupt_column = "_corrupt_record";
  bool header = false;
  bool enforce_schema = true;
  std::string zone;            // "": the session's
  std::string line_separator;  // "": any line end
  std::string nan = "NaN";
  std::string positive_infinity = "Inf";
  std::string negative_infinity = "-Inf";
  std::string date_format;  // "": as CAST reads, ISO when written
  std::string timestamp_format;
  std::string timestamp_ntz_format;
  // Of schema inference.
  bool infer_schema = false;
  bool prefer_date = true;
  // Of writing.
  bool quote_all = false;
  bool escape_quotes = true;
  std::string empty_written = "\"\"";
  std::string compression;  // the end of file names
};

/// Errors: those of format_options.h; OPTION_VALUE_EXCEEDS_ONE_CHARACTER.
Status ReadCsvOptions(const Options& options, bool write, CsvOptions* out);

/// UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE; THALWEG_NOT_SUPPORTED_YET for VARIANT.
Status CheckCsvColumns(const Schema& schema);

}  // namespace thalweg
