// The manifest of a directory that a streaming query writes: _spark_metadata/<epoch>, one JSON
// object a committed file below a line "v1", as Spark's FileStreamSinkLog writes and reads it.
// What is not in a manifest was never committed. One writer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/env.h"

namespace thalweg {

struct CommittedFile {
  std::string path;
  int64_t size_bytes = 0;
  int64_t modified_us = 0;
};

std::string ManifestDirectory(const std::string& directory);
/// Paths of all committed files, in order. Errors: THALWEG_MANIFEST_DAMAGED with file and line.
Result<std::vector<std::string>> ReadManifest(FileSystem& files, const std::string& directory);
/// The last committed epoch, nothing before the first.
Result<std::optional<int64_t>> LastManifest(FileSystem& files, const std::string& directory);
Status WriteManifest(FileSystem& files, const std::string& directory, int64_t epoch,
                     const std::vector<CommittedFile>& committed);

/// The id of the query that writes the directory, "" if none has.
Result<std::string> ManifestOwner(FileSystem& files, const std::string& directory);
Status SetManifestOwner(FileSystem& files, const std::string& directory, const std::string& query);

}  // namespace thalweg
