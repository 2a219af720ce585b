#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/file_error.h"
#include "base/posix_env.h"

namespace thalweg {
namespace {

Status WriteFully(int fd, const std::string& path, std::string_view bytes, int64_t* written);

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

Result<FileDescriptor> Open(const char* action, const std::string& path, int flags) {
  while (true) {
    const int fd = open(path.c_str(), flags | O_CLOEXEC, 0666);
    if (fd >= 0) return FileDescriptor(fd);
    if (errno != EINTR) return FileError(action, path, errno);
  }
}

class PosixAppendFile final : public AppendFile {
 public:
  PosixAppendFile(std::string path, FileDescriptor fd, int64_t size_bytes)
      : path_(std::move(path)), fd_(std::move(fd)), size_bytes_(size_bytes) {}

  Status Append(std::string_view bytes) override {
    return WriteFully(fd_.get(), path_, bytes, &size_bytes_);
  }
  Status Sync() override {
    return fdatasync(fd_.get()) == 0 ? Status::OK() : FileError("make durable", path_, errno);
  }
  int64_t size_bytes() const override { return size_bytes_; }

 private:
  const std::string path_;
  const FileDescriptor fd_;
  int64_t size_bytes_;
};

class PosixRandomFile final : public RandomFile {
 public:
  PosixRandomFile(std::string path, FileDescriptor fd, int64_t size_bytes)
      : path_(std::move(path)), fd_(std::move(fd)), size_bytes_(size_bytes) {}

  Result<int64_t> ReadAt(int64_t offset, int64_t length, char* out) const override {
    int64_t done = 0;
    while (done < length) {
      const ssize_t n =
          pread(fd_.get(), out + done, static_cast<size_t>(length - done), offset + done);
      if (n == 0) break;
      if (n > 0) {
        done += n;
      } else if (errno != EINTR) {
        return FileError("read", path_, errno);
      }
    }
    return done;
  }
  int64_t size_bytes() const override { return size_bytes_; }

 private:
  const std::string path_;
  const FileDescriptor fd_;
  const int64_t size_bytes_;
};

class PosixFileLock final : public FileLock {
 public:
  explicit PosixFileLock(FileDescriptor fd) : fd_(std::move(fd)) {}
  // The file stays: removing it would race with the next holder. Closing gives the lock back.
  ~PosixFileLock() override {
    if (ftruncate(fd_.get(), 0) != 0) return;  // the text is only for people
  }

 private:
  const FileDescriptor fd_;
};

FileInfo InfoOf(std::string name, const struct stat& attributes) {
  FileInfo info;
  info.name = std::move(name);
  info.is_directory = S_ISDIR(attributes.st_mode);
  info.size_bytes = attributes.st_size;
  info.modified_us = attributes.st_mtim.tv_sec * 1'000'000 + attributes.st_mtim.tv_nsec / 1000;
  return info;
}

class PosixFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<AppendFile>> OpenAppend(const std::string& path) override {
    return OpenForWriting("open for appending", path, O_WRONLY | O_CREAT | O_APPEND);
  }
  Result<std::unique_ptr<AppendFile>> Create(const std::string& path) override {
    return OpenForWriting("create", path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
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
  static Result<std::unique_ptr<AppendFile>> OpenForWriting(const char* action,
                                                            const std::string& path, int flags);
};

Result<std::unique_ptr<AppendFile>> PosixFileSystem::OpenForWriting(const char* action,
                                                                    const std::string& path,
                                                                    int flags) {
  THALWEG_ASSIGN_OR_RETURN(FileDescriptor fd, Open(action, path, flags));
  struct stat attributes;
  if (fstat(fd.get(), &attributes) != 0) return FileError(action, path, errno);
  return std::unique_ptr<AppendFile>(
      std::make_unique<PosixAppendFile>(path, std::move(fd), attributes.st_size));
}

Result<std::unique_ptr<RandomFile>> PosixFileSystem::OpenRead(const std::string& path) {
  THALWEG_ASSIGN_OR_RETURN(FileDescriptor fd, Open("open", path, O_RDONLY));
  struct stat attributes;
  if (fstat(fd.get(), &attributes) != 0) return FileError("open", path, errno);
  if (S_ISDIR(attributes.st_mode)) return FileError("open", path, EISDIR);
  return std::unique_ptr<RandomFile>(
      std::make_unique<PosixRandomFile>(path, std::move(fd), attributes.st_size));
}

Result<FileInfo> PosixFileSystem::Stat(const std::string& path) {
  struct stat attributes;
  if (stat(path.c_str(), &attributes) != 0) return FileError("look at", path, errno);
  return InfoOf(path.substr(path.rfind('/') + 1), attributes);
}

Result<bool> PosixFileSystem::Exists(const std::string& path) {
  struct stat attributes;
  if (stat(path.c_str(), &attributes) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return FileError("look at", path, errno);
}

Result<std::vector<FileInfo>> PosixFileSystem::List(const std::string& directory) {
  DIR* stream = opendir(directory.c_str());
  if (stream == nullptr) return FileError("list", directory, errno);
  std::vector<FileInfo> infos;
  int error = 0;
  while (true) {
    errno = 0;
    const dirent* entry = readdir(stream);
    if (entry == nullptr) {
      error = errno;
      break;
    }
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    struct stat attributes;
    // An entry that is gone by now, or a link to nothing, is not a file any more.
    if (fstatat(dirfd(stream), entry->d_name, &attributes, 0) != 0) continue;
    infos.push_back(InfoOf(entry->d_name, attributes));
  }
  closedir(stream);
  if (error != 0) return FileError("list", directory, error);
  std::sort(infos.begin(), infos.end(),
            [](const FileInfo& a, const FileInfo& b) { return a.name < b.name; });
  return infos;
}

Status PosixFileSystem::CreateDirectories(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return FileError("create the directory", path, error.value());
  if (!std::filesystem::is_directory(path, error)) {
    return FileError("create the directory", path, EEXIST);
  }
  return Status::OK();
}

Status PosixFileSystem::Rename(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) == 0) return Status::OK();
  return FileError("rename", from + "' to '" + to, errno);
}

Status PosixFileSystem::Remove(const std::string& path) {
  return remove(path.c_str()) == 0 ? Status::OK() : FileError("remove", path, errno);
}

Status PosixFileSystem::RemoveRecursively(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  return error ? FileError("remove", path, error.value()) : Status::OK();
}

Status PosixFileSystem::Truncate(const std::string& path, int64_t size_bytes) {
  if (truncate(path.c_str(), size_bytes) == 0) return Status::OK();
  return FileError("truncate", path, errno);
}

Status PosixFileSystem::SyncDirectory(const std::string& path) {
  THALWEG_ASSIGN_OR_RETURN(const FileDescriptor fd,
                           Open("open the directory", path, O_RDONLY | O_DIRECTORY));
  return fsync(fd.get()) == 0 ? Status::OK() : FileError("make durable", path, errno);
}

Result<std::unique_ptr<FileLock>> PosixFileSystem::Lock(const std::string& path,
                                                        const std::string& owner) {
  THALWEG_ASSIGN_OR_RETURN(FileDescriptor fd, Open("open the lock file", path, O_RDWR | O_CREAT));
  if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return FileError("lock", path, errno);
    char text[512];
    const ssize_t length = pread(fd.get(), text, sizeof text, 0);
    std::string holder(text, static_cast<size_t>(std::max<ssize_t>(length, 0)));
    if (holder.empty()) holder = "another process";
    return Status::World("THALWEG_CHECKPOINT_IN_USE",
                         {{"path", DirectoryOf(path)}, {"owner", holder}});
  }
  if (ftruncate(fd.get(), 0) != 0) return FileError("write the lock file", path, errno);
  int64_t written = 0;
  THALWEG_RETURN_NOT_OK(WriteFully(fd.get(), path, owner, &written));
  return std::unique_ptr<FileLock>(std::make_unique<PosixFileLock>(std::move(fd)));
}

Status WriteFully(int fd, const std::string& path, std::string_view bytes, int64_t* written) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n >= 0) {
      *written += n;
      bytes.remove_prefix(static_cast<size_t>(n));
    } else if (errno != EINTR) {
      return FileError("write to", path, errno);
    }
  }
  return Status::OK();
}

}  // namespace

std::unique_ptr<FileSystem> NewPosixFileSystem() {
  return std::make_unique<PosixFileSystem>();
}

}  // namespace thalweg
