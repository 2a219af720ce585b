#include "formats/decompressor.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>

#include "base/check.h"

namespace thalweg {
namespace {

class GzipDecompressor final : public Decompressor {
 public:
  GzipDecompressor() {
    THALWEG_CHECK(inflateInit2(&stream_, kGzipOnly + MAX_WBITS) == Z_OK, "zlib has no memory");
  }
  ~GzipDecompressor() override { inflateEnd(&stream_); }
  Outcome Step(const char* in, int64_t in_bytes, char* out, int64_t capacity) override;
  bool between_members() const override { return between_; }

 private:
  static constexpr int kGzipOnly = 16;
  z_stream stream_ = {};
  bool between_ = true;
};

class ZstdDecompressor final : public Decompressor {
 public:
  ZstdDecompressor() : stream_(ZSTD_createDStream()) {
    THALWEG_CHECK(stream_ != nullptr, "zstd has no memory");
  }
  ~ZstdDecompressor() override { ZSTD_freeDStream(stream_); }
  Outcome Step(const char* in, int64_t in_bytes, char* out, int64_t capacity) override;
  bool between_members() const override { return between_; }

 private:
  ZSTD_DStream* const stream_;
  bool between_ = true;
};

}  // namespace

std::unique_ptr<Decompressor> NewGzipDecompressor() {
  return std::make_unique<GzipDecompressor>();
}

std::unique_ptr<Decompressor> NewZstdDecompressor() {
  return std::make_unique<ZstdDecompressor>();
}

namespace {

Decompressor::Outcome GzipDecompressor::Step(const char* in, int64_t in_bytes, char* out,
                                             int64_t capacity) {
  constexpr int64_t kStepMax = 1 << 30;
  Outcome outcome;
  in_bytes = std::min(in_bytes, kStepMax);
  capacity = std::min(capacity, kStepMax);
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in));
  stream_.avail_in = static_cast<uInt>(in_bytes);
  stream_.next_out = reinterpret_cast<Bytef*>(out);
  stream_.avail_out = static_cast<uInt>(capacity);
  if (in_bytes > 0) between_ = false;
  const int code = inflate(&stream_, Z_NO_FLUSH);
  outcome.taken = in_bytes - stream_.avail_in;
  outcome.made = capacity - stream_.avail_out;
  if (code == Z_STREAM_END) {
    between_ = true;
    inflateReset(&stream_);
  } else if (code != Z_OK && code != Z_BUF_ERROR) {
    outcome.error = std::string("this is no gzip data: ") +
                    (stream_.msg != nullptr ? stream_.msg : "it needs a dictionary");
  }
  return outcome;
}

Decompressor::Outcome ZstdDecompressor::Step(const char* in, int64_t in_bytes, char* out,
                                             int64_t capacity) {
  Outcome outcome;
  ZSTD_inBuffer input = {in, static_cast<size_t>(in_bytes), 0};
  ZSTD_outBuffer output = {out, static_cast<size_t>(capacity), 0};
  if (in_bytes > 0) between_ = false;
  const size_t code = ZSTD_decompressStream(stream_, &output, &input);
  outcome.taken = static_cast<int64_t>(input.pos);
  outcome.made = static_cast<int64_t>(output.pos);
  if (ZSTD_isError(code)) {
    outcome.error = std::string("this is no zstd data: ") + ZSTD_getErrorName(code);
  } else if (code == 0) {
    between_ = true;
  }
  return outcome;
}

}  // namespace
}  // namespace thalweg
