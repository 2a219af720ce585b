#include "formats/byte_input.h"

#include <algorithm>
#include <string_view>

#include "base/memory.h"
#include "formats/decompressor.h"

namespace thalweg {
namespace {

constexpr int64_t kCompressedBlockBytes = 64 * 1024;

class PlainInput final : public ByteInput {
 public:
  explicit PlainInput(std::unique_ptr<RandomFile> file) : file_(std::move(file)) {}
  Result<int64_t> Read(char* out, int64_t capacity) override;
  int64_t file_bytes() const override { return offset_; }

 private:
  std::unique_ptr<RandomFile> file_;
  int64_t offset_ = 0;
};

class CompressedInput final : public ByteInput {
 public:
  CompressedInput(PlainInput file, std::unique_ptr<Decompressor> decompressor, std::string path)
      : file_(std::move(file)),
        decompressor_(std::move(decompressor)),
        path_(std::move(path)),
        block_(Buffer::Allocate(kCompressedBlockBytes)) {}
  Result<int64_t> Read(char* out, int64_t capacity) override;
  int64_t file_bytes() const override { return file_.file_bytes() - rest_; }

 private:
  Status Damaged(const std::string& what) const;

  PlainInput file_;
  const std::unique_ptr<Decompressor> decompressor_;
  const std::string path_;
  const Buffer block_;
  const char* top_ = nullptr;
  int64_t rest_ = 0;  // bytes from top_ on that are not decompressed yet
};

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

Result<std::unique_ptr<ByteInput>> OpenByteInput(Env& env, const std::string& path) {
  for (const char* end : {".bz2", ".deflate", ".lz4", ".snappy", ".xz"}) {
    if (EndsWith(path, end)) {
      return NotSupportedYet("reading files compressed as *" + std::string(end) + " ('" + path +
                             "'); gzip (.gz) and zstd (.zst) are read");
    }
  }
  THALWEG_ASSIGN_OR_RETURN(auto file, env.files().OpenRead(path));
  const bool gzip = EndsWith(path, ".gz");
  if (!gzip && !EndsWith(path, ".zst")) {
    return std::unique_ptr<ByteInput>(std::make_unique<PlainInput>(std::move(file)));
  }
  return std::unique_ptr<ByteInput>(std::make_unique<CompressedInput>(
      PlainInput(std::move(file)), gzip ? NewGzipDecompressor() : NewZstdDecompressor(), path));
}

namespace {

Result<int64_t> PlainInput::Read(char* out, int64_t capacity) {
  THALWEG_ASSIGN_OR_RETURN(const int64_t read, file_->ReadAt(offset_, capacity, out));
  offset_ += read;
  return read;
}

Result<int64_t> CompressedInput::Read(char* out, int64_t capacity) {
  while (true) {
    if (rest_ == 0) {
      THALWEG_ASSIGN_OR_RETURN(rest_, file_.Read(block_.as<char>(), kCompressedBlockBytes));
      top_ = block_.as<char>();
    }
    const bool file_ended = rest_ == 0;
    if (file_ended && decompressor_->between_members()) return 0;
    const auto step = decompressor_->Step(top_, rest_, out, capacity);
    if (!step.error.empty()) return Damaged(step.error);
    top_ += step.taken;
    rest_ -= step.taken;
    if (step.made > 0) return step.made;
    if (file_ended) return Damaged("the compressed data ends in the middle");
  }
}

Status CompressedInput::Damaged(const std::string& what) const {
  return Status::World("THALWEG_FILE_DAMAGED",
                       {{"file", path_}, {"offset", std::to_string(file_bytes())}, {"what", what}});
}

}  // namespace
}  // namespace thalweg
