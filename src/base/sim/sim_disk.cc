#include "base/sim/sim_disk.h"

#include <algorithm>
#include <cerrno>

namespace thalweg {
namespace {

constexpr int64_t kSectorBytes = 512;

std::vector<std::string_view> SplitPath(std::string_view path);

}  // namespace

SimDisk::SimDisk(SimRandom* random, bool keeps_durable)
    : random_(random), keeps_durable_(keeps_durable), root_(std::make_shared<SimNode>()) {
  root_->is_directory = true;
}

SimNodePtr SimDisk::Find(std::string_view path, int* error) const {
  SimNodePtr node = root_;
  for (const std::string_view name : SplitPath(path)) {
    *error = node->is_directory ? ENOENT : ENOTDIR;
    const auto found = node->entries.find(name);
    if (found == node->entries.end()) return nullptr;
    node = found->second;
  }
  *error = 0;
  return node;
}

SimNodePtr SimDisk::OpenForWriting(std::string_view path, bool cut, int64_t now_us, int* error) {
  const Place place = PlaceOf(path, error);
  if (*error != 0) return nullptr;
  SimNodePtr node = EntryOf(place);
  if (node != nullptr && node->is_directory) {
    *error = EISDIR;
    return nullptr;
  }
  if (node == nullptr) {
    node = std::make_shared<SimNode>();
    node->modified_us = now_us;
    ++operations_;
    SetEntry(place, node);
  } else if (cut) {
    Cut(*node, 0);
    node->modified_us = now_us;
  }
  return node;
}

void SimDisk::Append(SimNode& file, std::string_view bytes, int64_t now_us) {
  file.data += bytes;
  file.modified_us = now_us;
}

void SimDisk::Sync(SimNode& node) {
  if (!keeps_durable_) return;
  if (!node.is_directory) {
    node.synced_bytes = static_cast<int64_t>(node.data.size());
    node.before_cut.reset();
    return;
  }
  node.durable_entries = node.entries;
  std::erase_if(changes_,
                [&](const NameChange& change) { return change.directory.get() == &node; });
}

void SimDisk::FailSync(SimNode& node) {
  const int64_t size_bytes = static_cast<int64_t>(node.data.size());
  if (node.is_directory || node.synced_bytes == size_bytes) return;
  if (node.lost_begin == node.lost_end) node.lost_begin = node.synced_bytes;
  node.lost_end = size_bytes;
}

int SimDisk::Truncate(std::string_view path, int64_t size_bytes, int64_t now_us) {
  int error = 0;
  const SimNodePtr node = Find(path, &error);
  if (node == nullptr) return error;
  if (node->is_directory) return EISDIR;
  Cut(*node, size_bytes);
  node->modified_us = now_us;
  return 0;
}

void SimDisk::Cut(SimNode& file, int64_t size_bytes) {
  if (keeps_durable_ && size_bytes < file.synced_bytes) {
    if (!file.before_cut) {
      file.before_cut = file.data.substr(0, static_cast<size_t>(file.synced_bytes));
    }
    file.synced_bytes = size_bytes;
  }
  file.data.resize(static_cast<size_t>(size_bytes));
  file.lost_end = std::min(file.lost_end, size_bytes);
  file.lost_begin = std::min(file.lost_begin, file.lost_end);
}

int SimDisk::CreateDirectories(std::string_view path, int64_t now_us) {
  SimNodePtr node = root_;
  for (const std::string_view name : SplitPath(path)) {
    if (!node->is_directory) return ENOTDIR;
    const auto found = node->entries.find(name);
    if (found != node->entries.end()) {
      node = found->second;
      continue;
    }
    const auto child = std::make_shared<SimNode>();
    child->is_directory = true;
    child->modified_us = now_us;
    ++operations_;
    SetEntry({node, std::string(name)}, child);
    node = child;
  }
  return node->is_directory ? 0 : EEXIST;
}

int SimDisk::Rename(std::string_view from, std::string_view to) {
  int error = 0;
  const Place source = PlaceOf(from, &error);
  if (error != 0) return error;
  const Place target = PlaceOf(to, &error);
  if (error != 0) return error;
  const SimNodePtr node = EntryOf(source);
  const SimNodePtr replaced = EntryOf(target);
  if (node == nullptr) return ENOENT;
  if (node == replaced) return 0;
  if (replaced != nullptr) {
    if (replaced->is_directory && !node->is_directory) return EISDIR;
    if (!replaced->is_directory && node->is_directory) return ENOTDIR;
    if (!replaced->entries.empty()) return ENOTEMPTY;
  }
  std::vector<Place> below;
  ListBelow(node, &below);
  for (const Place& place : below) {
    if (place.directory == target.directory) return EINVAL;  // into itself
  }
  if (node == target.directory) return EINVAL;
  ++operations_;
  SetEntry(source, nullptr);
  SetEntry(target, node);
  return 0;
}

int SimDisk::Remove(std::string_view path) {
  int error = 0;
  const Place place = PlaceOf(path, &error);
  if (error != 0) return error;
  const SimNodePtr node = EntryOf(place);
  if (node == nullptr) return ENOENT;
  if (!node->entries.empty()) return ENOTEMPTY;
  ++operations_;
  SetEntry(place, nullptr);
  return 0;
}

int SimDisk::RemoveRecursively(std::string_view path, int64_t count_max) {
  int error = 0;
  const Place place = PlaceOf(path, &error);
  if (error != 0) return error == ENOENT || error == ENOTDIR ? 0 : error;
  const SimNodePtr node = EntryOf(place);
  if (node == nullptr) return 0;
  std::vector<Place> places;
  ListBelow(node, &places);
  places.push_back(place);
  for (const Place& each : places) {
    if (count_max-- <= 0) break;
    ++operations_;
    SetEntry(each, nullptr);
  }
  return 0;
}

// Every name below a directory, children before their parents.
void SimDisk::ListBelow(const SimNodePtr& directory, std::vector<Place>* places) const {
  for (const auto& [name, child] : directory->entries) {
    ListBelow(child, places);
    places->push_back({directory, name});
  }
}

SimDisk::Place SimDisk::PlaceOf(std::string_view path, int* error) const {
  std::vector<std::string_view> names = SplitPath(path);
  Place place;
  if (names.empty()) {
    *error = EBUSY;  // the root has no name
    return place;
  }
  place.name = names.back();
  place.directory = root_;
  names.pop_back();
  *error = 0;
  for (const std::string_view name : names) {
    const auto found = place.directory->entries.find(name);
    if (found == place.directory->entries.end()) {
      *error = place.directory->is_directory ? ENOENT : ENOTDIR;
      return place;
    }
    place.directory = found->second;
  }
  if (!place.directory->is_directory) *error = ENOTDIR;
  return place;
}

SimNodePtr SimDisk::EntryOf(const Place& place) const {
  const auto found = place.directory->entries.find(place.name);
  return found == place.directory->entries.end() ? nullptr : found->second;
}

void SimDisk::SetEntry(const Place& place, SimNodePtr node) {
  if (keeps_durable_) changes_.push_back({place.directory, place.name, node, operations_});
  if (node == nullptr) {
    place.directory->entries.erase(place.name);
  } else {
    place.directory->entries[place.name] = std::move(node);
  }
}

void SimDisk::LosePower() {
  ReplayNames();
  SettleNode(*root_);
}

// Of the changes of names that no sync covered survive: all, none, a beginning, or any of them.
void SimDisk::ReplayNames() {
  enum : int64_t { kAll, kNone, kBeginning, kAny };
  const int64_t kind = random_->Below(4);
  const int64_t first = changes_.empty() ? 0 : changes_.front().operation;
  const int64_t end =
      kind == kBeginning ? first + random_->Below(operations_ - first + 2) : operations_ + 1;
  bool survives = kind == kAll;
  int64_t operation = 0;
  for (NameChange& change : changes_) {
    if (kind == kBeginning) survives = change.operation < end;
    if (kind == kAny && change.operation != operation) survives = random_->Coin();
    operation = change.operation;
    if (!survives) continue;
    auto& names = change.directory->durable_entries;
    if (change.node == nullptr) {
      names.erase(change.name);
    } else {
      names[change.name] = std::move(change.node);
    }
  }
  changes_.clear();
}

void SimDisk::SettleNode(SimNode& node) {
  if (!node.is_directory) return SettleFile(node);
  node.entries = node.durable_entries;
  for (auto& [name, child] : node.entries) SettleNode(*child);
}

// The bytes that no sync covered survive all, not at all, up to any byte, or sector by sector: a
// file may have its new length and hold zeros or rubbish where the data did not arrive.
void SimDisk::SettleFile(SimNode& file) {
  enum : int64_t { kAll, kNone, kBeginning, kSectors };
  if (file.before_cut && random_->Coin()) {
    file.data = *std::move(file.before_cut);
    file.synced_bytes = static_cast<int64_t>(file.data.size());
  }
  file.before_cut.reset();
  int64_t size_bytes = static_cast<int64_t>(file.data.size());
  int64_t kind = kAll;
  if (size_bytes > file.synced_bytes) kind = random_->Below(4);
  if (kind == kNone) size_bytes = file.synced_bytes;
  if (kind == kBeginning || kind == kSectors) {
    size_bytes = file.synced_bytes + random_->Below(size_bytes - file.synced_bytes + 1);
  }
  file.data.resize(static_cast<size_t>(size_bytes));
  const auto lose = [&](int64_t begin, int64_t end) {
    const bool zeros = random_->Coin();
    for (; begin < std::min(end, size_bytes); ++begin) {
      file.data[static_cast<size_t>(begin)] = zeros ? '\0' : static_cast<char>(random_->Next());
    }
  };
  if (kind == kSectors) {
    for (int64_t begin = file.synced_bytes; begin < size_bytes;) {
      const int64_t end = (begin / kSectorBytes + 1) * kSectorBytes;
      if (random_->Coin()) lose(begin, end);
      begin = end;
    }
  }
  if (file.lost_end > file.lost_begin) lose(file.lost_begin, file.lost_end);
  file.lost_begin = file.lost_end = 0;
  file.synced_bytes = size_bytes;
}

namespace {

std::vector<std::string_view> SplitPath(std::string_view path) {
  std::vector<std::string_view> names;
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/'), path.size());
    const std::string_view name = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (name.empty() || name == ".") continue;
    if (name != "..") {
      names.push_back(name);
    } else if (!names.empty()) {
      names.pop_back();
    }
  }
  return names;
}

}  // namespace
}  // namespace thalweg
