#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/file_error.h"
#include "base/sim/sim_life.h"

namespace thalweg {
namespace {

Status Crashed() {
  return Status::World("The simulated process has crashed.");
}

// A call that does `operation` (0 or an errno value) where its fate lets it.
template <class Operation>
Status Perform(Fate fate, const char* action, const std::string& path, Operation operation) {
  const int error = HasEffect(fate) ? operation() : 0;
  if (fate != Fate::kWorks) return Crashed();
  return error == 0 ? Status::OK() : FileError(action, path, error);
}

bool SyncFails(const SimWorldState& world, const std::string& path) {
  return !world.fail_sync_on.empty() && path.find(world.fail_sync_on) != path.npos;
}

Status SyncNode(SimWorldState& world, Fate fate, const std::string& path, SimNode& node) {
  return Perform(fate, "make durable", path, [&] {
    if (SyncFails(world, path)) {
      world.disk.FailSync(node);
      return EIO;
    }
    world.disk.Sync(node);
    return 0;
  });
}

class SimAppendFile final : public AppendFile {
 public:
  SimAppendFile(SimWorldState* world, int64_t life, std::string path, SimNodePtr node)
      : world_(world), life_(life), path_(std::move(path)), node_(std::move(node)) {}

  Status Append(std::string_view bytes) override;
  Status Sync() override {
    return SyncNode(*world_, world_->Enter(life_, "Sync", path_), path_, *node_);
  }
  int64_t size_bytes() const override { return static_cast<int64_t>(node_->data.size()); }

 private:
  SimWorldState* const world_;
  const int64_t life_;
  const std::string path_;
  const SimNodePtr node_;
};

class SimRandomFile final : public RandomFile {
 public:
  SimRandomFile(SimWorldState* world, int64_t life, std::string path, SimNodePtr node)
      : world_(world),
        life_(life),
        path_(std::move(path)),
        node_(std::move(node)),
        size_bytes_(static_cast<int64_t>(node_->data.size())) {}

  Result<int64_t> ReadAt(int64_t offset, int64_t length, char* out) const override;
  int64_t size_bytes() const override { return size_bytes_; }

 private:
  SimWorldState* const world_;
  const int64_t life_;
  const std::string path_;
  const SimNodePtr node_;
  const int64_t size_bytes_;
};

class SimFileLock final : public FileLock {
 public:
  SimFileLock(SimWorldState* world, int64_t life, std::string path)
      : world_(world), life_(life), path_(std::move(path)) {}
  ~SimFileLock() override {
    const auto held = world_->locks.find(path_);
    if (held != world_->locks.end() && held->second == life_) world_->locks.erase(held);
  }

 private:
  SimWorldState* const world_;
  const int64_t life_;
  const std::string path_;
};

class SimFileSystem final : public FileSystem {
 public:
  SimFileSystem(SimWorldState* world, int64_t life) : world_(world), life_(life) {}

  Result<std::unique_ptr<AppendFile>> OpenAppend(const std::string& path) override {
    return OpenForWriting(Enter("OpenAppend", path), path, false);
  }
  Result<std::unique_ptr<AppendFile>> Create(const std::string& path) override {
    return OpenForWriting(Enter("Create", path), path, true);
  }
  Result<std::unique_ptr<RandomFile>> OpenRead(const std::string& path) override;
  Result<FileInfo> Stat(const std::string& path) override;
  Result<bool> Exists(const std::string& path) override;
  Result<std::vector<FileInfo>> List(const std::string& directory) override;
  Status CreateDirectories(const std::string& path) override;
  Status Rename(const std::string& from, const std::string& to) override;
  Status Remove(const std::string& path) override;
  Status RemoveRecursively(const std::string& path) override;
  Status Truncate(const std::string& path, int64_t size_bytes) override;
  Status SyncDirectory(const std::string& path) override;
  Result<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                         const std::string& owner) override;

 private:
  Fate Enter(const char* call, const std::string& path, int64_t bytes = 0) {
    return world_->Enter(life_, call, path, bytes);
  }
  Result<std::unique_ptr<AppendFile>> OpenForWriting(Fate fate, const std::string& path, bool cut);
  static FileInfo InfoOf(std::string_view name, const SimNode& node);

  SimWorldState* const world_;
  const int64_t life_;
};

Status SimAppendFile::Append(std::string_view bytes) {
  const auto length = static_cast<int64_t>(bytes.size());
  const Fate fate = world_->Enter(life_, "Append", path_, length);
  if (fate == Fate::kDead) return Crashed();
  int64_t written = length;
  if (fate == Fate::kDiesBefore) written = world_->random.Below(length + 1);
  const bool full = world_->disk_bytes_left >= 0 && written > world_->disk_bytes_left;
  if (full) written = world_->disk_bytes_left;
  if (world_->disk_bytes_left >= 0) world_->disk_bytes_left -= written;
  world_->disk.Append(*node_, bytes.substr(0, static_cast<size_t>(written)), world_->NowUs());
  if (fate != Fate::kWorks) return Crashed();
  return full ? FileError("write to", path_, ENOSPC) : Status::OK();
}

Result<int64_t> SimRandomFile::ReadAt(int64_t offset, int64_t length, char* out) const {
  if (world_->Enter(life_, "ReadAt", path_, length) != Fate::kWorks) return Crashed();
  const auto size = static_cast<int64_t>(node_->data.size());
  const int64_t read = std::clamp<int64_t>(size - offset, 0, length);
  if (read > 0) std::memcpy(out, node_->data.data() + offset, static_cast<size_t>(read));
  return read;
}

Result<std::unique_ptr<AppendFile>> SimFileSystem::OpenForWriting(Fate fate,
                                                                  const std::string& path,
                                                                  bool cut) {
  SimNodePtr node;
  THALWEG_RETURN_NOT_OK(Perform(fate, cut ? "create" : "open for appending", path, [&] {
    int error = 0;
    node = world_->disk.OpenForWriting(path, cut, world_->NowUs(), &error);
    return error;
  }));
  return std::unique_ptr<AppendFile>(
      std::make_unique<SimAppendFile>(world_, life_, path, std::move(node)));
}

Result<std::unique_ptr<RandomFile>> SimFileSystem::OpenRead(const std::string& path) {
  SimNodePtr node;
  THALWEG_RETURN_NOT_OK(Perform(Enter("OpenRead", path), "open", path, [&] {
    int error = 0;
    node = world_->disk.Find(path, &error);
    return node != nullptr && node->is_directory ? EISDIR : error;
  }));
  return std::unique_ptr<RandomFile>(
      std::make_unique<SimRandomFile>(world_, life_, path, std::move(node)));
}

Result<FileInfo> SimFileSystem::Stat(const std::string& path) {
  if (Enter("Stat", path) != Fate::kWorks) return Crashed();
  int error = 0;
  const SimNodePtr node = world_->disk.Find(path, &error);
  if (node == nullptr) return FileError("look at", path, error);
  return InfoOf(path.substr(path.rfind('/') + 1), *node);
}

Result<bool> SimFileSystem::Exists(const std::string& path) {
  if (Enter("Exists", path) != Fate::kWorks) return Crashed();
  int error = 0;
  return world_->disk.Find(path, &error) != nullptr;
}

Result<std::vector<FileInfo>> SimFileSystem::List(const std::string& directory) {
  if (Enter("List", directory) != Fate::kWorks) return Crashed();
  int error = 0;
  const SimNodePtr node = world_->disk.Find(directory, &error);
  if (node == nullptr) return FileError("list", directory, error);
  if (!node->is_directory) return FileError("list", directory, ENOTDIR);
  std::vector<FileInfo> infos;
  infos.reserve(node->entries.size());
  for (const auto& [name, child] : node->entries) infos.push_back(InfoOf(name, *child));
  return infos;
}

Status SimFileSystem::CreateDirectories(const std::string& path) {
  return Perform(Enter("CreateDirectories", path), "create the directory", path,
                 [&] { return world_->disk.CreateDirectories(path, world_->NowUs()); });
}

Status SimFileSystem::Rename(const std::string& from, const std::string& to) {
  return Perform(Enter("Rename", from), "rename", from + "' to '" + to,
                 [&] { return world_->disk.Rename(from, to); });
}

Status SimFileSystem::Remove(const std::string& path) {
  return Perform(Enter("Remove", path), "remove", path, [&] { return world_->disk.Remove(path); });
}

Status SimFileSystem::RemoveRecursively(const std::string& path) {
  const Fate fate = Enter("RemoveRecursively", path);
  const int64_t count_max = fate == Fate::kWorks ? INT64_MAX : world_->random.Below(10);
  return Perform(fate, "remove", path,
                 [&] { return world_->disk.RemoveRecursively(path, count_max); });
}

Status SimFileSystem::Truncate(const std::string& path, int64_t size_bytes) {
  return Perform(Enter("Truncate", path, size_bytes), "truncate", path,
                 [&] { return world_->disk.Truncate(path, size_bytes, world_->NowUs()); });
}

Status SimFileSystem::SyncDirectory(const std::string& path) {
  const Fate fate = Enter("SyncDirectory", path);
  int error = 0;
  const SimNodePtr node = world_->disk.Find(path, &error);
  if (node != nullptr && !node->is_directory) error = ENOTDIR;
  if (error != 0 && fate == Fate::kWorks) return FileError("open the directory", path, error);
  if (error != 0) return Crashed();
  return SyncNode(*world_, fate, path, *node);
}

Result<std::unique_ptr<FileLock>> SimFileSystem::Lock(const std::string& path,
                                                      const std::string& owner) {
  const Fate fate = Enter("Lock", path);
  if (fate == Fate::kWorks && world_->locks.count(path) != 0) {
    int error = 0;
    const SimNodePtr held = world_->disk.Find(path, &error);
    const std::string holder = held == nullptr ? "another process" : held->data;
    return Status::World("THALWEG_CHECKPOINT_IN_USE",
                         {{"path", DirectoryOf(path)}, {"owner", holder}});
  }
  THALWEG_RETURN_NOT_OK(Perform(fate, "open the lock file", path, [&] {
    int error = 0;
    const SimNodePtr node = world_->disk.OpenForWriting(path, true, world_->NowUs(), &error);
    if (node != nullptr) world_->disk.Append(*node, owner, world_->NowUs());
    return error;
  }));
  world_->locks[path] = life_;
  return std::unique_ptr<FileLock>(std::make_unique<SimFileLock>(world_, life_, path));
}

FileInfo SimFileSystem::InfoOf(std::string_view name, const SimNode& node) {
  FileInfo info;
  info.name = name;
  info.is_directory = node.is_directory;
  info.size_bytes = static_cast<int64_t>(node.data.size());
  info.modified_us = node.modified_us;
  return info;
}

}  // namespace

std::unique_ptr<FileSystem> NewSimFileSystem(SimWorldState* world, int64_t life) {
  return std::make_unique<SimFileSystem>(world, life);
}

}  // namespace thalweg
