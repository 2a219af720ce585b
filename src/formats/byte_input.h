// ByteInput: the bytes of one file from front to back, decompressed by the end of its name: .gz
// (gzip, also of several members), .zst (zstd, also of several frames), anything else as it is.
// What is read depends on the file alone, so that a replay reads the same. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/env.h"

namespace thalweg {

class ByteInput {
 public:
  virtual ~ByteInput() = default;
  /// Up to `capacity` > 0 bytes into `out`; 0 at the end and only there. Errors: what Env says;
  /// THALWEG_FILE_DAMAGED (file, byte) where compressed bytes are wrong or end too early.
  virtual Result<int64_t> Read(char* out, int64_t capacity) = 0;
  /// Bytes of the file (compressed ones where it is compressed) that were taken so far.
  virtual int64_t file_bytes() const = 0;
};

/// Errors: what Env says; THALWEG_NOT_SUPPORTED_YET for a compression that Spark knows by its name
/// (.bz2, .deflate, .lz4, .snappy, .xz).
Result<std::unique_ptr<ByteInput>> OpenByteInput(Env& env, const std::string& path);

}  // namespace thalweg
