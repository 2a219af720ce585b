#include "formats/csv/csv_lines.h"

#include "data/parse_text.h"
#include "formats/utf8.h"

namespace thalweg {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

CsvLines::CsvLines(std::unique_ptr<ByteInput> input, const std::string& path,
                   const CsvOptions& options)
    : options_(options), lines_(std::move(input), path, options.line_separator) {}

Result<bool> CsvLines::Next(std::string_view* line) {
  if (first_record_) {
    first_record_ = false;
    if (options_.header) {
      THALWEG_ASSIGN_OR_RETURN(const bool more, NextRecord(line));
      if (!more) return false;
      header_ = *line;
    }
  }
  return NextRecord(line);
}

Result<bool> CsvLines::NextRecord(std::string_view* line) {
  while (true) {
    THALWEG_ASSIGN_OR_RETURN(const bool more, lines_.Next(line));
    if (!more) return false;
    if (first_line_ && line->starts_with(kByteOrderMark)) {
      line->remove_prefix(kByteOrderMark.size());
    }
    first_line_ = false;
    if (options_.syntax.comment != '\0' && line->starts_with(options_.syntax.comment)) continue;
    if (TrimText(*line).empty()) continue;
    in_block_ = IsValidUtf8(*line);
    if (!in_block_) {
      repaired_.clear();
      AppendRepairedUtf8(*line, &repaired_);
      *line = repaired_;
    }
    return true;
  }
}

}  // namespace thalweg
