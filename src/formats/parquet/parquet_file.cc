#include "formats/parquet/parquet_file.h"

namespace thalweg {

Result<std::unique_ptr<ParquetFile>> ParquetFile::Open(Env& env, const std::string& path,
                                                       const char* damaged) {
  std::unique_ptr<ParquetFile> file(new ParquetFile(path));
  THALWEG_ASSIGN_OR_RETURN(file->file_, env.files().OpenRead(path));
  THALWEG_ASSIGN_OR_RETURN(file->arrow_, OpenArrow());
  const ThalwegArrowInput input{file.get(), file->file_->size_bytes(), ReadAt};
  ThalwegArrowError error{};
  file->reader_ = file->arrow_->open_reader(&input, &error);
  if (file->reader_ == nullptr ||
      file->arrow_->reader_schema(file->reader_, file->schema_.get(), &error) != 0) {
    return file->Failed(damaged, error);
  }
  return file;
}

ParquetFile::~ParquetFile() {
  if (reader_ != nullptr) arrow_->close_reader(reader_);
}

const char* ParquetFile::FooterValue(const char* key) const {
  return arrow_->footer_value(reader_, key);
}

int64_t ParquetFile::row_count() const {
  return arrow_->reader_rows(reader_);
}

Status ParquetFile::Begin(const std::vector<int>& columns) {
  ThalwegArrowError error{};
  if (arrow_->begin_read(reader_, columns.data(), static_cast<int>(columns.size()), &error) == 0) {
    return Status::OK();
  }
  return Failed(kRowsDamaged, error);
}

Result<bool> ParquetFile::Next(OwnedArrowArray* out) {
  out->Reset();
  ThalwegArrowError error{};
  if (arrow_->read_next(reader_, out->get(), &error) != 0) {
    return Failed(kRowsDamaged, error);
  }
  return static_cast<bool>(*out);
}

int64_t ParquetFile::ReadAt(void* self, int64_t offset, int64_t length, void* out) {
  auto* file = static_cast<ParquetFile*>(self);
  const Result<int64_t> read = file->file_->ReadAt(offset, length, static_cast<char*>(out));
  if (!read.ok()) {
    file->read_status_ = read.status();
    return -1;
  }
  file->bytes_read_ += *read;
  return *read;
}

Status ParquetFile::Failed(const char* condition, const ThalwegArrowError& error) const {
  if (error.kind == kThalwegArrowCallback && !read_status_.ok()) return read_status_;
  if (error.kind == kThalwegArrowNotBuilt) {
    return NotSupportedYet(std::string("reading ") + path_ + ": " + error.text);
  }
  if (error.kind == kThalwegArrowMemory) {
    return Status::World("Reading " + path_ + " failed: " + error.text);
  }
  return Status::World(condition, {{"path", path_}}).WithContext(error.text);
}

}  // namespace thalweg
