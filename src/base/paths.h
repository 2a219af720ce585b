// Paths as names of what they stand for, wherever the process runs.
#pragma once

#include <string>

namespace thalweg {

/// `path` below the directory that the process runs in, unless it is absolute already or names
/// another file system; without "./" in front. The file need not be there.
std::string AbsolutePath(const std::string& path);

}  // namespace thalweg
