#include "formats/byte_output.h"

#include <zlib.h>

#include "base/check.h"

namespace thalweg {
namespace {

constexpr size_t kPieceBytes = 64 * 1024;

class PlainOutput final : public ByteOutput {
 public:
  explicit PlainOutput(std::unique_ptr<AppendFile> file) : file_(std::move(file)) {}
  Status Append(std::string_view bytes) override {
    gathered_ += bytes;
    return gathered_.size() < kPieceBytes ? Status::OK() : Flush();
  }
  Status Finish(bool sync) override {
    THALWEG_RETURN_NOT_OK(Flush());
    return sync ? file_->Sync() : Status::OK();
  }
  int64_t file_bytes() const override { return file_->size_bytes(); }

 private:
  Status Flush() {
    if (gathered_.empty()) return Status::OK();
    THALWEG_RETURN_NOT_OK(file_->Append(gathered_));
    gathered_.clear();
    return Status::OK();
  }

  const std::unique_ptr<AppendFile> file_;
  std::string gathered_;
};

class GzipOutput final : public ByteOutput {
 public:
  explicit GzipOutput(std::unique_ptr<AppendFile> file) : file_(std::move(file)) {
    constexpr int kGzip = 16, kMemoryLevel = 8;
    const int made = deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip + MAX_WBITS,
                                  kMemoryLevel, Z_DEFAULT_STRATEGY);
    THALWEG_CHECK(made == Z_OK, "zlib has no memory");
  }
  ~GzipOutput() override { deflateEnd(&stream_); }
  Status Append(std::string_view bytes) override { return Deflate(bytes, Z_NO_FLUSH); }
  Status Finish(bool sync) override {
    THALWEG_RETURN_NOT_OK(Deflate({}, Z_FINISH));
    return sync ? file_->Sync() : Status::OK();
  }
  int64_t file_bytes() const override { return file_->size_bytes(); }

 private:
  Status Deflate(std::string_view bytes, int flush);

  const std::unique_ptr<AppendFile> file_;
  z_stream stream_ = {};
  std::string piece_;
};

Status GzipOutput::Deflate(std::string_view bytes, int flush) {
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream_.avail_in = static_cast<uInt>(bytes.size());
  bool full = true;
  while (full) {
    piece_.resize(kPieceBytes);
    stream_.next_out = reinterpret_cast<Bytef*>(piece_.data());
    stream_.avail_out = static_cast<uInt>(kPieceBytes);
    deflate(&stream_, flush);
    full = stream_.avail_out == 0;
    piece_.resize(kPieceBytes - stream_.avail_out);
    if (!piece_.empty()) THALWEG_RETURN_NOT_OK(file_->Append(piece_));
  }
  return Status::OK();
}

}  // namespace

Result<std::unique_ptr<ByteOutput>> OpenByteOutput(Env& env, const std::string& path) {
  THALWEG_ASSIGN_OR_RETURN(auto file, env.files().Create(path));
  const bool gzip = path.size() > 3 && path.compare(path.size() - 3, 3, ".gz") == 0;
  if (gzip) return std::unique_ptr<ByteOutput>(std::make_unique<GzipOutput>(std::move(file)));
  return std::unique_ptr<ByteOutput>(std::make_unique<PlainOutput>(std::move(file)));
}

}  // namespace thalweg
