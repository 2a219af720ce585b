#include "base/file_error.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace thalweg {
namespace {

const char* RemedyFor(int error);

}  // namespace

Status FileError(const char* action, const std::string& path, int error) {
  const char* cause = strerrordesc_np(error);
  std::string message = std::string("Cannot ") + action + " '" + path +
                        "': " + (cause != nullptr ? cause : "unknown error") + ".";
  const char* remedy = RemedyFor(error);
  if (*remedy != '\0') message += std::string(" ") + remedy;
  return Status::World(std::move(message));
}

namespace {

const char* RemedyFor(int error) {
  switch (error) {
    case ENOENT:
      return "Check that the path exists and is spelled right.";
    case EACCES:
    case EPERM:
      return "Give this user permission for it, or use another path.";
    case EROFS:
      return "Use a path on a writable file system.";
    case ENOSPC:
    case EDQUOT:
      return "Free space on that disk, or use another one.";
    case EMFILE:
    case ENFILE:
      return "Raise the limit of open files (ulimit -n).";
    case EISDIR:
      return "Name a file, not a directory.";
    case ENOTDIR:
      return "Name a directory, not a file.";
    case EEXIST:
    case ENOTEMPTY:
      return "Remove what is there, or use another path.";
    case EIO:
      return "Check the disk: it may be failing.";
    case ENAMETOOLONG:
      return "Use a shorter name.";
    default:
      return "";
  }
}

}  // namespace
}  // namespace thalweg
