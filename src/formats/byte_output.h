// ByteOutput: the bytes of one new file, compressed as gzip if its name ends with .gz. Bytes are
// gathered before they go to the file. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/env.h"

namespace thalweg {

class ByteOutput {
 public:
  virtual ~ByteOutput() = default;
  virtual Status Append(std::string_view bytes) = 0;
  /// All bytes are in the file and, if `sync`, durable. Nothing may be appended afterwards.
  virtual Status Finish(bool sync) = 0;
  /// Bytes of the file so far; of all bytes after Finish.
  virtual int64_t file_bytes() const = 0;
};

/// A new file; one that is there is replaced.
Result<std::unique_ptr<ByteOutput>> OpenByteOutput(Env& env, const std::string& path);

}  // namespace thalweg
