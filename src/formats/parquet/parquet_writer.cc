#include "formats/parquet/parquet_writer.h"

#include "data/arrow_export.h"
#include "data/ddl.h"
#include "formats/arrow/arrow_library.h"
#include "formats/parquet/parquet_schema.h"

namespace thalweg {
namespace {

constexpr int64_t kRowGroupBytes = 128 << 20;  // Spark's parquet.block.size
constexpr ArrowStyle kStyle{.time_in_us = true, .intervals_as_int = true};

class ParquetWriter final : public FormatWriter {
 public:
  ParquetWriter(std::string path, std::unique_ptr<AppendFile> file, SchemaPtr schema,
                const ThalwegArrowModule* arrow)
      : path_(std::move(path)), file_(std::move(file)), schema_(std::move(schema)), arrow_(arrow) {}
  ~ParquetWriter() override {
    if (writer_ != nullptr) arrow_->close_writer(writer_);
  }
  Status Begin(const ParquetOptions& options);
  Status Write(const Batch& batch) override;
  Status Finish(bool sync) override;
  int64_t bytes_written() const override { return file_->size_bytes(); }

 private:
  static int Append(void* self, const void* bytes, int64_t length);
  Status Failed(const ThalwegArrowError& error) const;

  const std::string path_;
  const std::unique_ptr<AppendFile> file_;
  const SchemaPtr schema_;
  const ThalwegArrowModule* const arrow_;
  ThalwegParquetWriter* writer_ = nullptr;
  Status append_status_;  // of the append that failed
};

Status ParquetWriter::Begin(const ParquetOptions& options) {
  OwnedArrowSchema schema;
  THALWEG_RETURN_NOT_OK(ExportArrowSchema(*schema_, kStyle, schema.get()));
  const std::string json = TypeToJson(*schema_->AsStruct());
  const char* const metadata[] = {kSparkSchemaKey, json.c_str()};
  const ThalwegParquetWriteOptions write{options.codec.c_str(), kRowGroupBytes, metadata, 2};
  const ThalwegArrowOutput output{this, Append};
  ThalwegArrowError error{};
  writer_ = arrow_->open_writer(&output, schema.get(), &write, &error);
  return writer_ == nullptr ? Failed(error) : Status::OK();
}

Status ParquetWriter::Write(const Batch& batch) {
  if (batch.row_count() == 0) return Status::OK();
  Batch compact(schema_);
  AppendRows(batch, batch.selection(), &compact);
  OwnedArrowArray rows;
  ExportArrowBatch(compact, kStyle, rows.get());
  ThalwegArrowError error{};
  return arrow_->write(writer_, rows.get(), &error) == 0 ? Status::OK() : Failed(error);
}

Status ParquetWriter::Finish(bool sync) {
  ThalwegArrowError error{};
  if (arrow_->finish(writer_, &error) != 0) return Failed(error);
  return sync ? file_->Sync() : Status::OK();
}

int ParquetWriter::Append(void* self, const void* bytes, int64_t length) {
  auto* writer = static_cast<ParquetWriter*>(self);
  writer->append_status_ =
      writer->file_->Append({static_cast<const char*>(bytes), static_cast<size_t>(length)});
  return writer->append_status_.ok() ? 0 : 1;
}

Status ParquetWriter::Failed(const ThalwegArrowError& error) const {
  if (error.kind == kThalwegArrowCallback && !append_status_.ok()) return append_status_;
  return Status::World("Writing the Parquet file " + path_ + " failed: " + error.text);
}

}  // namespace

Result<std::unique_ptr<FormatWriter>> OpenParquetWriter(Env& env, const std::string& path,
                                                        const FormatWriteRequest& request,
                                                        const ParquetOptions& options) {
  THALWEG_ASSIGN_OR_RETURN(SchemaPtr columns, WrittenColumns(*request.schema));
  THALWEG_ASSIGN_OR_RETURN(const ThalwegArrowModule* arrow, OpenArrow());
  THALWEG_ASSIGN_OR_RETURN(auto file, env.files().Create(path));
  auto writer = std::make_unique<ParquetWriter>(path, std::move(file), std::move(columns), arrow);
  THALWEG_RETURN_NOT_OK(writer->Begin(options));
  return std::unique_ptr<FormatWriter>(std::move(writer));
}

}  // namespace thalweg
