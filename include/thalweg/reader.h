// DataFrameReader and DataStreamReader: where rows come from: a format, its options, a schema as
// DDL. Keys of options are case-insensitive. Values; what is wrong is told by Load's DataFrame.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "thalweg/dataframe.h"

namespace thalweg {
namespace api {

/// What both readers say.
struct ReadDescription {
  std::string format = "parquet";
  std::string schema;  // DDL; "": the format has one or infers it
  std::map<std::string, std::string> options;
};

template <class Reader>
class ReaderOptions {
 public:
  Reader& Format(std::string_view format) {
    description_.format = format;
    return Self();
  }
  Reader& Schema(std::string_view ddl) {
    description_.schema = ddl;
    return Self();
  }
  Reader& Option(std::string_view key, std::string_view value) {
    description_.options[std::string(key)] = value;
    return Self();
  }
  Reader& Option(std::string_view key, const char* value) {
    return Option(key, std::string_view(value));
  }
  Reader& Option(std::string_view key, bool value) { return Option(key, value ? "true" : "false"); }
  Reader& Option(std::string_view key, int64_t value) { return Option(key, std::to_string(value)); }
  Reader& Option(std::string_view key, int value) { return Option(key, std::to_string(value)); }
  Reader& Options(const std::map<std::string, std::string>& options) {
    for (const auto& [key, value] : options) Option(key, value);
    return Self();
  }
  DataFrame Load() { return Self().LoadPaths({}); }
  DataFrame Load(std::string_view path) { return Self().LoadPaths({std::string(path)}); }
  DataFrame Json(std::string_view path) { return Format("json").Load(path); }
  DataFrame Csv(std::string_view path) { return Format("csv").Load(path); }
  DataFrame Parquet(std::string_view path) { return Format("parquet").Load(path); }
  DataFrame Text(std::string_view path) { return Format("text").Load(path); }

 protected:
  ReadDescription description_;

 private:
  Reader& Self() { return static_cast<Reader&>(*this); }
};

class THALWEG_EXPORT DataFrameReader : public ReaderOptions<DataFrameReader> {
 public:
  DataFrame LoadPaths(std::vector<std::string> paths) const;
  DataFrame Table(std::string_view name) const;

 private:
  friend struct Access;
  explicit DataFrameReader(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}
  std::shared_ptr<Engine> engine_;
};

class THALWEG_EXPORT DataStreamReader : public ReaderOptions<DataStreamReader> {
 public:
  DataFrame LoadPaths(std::vector<std::string> paths) const;
  DataFrame Table(std::string_view name) const;

 private:
  friend struct Access;
  explicit DataStreamReader(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}
  std::shared_ptr<Engine> engine_;
};

}  // namespace api
}  // namespace thalweg
