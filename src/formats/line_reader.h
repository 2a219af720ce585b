// LineReader: the lines of a file, as views into blocks of bytes that whoever keeps a view holds
// on to. A line ends at \n, \r\n or \r, or at a separator of its own; the end of the file ends the
// last one. Bytes behind those of the block are readable and no text (simdjson and wide loads).
//
//   block:  | given out |  line  |  line  | begin of a line |  zeros
//                       ^top                                ^end
//
// The fast way is to read from top() and to Advance(); NextInBlock and Next read any line.
// One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/memory.h"
#include "base/status.h"
#include "formats/byte_input.h"

namespace thalweg {

class LineReader {
 public:
  static constexpr size_t kBlockBytes = 256 * 1024;
  static constexpr size_t kLineBytesMax = size_t{1} << 30;

  /// `separator` "": \n, \r\n and \r. `path` is for messages.
  LineReader(std::unique_ptr<ByteInput> input, std::string path, std::string separator);

  /// The next line without its end; false: the file is done. Errors: those of ByteInput;
  /// THALWEG_NOT_SUPPORTED_YET for a line above 1 GB.
  Result<bool> Next(std::string_view* line);
  /// The next line if all of it is in the block.
  bool NextInBlock(std::string_view* line);
  /// More bytes into a new block (the same one if nobody else holds it), where what is left of the
  /// line goes on; false: the file is done, and what is left (if anything) is the last line.
  Result<bool> Fill();

  const char* top() const { return top_; }
  const char* end() const { return end_; }
  /// Takes a line away that ends before `next`, the begin of another one.
  void Advance(const char* next) {
    top_ = next;
    ++lines_;
  }
  /// Holds the bytes of the last line.
  const Buffer& block() const { return block_; }
  bool splits_at_newline() const { return separator_.empty(); }
  /// How many lines were given out: the number of the last one.
  int64_t lines() const { return lines_; }
  /// Of the file, behind what the block holds.
  int64_t file_bytes() const { return input_->file_bytes(); }
  const std::string& path() const { return path_; }

 private:
  const char* FindEnd(const char** next) const;
  void MoveToBlock(size_t bytes, size_t wanted);

  std::unique_ptr<ByteInput> input_;
  std::string path_;
  std::string separator_;
  Buffer block_;
  const char* top_ = nullptr;
  char* end_ = nullptr;
  bool has_returns_ = false;  // a \r may be among the bytes
  bool ended_ = false;
  int64_t lines_ = 0;
};

}  // namespace thalweg
