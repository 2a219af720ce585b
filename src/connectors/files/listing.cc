#include "connectors/files/listing.h"

#include <algorithm>
#include <tuple>

#include "connectors/files/manifest.h"

namespace thalweg {
namespace {

bool HasPattern(std::string_view path) {
  return path.find_first_of("*?[{") != std::string_view::npos;
}

bool IsHidden(const std::string& name) {
  return name.starts_with('.') || (name.starts_with('_') && name.find('=') == std::string::npos);
}

/// "%20" in the name of a partition directory.
std::string Unescaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto digit = [&](size_t at) {
      const char c = at < text.size() ? text[at] : '?';
      return c >= '0' && c <= '9'   ? c - '0'
             : c >= 'A' && c <= 'F' ? c - 'A' + 10
             : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                    : -1;
    };
    if (text[i] == '%' && digit(i + 1) >= 0 && digit(i + 2) >= 0) {
      out.push_back(static_cast<char>(digit(i + 1) * 16 + digit(i + 2)));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

class Lister {
 public:
  Lister(FileSystem& files, const ListingOptions& options) : files_(files), options_(options) {}

  Status Add(const std::string& path);
  Status AddDirectory(const std::string& path, const ListedFile& above);
  Status AddPattern(const std::string& directory, std::string_view rest);
  std::vector<ListedFile> Take() && {
    std::sort(found_.begin(), found_.end(), [](const ListedFile& a, const ListedFile& b) {
      return std::tie(a.modified_us, a.path) < std::tie(b.modified_us, b.path);
    });
    return std::move(found_);
  }

 private:
  void AddFile(const std::string& path, const FileInfo& info, const ListedFile& above);
  Status AddManifest(const std::string& path);

  FileSystem& files_;
  const ListingOptions& options_;
  std::vector<ListedFile> found_;
};

Status Lister::Add(const std::string& path) {
  THALWEG_ASSIGN_OR_RETURN(const FileInfo info, files_.Stat(path));
  if (info.is_directory) return AddDirectory(path, ListedFile());
  AddFile(path, info, ListedFile());
  return Status::OK();
}

Status Lister::AddDirectory(const std::string& path, const ListedFile& above) {
  THALWEG_ASSIGN_OR_RETURN(const bool written, files_.Exists(ManifestDirectory(path)));
  if (written) return AddManifest(path);
  THALWEG_ASSIGN_OR_RETURN(const std::vector<FileInfo> entries, files_.List(path));
  for (const FileInfo& entry : entries) {
    if (IsHidden(entry.name)) continue;
    const std::string below = JoinPath(path, entry.name);
    if (!entry.is_directory) {
      AddFile(below, entry, above);
      continue;
    }
    const size_t equals = entry.name.find('=');
    if (options_.recursive) {
      THALWEG_RETURN_NOT_OK(AddDirectory(below, ListedFile()));
    } else if (equals != std::string::npos) {
      ListedFile inner = above;
      inner.partition.emplace_back(Unescaped(entry.name.substr(0, equals)),
                                   Unescaped(entry.name.substr(equals + 1)));
      THALWEG_RETURN_NOT_OK(AddDirectory(below, inner));
    }
  }
  return Status::OK();
}

Status Lister::AddManifest(const std::string& path) {
  THALWEG_ASSIGN_OR_RETURN(const std::vector<std::string> committed, ReadManifest(files_, path));
  for (const std::string& file : committed) {
    THALWEG_ASSIGN_OR_RETURN(const FileInfo info, files_.Stat(file));
    ListedFile above;
    std::string_view rest = std::string_view(file).substr(path.size());
    while (!rest.empty()) {
      while (rest.starts_with('/')) rest.remove_prefix(1);
      const std::string_view part = rest.substr(0, rest.find('/'));
      const size_t equals = part.find('=');
      if (part.size() < rest.size() && equals != std::string_view::npos) {
        above.partition.emplace_back(Unescaped(part.substr(0, equals)),
                                     Unescaped(part.substr(equals + 1)));
      }
      rest.remove_prefix(part.size());
    }
    AddFile(file, info, above);
  }
  return Status::OK();
}

void Lister::AddFile(const std::string& path, const FileInfo& info, const ListedFile& above) {
  const std::string name = path.substr(path.rfind('/') + 1);
  if (!options_.name_pattern.empty() && !MatchesPattern(name, options_.name_pattern)) return;
  ListedFile file = above;
  file.path = path;
  file.size_bytes = info.size_bytes;
  file.modified_us = info.modified_us;
  found_.push_back(std::move(file));
}

// One step of the pattern is one directory.
Status Lister::AddPattern(const std::string& directory, std::string_view rest) {
  while (rest.starts_with('/')) rest.remove_prefix(1);
  const std::string_view step = rest.substr(0, rest.find('/'));
  const std::string_view behind = rest.substr(step.size());
  const std::string at = directory.empty() ? "." : directory;
  THALWEG_ASSIGN_OR_RETURN(const bool exists, files_.Exists(at));
  if (!exists) return Status::OK();
  THALWEG_ASSIGN_OR_RETURN(const FileInfo info, files_.Stat(at));
  if (!info.is_directory) return Status::OK();
  THALWEG_ASSIGN_OR_RETURN(const std::vector<FileInfo> entries, files_.List(at));
  for (const FileInfo& entry : entries) {
    const bool asked = step.starts_with('_') || step.starts_with('.');
    if ((IsHidden(entry.name) && !asked) || !MatchesPattern(entry.name, step)) continue;
    const std::string below = directory.empty() ? entry.name : JoinPath(directory, entry.name);
    if (behind.empty()) {
      THALWEG_RETURN_NOT_OK(Add(below));
    } else if (entry.is_directory) {
      THALWEG_RETURN_NOT_OK(AddPattern(below, behind));
    }
  }
  return Status::OK();
}

/// Does `name` match one of the alternatives, each followed by `rest`?
bool MatchesBraces(std::string_view name, std::string_view pattern) {
  const size_t end = pattern.find('}');
  if (end == std::string_view::npos) return false;
  std::string_view choices = pattern.substr(1, end - 1);
  const std::string rest(pattern.substr(end + 1));
  while (true) {
    const size_t comma = choices.find(',');
    if (MatchesPattern(name, std::string(choices.substr(0, comma)) + rest)) return true;
    if (comma == std::string_view::npos) return false;
    choices.remove_prefix(comma + 1);
  }
}

bool MatchesSet(char c, std::string_view set) {
  const bool negated = set.starts_with('^') || set.starts_with('!');
  if (negated) set.remove_prefix(1);
  bool found = false;
  for (size_t i = 0; i < set.size(); ++i) {
    if (i + 2 < set.size() && set[i + 1] == '-') {
      found = found || (c >= set[i] && c <= set[i + 2]);
      i += 2;
    } else {
      found = found || c == set[i];
    }
  }
  return found != negated;
}

}  // namespace

Result<std::vector<ListedFile>> ListFiles(FileSystem& files, const std::string& path,
                                          const ListingOptions& options) {
  Lister lister(files, options);
  if (HasPattern(path)) {
    const size_t first = path.find_first_of("*?[{");
    const size_t slash = path.rfind('/', first);
    const std::string fixed = slash == std::string::npos ? "" : path.substr(0, slash);
    const std::string directory = slash == 0 ? "/" : fixed;
    THALWEG_RETURN_NOT_OK(lister.AddPattern(
        directory, std::string_view(path).substr(slash == std::string::npos ? 0 : slash + 1)));
    return std::move(lister).Take();
  }
  THALWEG_ASSIGN_OR_RETURN(const bool exists, files.Exists(path));
  if (!exists) return Status::User("PATH_NOT_FOUND", {{"path", path}});
  THALWEG_RETURN_NOT_OK(lister.Add(path));
  return std::move(lister).Take();
}

bool MatchesPattern(std::string_view name, std::string_view pattern) {
  while (!pattern.empty()) {
    const char c = pattern[0];
    if (c == '*') {
      while (pattern.starts_with('*')) pattern.remove_prefix(1);
      if (pattern.empty()) return true;
      for (size_t skip = 0; skip <= name.size(); ++skip) {
        if (MatchesPattern(name.substr(skip), pattern)) return true;
      }
      return false;
    }
    if (c == '{') return MatchesBraces(name, pattern);
    if (name.empty()) return false;
    if (c == '[') {
      const size_t end = pattern.find(']', 2);
      if (end == std::string_view::npos || !MatchesSet(name[0], pattern.substr(1, end - 1))) {
        return false;
      }
      pattern.remove_prefix(end);
    } else if (c == '\\' && pattern.size() > 1) {
      pattern.remove_prefix(1);
      if (name[0] != pattern[0]) return false;
    } else if (c != '?' && c != name[0]) {
      return false;
    }
    name.remove_prefix(1);
    pattern.remove_prefix(1);
  }
  return name.empty();
}

}  // namespace thalweg
