#include "data/zone_file.h"

#include <cstdio>

namespace thalweg {
namespace {

constexpr const char* kDirectories[] = {"/usr/share/zoneinfo/", "/usr/lib/zoneinfo/",
                                        "/usr/share/lib/zoneinfo/"};

bool ReadWhole(const std::string& path, std::string* bytes, size_t bytes_max) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return false;
  bytes->clear();
  char chunk[4096];
  size_t read = 0;
  while (bytes->size() < bytes_max && (read = std::fread(chunk, 1, sizeof(chunk), file)) > 0) {
    bytes->append(chunk, read);
  }
  const bool ok = std::ferror(file) == 0;
  std::fclose(file);
  return ok && !bytes->empty();
}

}  // namespace

bool ReadZoneFile(const std::string& id, std::string* bytes) {
  constexpr size_t kZoneFileBytesMax = 1 << 20;
  for (const char* directory : kDirectories) {
    if (ReadWhole(directory + id, bytes, kZoneFileBytesMax)) return true;
  }
  return false;
}

std::string ZoneDatabaseVersion() {
  std::string bytes;
  for (const char* directory : kDirectories) {
    // "# version 2024a"
    if (!ReadWhole(std::string(directory) + "tzdata.zi", &bytes, 1)) continue;
    const std::string first_line = bytes.substr(0, bytes.find('\n'));
    const size_t space = first_line.rfind(' ');
    if (space != std::string::npos) return first_line.substr(space + 1);
  }
  return "";
}

}  // namespace thalweg
