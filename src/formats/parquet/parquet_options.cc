#include "formats/parquet/parquet_options.h"

#include "data/type_text.h"

namespace thalweg {
namespace {

const std::vector<FormatOption>& KnownOptions() {
  static const auto* known = new std::vector<FormatOption>{
      {"compression"},
      {"datetimeRebaseMode", "CORRECTED", nullptr},
      {"int96RebaseMode", "CORRECTED", nullptr},
      {"mergeSchema", "false", nullptr},
  };
  return *known;
}

struct Codec {
  const char* name;
  const char* written_by;  // the codec of the module
  const char* extension;
};

constexpr Codec kCodecs[] = {
    {"snappy", "snappy", ".snappy.parquet"},   {"zstd", "zstd", ".zstd.parquet"},
    {"gzip", "gzip", ".gz.parquet"},           {"none", "none", ".parquet"},
    {"uncompressed", "none", ".parquet"},      {"lz4", "lz4", ".lz4hadoop.parquet"},
    {"lz4_raw", "lz4_raw", ".lz4raw.parquet"},
};

}  // namespace

Status ReadParquetOptions(const Options& options, bool write, ParquetOptions* out) {
  THALWEG_RETURN_NOT_OK(CheckOptionNames("parquet", KnownOptions(), options, write));
  const std::string name = TextOption(options, "compression", "snappy");
  for (const Codec& codec : kCodecs) {
    if (!EqualsIgnoringCase(codec.name, name)) continue;
    out->codec = codec.written_by;
    out->extension = codec.extension;
    return Status::OK();
  }
  if (EqualsIgnoringCase(name, "brotli") || EqualsIgnoringCase(name, "lzo")) {
    return NotSupportedYet("Parquet files compressed with " + name);
  }
  return Status::User(
      "CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION",
      {{"codecName", name},
       {"availableCodecs", "snappy, zstd, gzip, lz4, lz4_raw, none, uncompressed"}});
}

}  // namespace thalweg
