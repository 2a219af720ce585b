// Which files a path of a read stands for: one file, all files below a directory, or a pattern with
// * ? [] {}. Names that begin with _ or . are passed over, and directories "column=value" give
// partition columns. A directory that a query of ours (or of Spark) writes has a manifest,
// _spark_metadata: then only the files that it lists count. Pure but for the file system.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/env.h"

namespace thalweg {

struct ListedFile {
  std::string path;
  int64_t size_bytes = 0;
  int64_t modified_us = 0;
  std::vector<std::pair<std::string, std::string>> partition;  // column, text of its value
};

struct ListingOptions {
  bool recursive = false;    // recursiveFileLookup: below any directory, no partition columns
  std::string name_pattern;  // pathGlobFilter, "": any
};

/// Files in the order of their age, then of their path. Errors: PATH_NOT_FOUND for a path without
/// pattern that is not there.
Result<std::vector<ListedFile>> ListFiles(FileSystem& files, const std::string& path,
                                          const ListingOptions& options);

/// Hadoop's globs: * ? [a-c] [^a] {a,b} and \ before any of them.
bool MatchesPattern(std::string_view name, std::string_view pattern);

}  // namespace thalweg
