#include "base/note_file.h"

#include <charconv>

#include <fmt/format.h>

#include "base/crc32c.h"

namespace thalweg {
namespace {

constexpr int kNoteFormat = 1;
constexpr std::string_view kBegin = "thalweg ";
constexpr std::string_view kFormat = ", format ";
constexpr std::string_view kReader = ", oldest reader ";
constexpr std::string_view kChecksum = "crc32c ";
constexpr size_t kLastLineBytes = kChecksum.size() + 8 + 1;

std::string HeaderOf(std::string_view kind) {
  return fmt::format("{}{}{}{}{}{}\n", kBegin, kind, kFormat, kNoteFormat, kReader, 1);
}

Status Damaged(const std::string& path, size_t offset, std::string what) {
  return Status::World(
      "THALWEG_CHECKPOINT_DAMAGED",
      {{"file", path}, {"offset", std::to_string(offset)}, {"what", std::move(what)}});
}

/// Its checksum holds: who may read it stands in its first line.
Status CheckReader(const std::string& path, std::string_view header) {
  const size_t at = header.find(kReader);
  if (at == header.npos) return Damaged(path, 0, "it does not begin as a note of a checkpoint");
  const std::string_view digits = header.substr(at + kReader.size());
  int oldest = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), oldest);
  if (oldest <= kNoteFormat) return Status::OK();
  return Status::World(
      "THALWEG_CHECKPOINT_FORMAT",
      {{"file", path}, {"needed", std::to_string(oldest)}, {"known", std::to_string(kNoteFormat)}});
}

/// Any kind if `kind` is empty.
Result<std::string> TextOf(const std::string& path, std::string_view whole, std::string_view kind) {
  if (!whole.starts_with(kBegin)) return Damaged(path, 0, "it does not begin as a note");
  if (whole.size() < kBegin.size() + kLastLineBytes) {
    return Damaged(path, whole.size(), "the file is cut here");
  }
  const size_t last = whole.size() - kLastLineBytes;
  const std::string checksum = fmt::format("{}{:08x}\n", kChecksum, Crc32c(whole.substr(0, last)));
  if (whole[last - 1] != '\n' || !whole.substr(last).starts_with(kChecksum)) {
    return Damaged(path, last, "it does not end in a checksum");
  }
  if (whole.substr(last) != checksum) return Damaged(path, last, "the checksum is wrong");
  const size_t header_bytes = whole.find('\n') + 1;
  const std::string_view header = whole.substr(0, header_bytes);
  THALWEG_RETURN_NOT_OK(CheckReader(path, header));
  if (!kind.empty() && !header.starts_with(fmt::format("{}{}{}", kBegin, kind, kFormat))) {
    return Damaged(path, 0, fmt::format("it is not a note of kind '{}'", kind));
  }
  if (header_bytes >= last) return std::string();
  return std::string(whole.substr(header_bytes, last - 1 - header_bytes));
}

}  // namespace

Status WriteNote(FileSystem& files, const std::string& path, std::string_view kind,
                 std::string_view text, bool sync) {
  const std::string lines = fmt::format("{}{}\n", HeaderOf(kind), text);
  return WriteFileAtomically(files, path,
                             fmt::format("{}{}{:08x}\n", lines, kChecksum, Crc32c(lines)), sync);
}

Result<std::string> ReadNote(FileSystem& files, const std::string& path, std::string_view kind) {
  const Result<std::string> bytes = ReadFile(files, path);
  return bytes.ok() ? TextOf(path, *bytes, kind) : bytes;
}

Status VerifyNote(FileSystem& files, const std::string& path) {
  return ReadNote(files, path, "").status();
}

}  // namespace thalweg
