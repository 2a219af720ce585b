#include <algorithm>

#include "base/env.h"

namespace thalweg {

Result<std::string> ReadFile(FileSystem& files, const std::string& path) {
  THALWEG_ASSIGN_OR_RETURN(const auto file, files.OpenRead(path));
  std::string bytes(static_cast<size_t>(std::max<int64_t>(file->size_bytes(), 0)), '\0');
  int64_t filled = 0;
  while (true) {  // the file may have grown or shrunk since it was opened
    if (filled == static_cast<int64_t>(bytes.size())) bytes.resize(bytes.size() + 512);
    const int64_t wanted = static_cast<int64_t>(bytes.size()) - filled;
    THALWEG_ASSIGN_OR_RETURN(const int64_t read,
                             file->ReadAt(filled, wanted, bytes.data() + filled));
    filled += read;
    if (read < wanted) break;
  }
  bytes.resize(static_cast<size_t>(filled));
  return bytes;
}

Status WriteFileAtomically(FileSystem& files, const std::string& path, std::string_view bytes,
                           bool sync) {
  const std::string temporary = path + ".tmp";
  {
    THALWEG_ASSIGN_OR_RETURN(const auto file, files.Create(temporary));
    THALWEG_RETURN_NOT_OK(file->Append(bytes));
    if (sync) THALWEG_RETURN_NOT_OK(file->Sync());
  }
  THALWEG_RETURN_NOT_OK(files.Rename(temporary, path));
  if (!sync) return Status::OK();
  return files.SyncDirectory(DirectoryOf(path));
}

std::string JoinPath(std::string_view directory, std::string_view name) {
  std::string path(directory);
  if (!path.empty() && path.back() != '/') path += '/';
  path += name;
  return path;
}

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == path.npos ? "." : path.substr(0, std::max<size_t>(slash, 1));
}

}  // namespace thalweg
