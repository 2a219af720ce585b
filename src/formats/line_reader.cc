#include "formats/line_reader.h"

#include <algorithm>
#include <cstring>

namespace thalweg {

LineReader::LineReader(std::unique_ptr<ByteInput> input, std::string path, std::string separator)
    : input_(std::move(input)), path_(std::move(path)), separator_(std::move(separator)) {}

Result<bool> LineReader::Next(std::string_view* line) {
  while (!NextInBlock(line)) {
    THALWEG_ASSIGN_OR_RETURN(const bool more, Fill());
    if (more) continue;
    if (NextInBlock(line)) return true;  // a \r that no \n follows
    if (top_ == end_) return false;
    *line = std::string_view(top_, static_cast<size_t>(end_ - top_));
    Advance(end_);
    return true;
  }
  return true;
}

bool LineReader::NextInBlock(std::string_view* line) {
  if (top_ == end_) return false;
  const char* next = nullptr;
  const char* line_end = FindEnd(&next);
  if (line_end == nullptr) return false;
  *line = std::string_view(top_, static_cast<size_t>(line_end - top_));
  Advance(next);
  return true;
}

// The end of the line at top_ and where the next one begins; nullptr: not among these bytes.
const char* LineReader::FindEnd(const char** next) const {
  const size_t bytes = static_cast<size_t>(end_ - top_);
  if (!separator_.empty()) {
    const void* found = memmem(top_, bytes, separator_.data(), separator_.size());
    const char* line_end = static_cast<const char*>(found);
    if (line_end != nullptr) *next = line_end + separator_.size();
    return line_end;
  }
  if (!has_returns_) {
    const char* line_end = static_cast<const char*>(std::memchr(top_, '\n', bytes));
    if (line_end != nullptr) *next = line_end + 1;
    return line_end;
  }
  const char* line_end = top_;
  while (line_end != end_ && *line_end != '\n' && *line_end != '\r') ++line_end;
  if (line_end == end_) return nullptr;
  *next = line_end + 1;
  if (*line_end == '\n') return line_end;
  if (*next == end_) return ended_ ? line_end : nullptr;  // a \n may follow
  if (**next == '\n') ++*next;
  return line_end;
}

Result<bool> LineReader::Fill() {
  if (ended_) return false;
  const size_t rest = static_cast<size_t>(end_ - top_);
  if (rest > kLineBytesMax) {
    return NotSupportedYet("line " + std::to_string(lines_ + 1) + " of '" + path_ +
                           "' is longer than 1 GB");
  }
  // Not as much as the block holds: how much is read depends on the file alone.
  const size_t wanted = std::max(kBlockBytes, 2 * rest);
  MoveToBlock(rest, wanted);
  const int64_t room = static_cast<int64_t>(wanted - rest);
  THALWEG_ASSIGN_OR_RETURN(const int64_t read, input_->Read(end_, room));
  if (separator_.empty() && read > 0) {
    has_returns_ =
        (rest > 0 && has_returns_) || std::memchr(end_, '\r', static_cast<size_t>(read)) != nullptr;
  }
  end_ += read;
  std::memset(end_, 0, Buffer::kPadBytes);
  ended_ = read == 0;
  return !ended_;
}

// Brings the `bytes` from top_ on to the front of a block of at least `wanted` bytes.
void LineReader::MoveToBlock(size_t bytes, size_t wanted) {
  if (block_.unique() && block_.capacity() >= wanted) {
    std::memmove(block_.data(), top_, bytes);
  } else {
    Buffer fresh = Buffer::Allocate(wanted);
    if (bytes > 0) std::memcpy(fresh.data(), top_, bytes);
    block_ = std::move(fresh);
  }
  top_ = block_.as<char>();
  end_ = block_.as<char>() + bytes;
}

}  // namespace thalweg
