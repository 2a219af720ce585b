#include <unistd.h>

#include <climits>

#include "base/env.h"
#include "base/paths.h"

namespace thalweg {

std::string AbsolutePath(const std::string& path) {
  if (path.empty() || path[0] == '/' || path.find("://") != path.npos) return path;
  char directory[PATH_MAX];
  if (getcwd(directory, sizeof directory) == nullptr) return path;  // it is gone
  std::string below = path;
  while (below.starts_with("./")) below.erase(0, 2);
  return below == "." ? std::string(directory) : JoinPath(directory, below);
}

}  // namespace thalweg
