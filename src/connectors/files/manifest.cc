#include "connectors/files/manifest.h"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

namespace thalweg {
namespace {

using nlohmann::json;

constexpr char kVersion[] = "v1";
constexpr char kScheme[] = "file://";

std::string OwnerFile(const std::string& directory) {
  return JoinPath(ManifestDirectory(directory), ".owner");
}

std::optional<int64_t> EpochOf(const std::string& name) {
  int64_t epoch = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), epoch);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return epoch;
}

/// Epochs whose manifests are there, ascending.
Result<std::vector<int64_t>> Epochs(FileSystem& files, const std::string& directory) {
  std::vector<int64_t> epochs;
  const std::string manifests = ManifestDirectory(directory);
  THALWEG_ASSIGN_OR_RETURN(const bool exists, files.Exists(manifests));
  if (!exists) return epochs;
  THALWEG_ASSIGN_OR_RETURN(const std::vector<FileInfo> entries, files.List(manifests));
  for (const FileInfo& entry : entries) {
    if (entry.name.ends_with(".compact")) {
      return NotSupportedYet("the compacted manifest " + JoinPath(manifests, entry.name));
    }
    if (const auto epoch = EpochOf(entry.name)) epochs.push_back(*epoch);
  }
  std::sort(epochs.begin(), epochs.end());
  return epochs;
}

Status Damaged(const std::string& path, int line) {
  return Status::World("THALWEG_MANIFEST_DAMAGED",
                       {{"path", path}, {"line", std::to_string(line)}});
}

/// "file:///a/b" -> "/a/b".
std::string PathOf(const std::string& uri) {
  return uri.starts_with(kScheme) ? uri.substr(sizeof(kScheme) - 1) : uri;
}

}  // namespace

std::string ManifestDirectory(const std::string& directory) {
  return JoinPath(directory, "_spark_metadata");
}

Result<std::vector<std::string>> ReadManifest(FileSystem& files, const std::string& directory) {
  std::vector<std::string> paths;
  THALWEG_ASSIGN_OR_RETURN(const std::vector<int64_t> epochs, Epochs(files, directory));
  for (const int64_t epoch : epochs) {
    const std::string path = JoinPath(ManifestDirectory(directory), std::to_string(epoch));
    THALWEG_ASSIGN_OR_RETURN(const std::string text, ReadFile(files, path));
    int line = 0;
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find('\n', at), text.size());
      const std::string_view entry = std::string_view(text).substr(at, end - at);
      at = end + 1;
      if (++line == 1) {
        if (entry != kVersion) return Damaged(path, line);
        continue;
      }
      const json object = json::parse(entry, nullptr, false);
      const auto is_text = [&](const char* key) {
        return object.contains(key) && object[key].is_string();
      };
      const bool has_action = object.is_object() && object.contains("action");
      if (!object.is_object() || !is_text("path") || (has_action && !is_text("action"))) {
        return Damaged(path, line);
      }
      if (object.value("action", "add") == "add") {
        std::string file = PathOf(object["path"].get<std::string>());
        if (!file.starts_with('/')) file = JoinPath(directory, file);
        paths.push_back(std::move(file));
      }
    }
  }
  return paths;
}

Result<std::optional<int64_t>> LastManifest(FileSystem& files, const std::string& directory) {
  THALWEG_ASSIGN_OR_RETURN(const std::vector<int64_t> epochs, Epochs(files, directory));
  return epochs.empty() ? std::optional<int64_t>(-1) : std::optional(epochs.back());
}

Status WriteManifest(FileSystem& files, const std::string& directory, int64_t epoch,
                     const std::vector<CommittedFile>& committed) {
  std::string text = kVersion;
  for (const CommittedFile& file : committed) {
    nlohmann::ordered_json entry;
    entry["path"] = file.path.starts_with('/') ? kScheme + file.path : file.path;
    entry["size"] = file.size_bytes;
    entry["isDir"] = false;
    entry["modificationTime"] = file.modified_us / 1000;
    entry["blockReplication"] = 1;
    entry["blockSize"] = 33554432;
    entry["action"] = "add";
    text += "\n" + entry.dump();
  }
  THALWEG_RETURN_NOT_OK(files.CreateDirectories(ManifestDirectory(directory)));
  return WriteFileAtomically(files, JoinPath(ManifestDirectory(directory), std::to_string(epoch)),
                             text, /*sync=*/false);
}

Result<std::string> ManifestOwner(FileSystem& files, const std::string& directory) {
  THALWEG_ASSIGN_OR_RETURN(const bool exists, files.Exists(OwnerFile(directory)));
  if (!exists) return std::string();
  return ReadFile(files, OwnerFile(directory));
}

Status SetManifestOwner(FileSystem& files, const std::string& directory, const std::string& query) {
  THALWEG_RETURN_NOT_OK(files.CreateDirectories(ManifestDirectory(directory)));
  return WriteFileAtomically(files, OwnerFile(directory), query, /*sync=*/false);
}

}  // namespace thalweg
