#include <string_view>

#include <arrow/api.h>
#include <arrow/c/bridge.h>
#include <arrow/util/byte_size.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include "formats/arrow/module/bridge.h"
#include "formats/arrow/module/parquet.h"

struct ThalwegParquetWriter {
  std::shared_ptr<thalweg::arrow_module::Output> output;
  std::shared_ptr<arrow::Schema> schema;
  std::unique_ptr<parquet::arrow::FileWriter> file;
  int64_t group_bytes_max = 0;
  int64_t group_bytes = 0;  // of the values in the row group that is being filled
  bool finished = false;
};

namespace thalweg::arrow_module {
namespace {

/// The codecs by Spark's names: its lz4 is Hadoop's, with lengths before each block.
arrow::Compression::type CodecOf(std::string_view name) {
  if (name == "snappy") return arrow::Compression::SNAPPY;
  if (name == "gzip") return arrow::Compression::GZIP;
  if (name == "zstd") return arrow::Compression::ZSTD;
  if (name == "lz4") return arrow::Compression::LZ4_HADOOP;
  if (name == "lz4_raw") return arrow::Compression::LZ4;
  return arrow::Compression::UNCOMPRESSED;
}

arrow::Status Open(const ThalwegArrowOutput& output, ArrowSchema* schema,
                   const ThalwegParquetWriteOptions& options, ThalwegParquetWriter* writer) {
  ARROW_ASSIGN_OR_RAISE(writer->schema, arrow::ImportSchema(schema));
  writer->output = MakeOutput(output);
  writer->group_bytes_max = options.row_group_bytes;
  parquet::WriterProperties::Builder properties;
  properties.memory_pool(Pool())
      ->compression(CodecOf(options.codec))
      ->enable_page_checksum()
      ->enable_store_decimal_as_integer();
  ARROW_ASSIGN_OR_RAISE(writer->file,
                        parquet::arrow::FileWriter::Open(*writer->schema, Pool(), writer->output,
                                                         properties.build()));
  std::vector<std::string> keys, values;
  for (int i = 0; i + 1 < options.metadata_count; i += 2) {
    keys.emplace_back(options.metadata[i]);
    values.emplace_back(options.metadata[i + 1]);
  }
  return writer->file->AddKeyValueMetadata(arrow::key_value_metadata(keys, values));
}

void CloseWriter(ThalwegParquetWriter* writer) {
  // The library ends the file in its destructor.
  if (!writer->finished && writer->output != nullptr) writer->output->GiveUp();
  delete writer;
}

ThalwegParquetWriter* OpenWriter(const ThalwegArrowOutput* output, ArrowSchema* schema,
                                 const ThalwegParquetWriteOptions* options,
                                 ThalwegArrowError* error) {
  auto* writer = new ThalwegParquetWriter();
  if (Guarded(error, [&] { return Open(*output, schema, *options, writer); }) == 0) return writer;
  CloseWriter(writer);
  return nullptr;
}

int Write(ThalwegParquetWriter* writer, ArrowArray* batch, ThalwegArrowError* error) {
  return Guarded(error, [&]() -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(auto rows, arrow::ImportRecordBatch(batch, writer->schema));
    if (writer->group_bytes >= writer->group_bytes_max) {
      ARROW_RETURN_NOT_OK(writer->file->NewBufferedRowGroup());
      writer->group_bytes = 0;
    }
    writer->group_bytes += arrow::util::TotalBufferSize(*rows);
    return writer->file->WriteRecordBatch(*rows);
  });
}

int Finish(ThalwegParquetWriter* writer, ThalwegArrowError* error) {
  return Guarded(error, [&]() -> arrow::Status {
    ARROW_RETURN_NOT_OK(writer->file->Close());
    writer->finished = true;
    return arrow::Status::OK();
  });
}

}  // namespace

void AddParquetWriter(ThalwegArrowModule* table) {
  table->open_writer = OpenWriter;
  table->write = Write;
  table->finish = Finish;
  table->close_writer = CloseWriter;
}

}  // namespace thalweg::arrow_module
