// One Parquet file open for reading: the module's reader over a file of Env. One thread at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/env.h"
#include "data/arrow_c.h"
#include "formats/arrow/arrow_library.h"

namespace thalweg {

/// A damaged footer when the schema is looked for, and a damaged file when rows are read.
inline constexpr char kFooterDamaged[] = "FAILED_READ_FILE.CANNOT_READ_FILE_FOOTER";
inline constexpr char kRowsDamaged[] = "FAILED_READ_FILE.NO_HINT";

class ParquetFile {
 public:
  /// Reads the footer. Errors: what Env says; THALWEG_MODULE_MISSING; under `damaged` (Spark has
  /// two conditions) where there is no footer.
  static Result<std::unique_ptr<ParquetFile>> Open(Env& env, const std::string& path,
                                                   const char* damaged);
  ~ParquetFile();
  ParquetFile(const ParquetFile&) = delete;
  ParquetFile& operator=(const ParquetFile&) = delete;

  const std::string& path() const { return path_; }
  /// A struct of the columns that the file holds.
  const ArrowSchema& schema() const { return *schema_; }
  /// A value of the footer, nullptr: none.
  const char* FooterValue(const char* key) const;
  int64_t row_count() const;
  /// Begins to read columns (places in schema(), ascending, at least one).
  Status Begin(const std::vector<int>& columns);
  /// The next rows, a struct of the columns; false at the end. Errors: FAILED_READ_FILE.NO_HINT.
  Result<bool> Next(OwnedArrowArray* out);
  int64_t bytes_read() const { return bytes_read_; }

 private:
  explicit ParquetFile(std::string path) : path_(std::move(path)) {}
  static int64_t ReadAt(void* self, int64_t offset, int64_t length, void* out);
  Status Failed(const char* condition, const ThalwegArrowError& error) const;

  const std::string path_;
  std::unique_ptr<RandomFile> file_;
  const ThalwegArrowModule* arrow_ = nullptr;
  ThalwegParquetReader* reader_ = nullptr;
  OwnedArrowSchema schema_;
  Status read_status_;  // of the last read that failed
  int64_t bytes_read_ = 0;
};

}  // namespace thalweg
