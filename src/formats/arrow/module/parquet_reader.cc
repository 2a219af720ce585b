#include <arrow/api.h>
#include <arrow/c/bridge.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>

#include "formats/arrow/module/bridge.h"
#include "formats/arrow/module/parquet.h"

struct ThalwegParquetReader {
  std::unique_ptr<parquet::arrow::FileReader> file;
  std::unique_ptr<arrow::RecordBatchReader> batches;
};

namespace thalweg::arrow_module {
namespace {

constexpr int64_t kBatchRows = 8192;  // per read; the host cuts them into batches of its own

/// The Arrow type as Spark means the Parquet type. Only types of one layout are exchanged.
std::shared_ptr<arrow::Field> MeantField(const parquet::arrow::SchemaField& field,
                                         const parquet::SchemaDescriptor& file) {
  if (field.is_leaf()) {
    const parquet::ColumnDescriptor& column = *file.Column(field.column_index);
    const auto& logical = column.logical_type();
    if (column.physical_type() == parquet::Type::INT96) {
      return field.field->WithType(arrow::timestamp(arrow::TimeUnit::MICRO, "UTC"));
    }
    const bool text = logical != nullptr && (logical->is_enum() || logical->is_JSON());
    if (text && field.field->type()->id() == arrow::Type::BINARY) {
      return field.field->WithType(arrow::utf8());
    }
    if (field.field->type()->id() == arrow::Type::DURATION) {
      return field.field->WithType(arrow::int64());  // only Arrow's own note in the footer says so
    }
    return field.field;
  }
  arrow::FieldVector children;
  for (const auto& child : field.children) children.push_back(MeantField(child, file));
  const arrow::DataType& type = *field.field->type();
  if (type.id() == arrow::Type::STRUCT) return field.field->WithType(arrow::struct_(children));
  if (type.id() == arrow::Type::LIST) return field.field->WithType(arrow::list(children[0]));
  if (type.id() == arrow::Type::MAP) {
    return field.field->WithType(std::make_shared<arrow::MapType>(children[0]));
  }
  return field.field;
}

void AddLeaves(const parquet::arrow::SchemaField& field, std::vector<int>* out) {
  if (field.is_leaf()) out->push_back(field.column_index);
  for (const auto& child : field.children) AddLeaves(child, out);
}

ThalwegParquetReader* OpenReader(const ThalwegArrowInput* input, ThalwegArrowError* error) {
  auto reader = std::make_unique<ThalwegParquetReader>();
  const int failed = Guarded(error, [&]() -> arrow::Status {
    parquet::ReaderProperties properties(Pool());
    properties.set_page_checksum_verification(true);
    auto file = parquet::ParquetFileReader::Open(MakeInput(*input), properties);
    parquet::ArrowReaderProperties arrow_properties(/*use_threads=*/false);
    arrow_properties.set_pre_buffer(false);
    arrow_properties.set_batch_size(kBatchRows);
    arrow_properties.set_coerce_int96_timestamp_unit(arrow::TimeUnit::MICRO);
    return parquet::arrow::FileReader::Make(Pool(), std::move(file), arrow_properties)
        .Value(&reader->file);
  });
  return failed == 0 ? reader.release() : nullptr;
}

int ReaderSchema(ThalwegParquetReader* reader, ArrowSchema* out, ThalwegArrowError* error) {
  return Guarded(error, [&]() -> arrow::Status {
    const parquet::arrow::SchemaManifest& manifest = reader->file->manifest();
    arrow::FieldVector fields;
    for (const auto& field : manifest.schema_fields) {
      fields.push_back(MeantField(field, *manifest.descr));
    }
    return arrow::ExportSchema(arrow::Schema(fields), out);
  });
}

const char* FooterValue(ThalwegParquetReader* reader, const char* key) {
  const auto values = reader->file->parquet_reader()->metadata()->key_value_metadata();
  const int at = values == nullptr ? -1 : values->FindKey(key);
  return at < 0 ? nullptr : values->value(at).c_str();
}

int64_t ReaderRows(ThalwegParquetReader* reader) {
  return reader->file->parquet_reader()->metadata()->num_rows();
}

int BeginRead(ThalwegParquetReader* reader, const int* columns, int count,
              ThalwegArrowError* error) {
  return Guarded(error, [&]() -> arrow::Status {
    const parquet::arrow::SchemaManifest& manifest = reader->file->manifest();
    std::vector<int> leaves, groups;
    for (int i = 0; i < count; ++i) AddLeaves(manifest.schema_fields[columns[i]], &leaves);
    for (int i = 0; i < reader->file->num_row_groups(); ++i) groups.push_back(i);
    return reader->file->GetRecordBatchReader(groups, leaves).Value(&reader->batches);
  });
}

int ReadNext(ThalwegParquetReader* reader, ArrowArray* out, ThalwegArrowError* error) {
  return Guarded(error, [&]() -> arrow::Status {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(reader->batches->ReadNext(&batch));
    if (batch != nullptr) return arrow::ExportRecordBatch(*batch, out);
    out->release = nullptr;
    return arrow::Status::OK();
  });
}

void CloseReader(ThalwegParquetReader* reader) {
  delete reader;
}

}  // namespace

void AddParquetReader(ThalwegArrowModule* table) {
  table->open_reader = OpenReader;
  table->reader_schema = ReaderSchema;
  table->footer_value = FooterValue;
  table->reader_rows = ReaderRows;
  table->begin_read = BeginRead;
  table->read_next = ReadNext;
  table->close_reader = CloseReader;
}

}  // namespace thalweg::arrow_module
