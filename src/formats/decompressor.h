// Decompressor: turns compressed bytes into plain ones piece by piece; used by ByteInput alone.
// Members (gzip) or frames (zstd) may follow each other. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace thalweg {

class Decompressor {
 public:
  struct Outcome {
    int64_t taken = 0;  // bytes of input that are done with
    int64_t made = 0;   // bytes of output
    std::string error;  // "" or what is wrong with the byte behind those taken
  };
  virtual ~Decompressor() = default;
  virtual Outcome Step(const char* in, int64_t in_bytes, char* out, int64_t capacity) = 0;
  /// Nothing is missing when the file ends here.
  virtual bool between_members() const = 0;
};

std::unique_ptr<Decompressor> NewGzipDecompressor();
std::unique_ptr<Decompressor> NewZstdDecompressor();

}  // namespace thalweg
