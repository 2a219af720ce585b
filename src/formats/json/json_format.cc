#include "formats/json/json_format.h"

#include "formats/json/json_inference.h"
#include "formats/json/json_options.h"
#include "formats/json/json_reader.h"
#include "formats/json/json_writer.h"

namespace thalweg {
namespace {

class Json final : public Format {
 public:
  const char* name() const override { return "json"; }
  std::string Extension(const Options& options) const override {
    std::string compression;
    return CompressionOption(options, &compression).ok() ? ".json" + compression : ".json";
  }
  Status CheckOptions(const Options& options, bool write) const override {
    JsonOptions read;
    return ReadJsonOptions(options, write, &read);
  }
  Result<SchemaPtr> InferSchema(Env& env, const std::vector<std::string>& paths,
                                const Options& options) const override {
    JsonOptions read;
    THALWEG_RETURN_NOT_OK(ReadJsonOptions(options, false, &read));
    return InferJsonSchema(env, paths, read);
  }
  // A value of another type than its field's shows in other modes, and in the corrupt record.
  bool ReadsParts(const Options& options, const Schema& schema) const override {
    JsonOptions read;
    if (!ReadJsonOptions(options, false, &read).ok()) return false;
    return read.mode == ParseMode::kPermissive && schema.Find(read.corrupt_column) < 0;
  }
  Result<std::unique_ptr<BatchReader>> OpenReader(Env& env, const std::string& path,
                                                  const FormatRequest& request) const override {
    JsonOptions options;
    THALWEG_RETURN_NOT_OK(ReadJsonOptions(request.options, false, &options));
    return OpenJsonReader(env, path, request, options);
  }
  Result<std::unique_ptr<FormatWriter>> OpenWriter(
      Env& env, const std::string& path, const FormatWriteRequest& request) const override {
    JsonOptions options;
    THALWEG_RETURN_NOT_OK(ReadJsonOptions(request.options, true, &options));
    return OpenJsonWriter(env, path, request, options);
  }
};

}  // namespace

const Format& JsonFormat() {
  static const auto* format = new Json();
  return *format;
}

}  // namespace thalweg
