#include "formats/csv/csv_format.h"

#include "formats/csv/csv_inference.h"
#include "formats/csv/csv_options.h"
#include "formats/csv/csv_reader.h"
#include "formats/csv/csv_writer.h"

namespace thalweg {
namespace {

class Csv final : public Format {
 public:
  const char* name() const override { return "csv"; }
  std::string Extension(const Options& options) const override {
    std::string compression;
    return CompressionOption(options, &compression).ok() ? ".csv" + compression : ".csv";
  }
  Status CheckOptions(const Options& options, bool write) const override {
    CsvOptions read;
    return ReadCsvOptions(options, write, &read);
  }
  Result<SchemaPtr> InferSchema(Env& env, const std::vector<std::string>& paths,
                                const Options& options) const override {
    CsvOptions read;
    THALWEG_RETURN_NOT_OK(ReadCsvOptions(options, false, &read));
    return InferCsvSchema(env, paths, read);
  }
  Result<std::unique_ptr<BatchReader>> OpenReader(Env& env, const std::string& path,
                                                  const FormatRequest& request) const override {
    CsvOptions options;
    THALWEG_RETURN_NOT_OK(ReadCsvOptions(request.options, false, &options));
    return OpenCsvReader(env, path, request, options);
  }
  Result<std::unique_ptr<FormatWriter>> OpenWriter(
      Env& env, const std::string& path, const FormatWriteRequest& request) const override {
    CsvOptions options;
    THALWEG_RETURN_NOT_OK(ReadCsvOptions(request.options, true, &options));
    return OpenCsvWriter(env, path, request, options);
  }
};

}  // namespace

const Format& CsvFormat() {
  static const auto* format = new Csv();
  return *format;
}

}  // namespace thalweg
