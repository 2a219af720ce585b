// The lines of one CSV file that hold records: without the mark of UTF-8 at the
// begin, lines of blanks, comments and, if the file has one, the header. One
// thread at a time.
#pragma once

#include <string>

#include "formats/csv/csv_options.h"
#include "formats/line_reader.h"

namespace thalweg {

class CsvLines {
 public:
  /// `options` outlives this.
  CsvLines(std::unique_ptr<ByteInput> input, const std::string& path, const CsvOptions& options);

  /// The next record's line; bytes that are no UTF-8 become U+FFFD. False: the
  /// file is done.
  Result<bool> Next(std::string_view* line);
  /// The header, which the first Next takes away; "" if there is none.
  const std::string& header() const { return header_; }
  /// Is `line` a view into block()?
  bool in_block() const { return in_block_; }
  const LineReader& reader() const { return lines_; }

 private:
  Result<bool> NextRecord(std::string_view* line);

  const CsvOptions& options_;
  LineReader lines_;
  bool first_line_ = true;
  bool first_record_ = true;
  bool in_block_ = true;
  std::string header_;
  std::string repaired_;
};

}  // namespace thalweg
