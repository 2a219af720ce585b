#include "formats/parquet/parquet_format.h"

#include <algorithm>

#include "formats/parquet/parquet_options.h"
#include "formats/parquet/parquet_reader.h"
#include "formats/parquet/parquet_schema.h"
#include "formats/parquet/parquet_writer.h"

namespace thalweg {
namespace {

class Parquet final : public Format {
 public:
  const char* name() const override { return "parquet"; }
  std::string Extension(const Options& options) const override {
    ParquetOptions read;
    return ReadParquetOptions(options, true, &read).ok() ? read.extension : ".parquet";
  }
  Status CheckOptions(const Options& options, bool write) const override {
    ParquetOptions read;
    return ReadParquetOptions(options, write, &read);
  }
  /// Like Spark without mergeSchema: the schema of the first file by path.
  Result<SchemaPtr> InferSchema(Env& env, const std::vector<std::string>& paths,
                                const Options&) const override {
    if (paths.empty()) return Status::User("UNABLE_TO_INFER_SCHEMA", {{"format", "Parquet"}});
    const std::string& first = *std::min_element(paths.begin(), paths.end());
    THALWEG_ASSIGN_OR_RETURN(const auto file, ParquetFile::Open(env, first, kFooterDamaged));
    return ParquetColumns(*file);
  }
  Result<std::unique_ptr<BatchReader>> OpenReader(Env& env, const std::string& path,
                                                  const FormatRequest& request) const override {
    return OpenParquetReader(env, path, request);
  }
  Result<std::unique_ptr<FormatWriter>> OpenWriter(
      Env& env, const std::string& path, const FormatWriteRequest& request) const override {
    ParquetOptions options;
    THALWEG_RETURN_NOT_OK(ReadParquetOptions(request.options, true, &options));
    return OpenParquetWriter(env, path, request, options);
  }
};

}  // namespace

const Format& ParquetFormat() {
  static const auto* format = new Parquet();
  return *format;
}

}  // namespace thalweg
