#include "formats/parquet/parquet_reader.h"

#include <algorithm>

#include "data/arrow_import.h"
#include "data/type_text.h"
#include "formats/parquet/parquet_file.h"
#include "formats/parquet/parquet_schema.h"

namespace thalweg {
namespace {

class ParquetReader final : public BatchReader {
 public:
  ParquetReader(std::unique_ptr<ParquetFile> file, SchemaPtr schema)
      : file_(std::move(file)), schema_(std::move(schema)), rows_left_(file_->row_count()) {}
  Status Begin();
  Result<bool> Next(Batch* out) override;
  int64_t bytes_read() const override { return file_->bytes_read(); }

 private:
  struct Column {
    int place = -1;  // in the arrays that the file gives; -1: it has no such column
    std::unique_ptr<ArrowImporter> importer;
  };
  Result<int> Find(const StructField& field) const;
  Status MakeImporter(const StructField& field, int place, Column* out) const;
  Status Fill(Batch* out, int count);

  const std::unique_ptr<ParquetFile> file_;
  const SchemaPtr schema_;
  std::vector<Column> columns_;
  bool reads_ = false;  // some column is in the file
  OwnedArrowArray rows_;
  int64_t taken_ = 0;      // of rows_
  int64_t rows_left_ = 0;  // of a file of which no column is read
};

bool HoldsTimes(const DataType& type) {
  return HoldsKind(type, TypeKind::kDate) || HoldsKind(type, TypeKind::kTimestamp);
}

/// The place of a column among the file's, -1: none.
Result<int> ParquetReader::Find(const StructField& field) const {
  int found = -1;
  std::string names;
  for (int64_t i = 0; i < file_->schema().n_children; ++i) {
    const char* const name = file_->schema().children[i]->name;
    if (!EqualsIgnoringCase(name, field.name)) continue;
    names += (names.empty() ? "" : ", ") + std::string(name);
    if (found >= 0) {
      return Status::Legacy(2093, "The column " + field.name + " is ambiguous: the file " +
                                      file_->path() + " has the columns " + names +
                                      ". Names are compared without regard to case.");
    }
    found = static_cast<int>(i);
  }
  return found;
}

Status ParquetReader::MakeImporter(const StructField& field, int place, Column* out) const {
  ArrowImporter::Mismatch mismatch;
  out->importer = ArrowImporter::Make(*file_->schema().children[place], field.type, &mismatch);
  if (out->importer != nullptr) return Status::OK();
  return Status::World("FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH",
                       {{"path", file_->path()},
                        {"column", "[" + mismatch.column + "]"},
                        {"expectedType", mismatch.wanted},
                        {"actualType", mismatch.found}});
}

Status ParquetReader::Begin() {
  std::vector<int> places;  // in the file, by column
  for (const StructField& field : schema_->columns()) {
    if (HoldsKind(*field.type, TypeKind::kVariant)) {
      return NotSupportedYet("reading the VARIANT column " + field.name + " of " + file_->path());
    }
    THALWEG_ASSIGN_OR_RETURN(const int place, Find(field));
    places.push_back(place);
    if (place >= 0 && HoldsTimes(*field.type) && HasOldCalendar(*file_)) {
      return NotSupportedYet("the old calendar of " + file_->path() +
                             ", which Spark 2 has written, in the column " + field.name);
    }
  }
  std::vector<int> wanted = places;
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::erase(wanted, -1);
  for (int i = 0; i < schema_->size(); ++i) {
    Column& column = columns_.emplace_back();
    if (places[i] < 0) continue;
    column.place =
        static_cast<int>(std::find(wanted.begin(), wanted.end(), places[i]) - wanted.begin());
    THALWEG_RETURN_NOT_OK(MakeImporter(schema_->column(i), places[i], &column));
  }
  reads_ = !wanted.empty();
  return reads_ ? file_->Begin(wanted) : Status::OK();
}

Result<bool> ParquetReader::Next(Batch* out) {
  int64_t left = rows_left_;
  if (reads_) {
    while (!rows_ || taken_ == rows_->length) {
      THALWEG_ASSIGN_OR_RETURN(const bool more, file_->Next(&rows_));
      if (!more) return false;
      taken_ = 0;
    }
    left = rows_->length - taken_;
  }
  const int count = static_cast<int>(std::min<int64_t>(left, kBatchRows));
  if (count == 0) return false;
  THALWEG_RETURN_NOT_OK(Fill(out, count));
  rows_left_ -= count;
  taken_ += count;
  return true;
}

Status ParquetReader::Fill(Batch* out, int count) {
  out->Reset(schema_);
  for (int i = 0; i < schema_->size(); ++i) {
    Vector& to = out->mutable_column(i);
    if (columns_[i].place < 0) {
      to.ResetNull(schema_->column(i).type, count);
      continue;
    }
    const Status read =
        columns_[i].importer->Import(*rows_->children[columns_[i].place], taken_, count, &to);
    if (!read.ok()) return read.WithContext(file_->path());
  }
  out->SetRowCount(count);
  return Status::OK();
}

}  // namespace

Result<std::unique_ptr<BatchReader>> OpenParquetReader(Env& env, const std::string& path,
                                                       const FormatRequest& request) {
  THALWEG_ASSIGN_OR_RETURN(auto file, ParquetFile::Open(env, path, kRowsDamaged));
  auto reader = std::make_unique<ParquetReader>(std::move(file), request.output);
  THALWEG_RETURN_NOT_OK(reader->Begin());
  return std::unique_ptr<BatchReader>(std::move(reader));
}

}  // namespace thalweg
