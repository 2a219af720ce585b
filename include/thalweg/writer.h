// DataFrameWriter: rows at rest into files: df.Write(). The files of a write appear when all of
// them are there. A value; what is wrong is told by Save.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "thalweg/dataframe.h"

namespace thalweg {
namespace api {

class THALWEG_EXPORT DataFrameWriter {
 public:
  DataFrameWriter& Format(std::string_view format) {
    format_ = format;
    return *this;
  }
  /// What becomes of what is there: error (the default), append, overwrite, ignore.
  DataFrameWriter& Mode(std::string_view mode) {
    mode_ = mode;
    return *this;
  }
  /// Keys are case-insensitive.
  DataFrameWriter& Option(std::string_view key, std::string_view value) {
    options_[std::string(key)] = value;
    return *this;
  }
  /// A directory for each value of these columns, in this order.
  DataFrameWriter& PartitionBy(std::vector<std::string> columns) {
    partition_columns_ = std::move(columns);
    return *this;
  }
  /// Errors: PATH_ALREADY_EXISTS, INVALID_SAVE_MODE, an unknown format or option, those of the
  /// query and of the disk.
  Status Save() const;
  Status Save(std::string_view path) { return Option("path", path).Save(); }
  Status Json(std::string_view path) { return Format("json").Save(path); }
  Status Csv(std::string_view path) { return Format("csv").Save(path); }
  Status Parquet(std::string_view path) { return Format("parquet").Save(path); }
  Status Text(std::string_view path) { return Format("text").Save(path); }

 private:
  friend class DataFrame;
  explicit DataFrameWriter(DataFrame frame) : frame_(std::move(frame)) {}
  DataFrame frame_;
  std::string format_ = "parquet";
  std::string mode_ = "error";
  std::map<std::string, std::string> options_;
  std::vector<std::string> partition_columns_;
};

}  // namespace api
}  // namespace thalweg
