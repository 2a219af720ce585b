#include "connectors/socket/received_lines.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "base/note_file.h"
#include "formats/utf8.h"

namespace thalweg {
namespace {

constexpr char kKind[] = "lines of a socket source";
constexpr std::string_view kPrefix = "received-";

std::string NoteName(int64_t first) {
  char name[40];
  std::snprintf(name, sizeof(name), "received-%020lld", static_cast<long long>(first));
  return name;
}

bool ParseNumber(std::string_view text, int64_t* out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return error == std::errc() && end == text.data() + text.size();
}

/// Bytes of the longest part of a code point that `bytes` begins with wrongly, at least 1.
size_t WrongPart(std::string_view bytes) {
  const auto byte = [&](size_t i) -> int {
    return i < bytes.size() ? static_cast<uint8_t>(bytes[i]) : 0;
  };
  const int lead = byte(0), second = byte(1);
  const auto in = [](int value, int low, int high) { return value >= low && value <= high; };
  const bool three = in(lead, 0xE0, 0xEF), four = in(lead, 0xF0, 0xF4);
  if (!three && !four) return 1;
  const int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (!in(second, low, high)) return 1;
  return four && in(byte(2), 0x80, 0xBF) ? 3 : 2;
}

}  // namespace

std::string DecodeUtf8(std::string_view bytes) {
  if (IsValidUtf8(bytes)) return std::string(bytes);
  std::string text;
  while (!bytes.empty()) {
    size_t right = 0;
    for (size_t length = 1; length <= 4 && right == 0; ++length) {
      if (length <= bytes.size() && IsValidUtf8(bytes.substr(0, length))) right = length;
    }
    if (right > 0) {
      text += bytes.substr(0, right);
      bytes.remove_prefix(right);
    } else {
      text += "\xEF\xBF\xBD";
      bytes.remove_prefix(std::min(WrongPart(bytes), bytes.size()));
    }
  }
  return text;
}

Status ReceivedLines::Open(Env& env, const std::string& directory) {
  env_ = &env;
  directory_ = directory;
  if (directory_.empty()) return Status::OK();
  THALWEG_RETURN_NOT_OK(env.files().CreateDirectories(directory_));
  THALWEG_ASSIGN_OR_RETURN(const std::vector<FileInfo> entries, env.files().List(directory_));
  for (const FileInfo& entry : entries) {  // by name, so by number
    if (entry.name.starts_with(kPrefix)) THALWEG_RETURN_NOT_OK(ReadLines(entry.name));
  }
  return Status::OK();
}

Status ReceivedLines::ReadLines(const std::string& name) {
  const std::string path = JoinPath(directory_, name);
  int64_t first = 0;
  // A temporary file of a note that was not finished.
  if (!ParseNumber(std::string_view(name).substr(kPrefix.size()), &first)) return Status::OK();
  THALWEG_ASSIGN_OR_RETURN(const std::string text, ReadNote(env_->files(), path, kKind));
  const auto damaged = [&](size_t offset, const std::string& what) {
    return Status::World("THALWEG_CHECKPOINT_DAMAGED",
                         {{"file", path}, {"offset", std::to_string(offset)}, {"what", what}});
  };
  if (notes_.empty()) first_ = first;
  if (first != last() + 1) return damaged(0, "lines before this file are missing");
  notes_.push_back(first);
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view row = std::string_view(text).substr(begin, end - begin);
    const size_t blank = row.find(' ');
    ReceivedLine line;
    if (blank == std::string_view::npos || !ParseNumber(row.substr(0, blank), &line.time_us)) {
      return damaged(begin, "a line has no time");
    }
    line.text = row.substr(blank + 1);
    lines_.push_back(std::move(line));
    begin = end + 1;
  }
  return Status::OK();
}

Status ReceivedLines::Append(std::vector<ReceivedLine> lines) {
  if (lines.empty()) return Status::OK();
  if (!directory_.empty()) {
    std::string text;
    for (const ReceivedLine& line : lines) {
      text += (text.empty() ? "" : "\n") + std::to_string(line.time_us) + " " + line.text;
    }
    const std::string path = JoinPath(directory_, NoteName(last() + 1));
    THALWEG_RETURN_NOT_OK(WriteNote(env_->files(), path, kKind, text, /*sync=*/true));
    notes_.push_back(last() + 1);
  }
  for (ReceivedLine& line : lines) lines_.push_back(std::move(line));
  return Status::OK();
}

Status ReceivedLines::Release(int64_t number) {
  if (directory_.empty()) {
    for (; first_ <= number && !lines_.empty(); ++first_) lines_.pop_front();
    return Status::OK();
  }
  while (!notes_.empty()) {
    const int64_t end = notes_.size() > 1 ? notes_[1] : last() + 1;
    // The last note stays: it says where the numbers stand.
    if (end - 1 > number || notes_.size() == 1) return Status::OK();
    THALWEG_RETURN_NOT_OK(env_->files().Remove(JoinPath(directory_, NoteName(notes_[0]))));
    for (; first_ < end; ++first_) lines_.pop_front();
    notes_.pop_front();
  }
  return Status::OK();
}

}  // namespace thalweg
