// Env: the only door to clocks, files, threads and random numbers (DESIGN.md §4.7). PosixEnv() is
// the real one; base/sim/sim_env.h has one that runs everything on one thread in a seeded order, on
// a virtual clock and a disk that tears and loses what was not synced. A crashed simulated Env
// fails every later call, so code must unwind by Status and must not retry on its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace thalweg {

class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall clock, µs since the Unix epoch.
  virtual int64_t NowUs() = 0;
  /// Never goes back; for durations.
  virtual int64_t MonotonicNs() = 0;
};

/// A file open for appending. Thread-compatible. Closing happens in the destructor; what was not
/// synced may be lost at a power loss.
class AppendFile {
 public:
  virtual ~AppendFile() = default;
  virtual Status Append(std::string_view bytes) = 0;
  /// fdatasync. An error is final: the caller ends the query and never tries again.
  virtual Status Sync() = 0;
  virtual int64_t size_bytes() const = 0;
};

/// A file open for reading at any offset. Thread-safe.
class RandomFile {
 public:
  virtual ~RandomFile() = default;
  /// Reads up to `length` bytes at `offset` into `out`; fewer only at the end of the file.
  virtual Result<int64_t> ReadAt(int64_t offset, int64_t length, char* out) const = 0;
  /// As it was when the file was opened.
  virtual int64_t size_bytes() const = 0;
};

struct FileInfo {
  std::string name;  // without its directory
  bool is_directory = false;
  int64_t size_bytes = 0;
  int64_t modified_us = 0;
};

/// Held while it exists; a second holder is refused.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

/// Paths are UTF-8 text. Errors are world errors that name path and cause and, where the user can
/// help (no permission, disk full, no such file), the remedy.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  /// Goes on at the end of the file, which is made if it is missing.
  virtual Result<std::unique_ptr<AppendFile>> OpenAppend(const std::string& path) = 0;
  /// A new, empty file; an existing one is replaced.
  virtual Result<std::unique_ptr<AppendFile>> Create(const std::string& path) = 0;
  virtual Result<std::unique_ptr<RandomFile>> OpenRead(const std::string& path) = 0;
  virtual Result<FileInfo> Stat(const std::string& path) = 0;
  virtual Result<bool> Exists(const std::string& path) = 0;
  /// Sorted by name.
  virtual Result<std::vector<FileInfo>> List(const std::string& directory) = 0;
  virtual Status CreateDirectories(const std::string& path) = 0;
  /// Replaces `to` atomically; durable after SyncDirectory of its directory.
  virtual Status Rename(const std::string& from, const std::string& to) = 0;
  /// A file or an empty directory; a missing one is an error.
  virtual Status Remove(const std::string& path) = 0;
  /// A missing one is fine.
  virtual Status RemoveRecursively(const std::string& path) = 0;
  virtual Status Truncate(const std::string& path, int64_t size_bytes) = 0;
  virtual Status SyncDirectory(const std::string& path) = 0;
  /// `owner` is written into the lock file. Errors: THALWEG_CHECKPOINT_IN_USE with the holder.
  virtual Result<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                                 const std::string& owner) = 0;
};

/// A flag that one task waits on and any task sets. Thread-safe.
class Signal {
 public:
  virtual ~Signal() = default;
  virtual void Set() = 0;
  /// Returns when Set was called since the last Wait, or after `timeout_us` (< 0: no limit); true
  /// if it was set. The simulated one advances the virtual clock instead of sleeping.
  virtual bool Wait(int64_t timeout_us) = 0;
};

/// A task started by Spawn; the destructor joins it.
class Task {
 public:
  virtual ~Task() = default;
};

/// Worker threads of the process. Run() is the fan-out of an epoch: coordinator and workers.
class Tasks {
 public:
  virtual ~Tasks() = default;
  /// Calls body(0) … body(count - 1), each once, in parallel where workers are free, and returns
  /// when all have returned. The caller works too. Does not allocate. `body` must outlive the call.
  virtual void Run(int count, const std::function<void(int)>& body) = 0;
  /// How many bodies can run at once (>= 1).
  virtual int worker_count() const = 0;
  /// A thread of its own, for a query's coordinator, a sync thread or an adapter.
  virtual std::unique_ptr<Task> Spawn(const std::string& name, std::function<void()> body) = 0;
  virtual std::unique_ptr<Signal> NewSignal() = 0;
};

class Env {
 public:
  virtual ~Env() = default;
  virtual Clock& clock() = 0;
  virtual FileSystem& files() = 0;
  virtual Tasks& tasks() = 0;
  /// 64 random bits (ids, seeds). Never used for anything a result depends on.
  virtual uint64_t Random() = 0;
};

/// The real Env with `worker_count` workers (0: as many as cores). One per process is enough.
std::unique_ptr<Env> NewPosixEnv(int worker_count = 0);

/// Reads a whole file. Writes go through WriteFileAtomically: temporary file, sync, rename, sync of
/// the directory, so that a reader sees the old bytes or the new ones.
Result<std::string> ReadFile(FileSystem& files, const std::string& path);
Status WriteFileAtomically(FileSystem& files, const std::string& path, std::string_view bytes,
                           bool sync);

/// "a/b" + "c" -> "a/b/c".
std::string JoinPath(std::string_view directory, std::string_view name);
/// The directory that `path` lies in: "." for a bare name.
std::string DirectoryOf(const std::string& path);

}  // namespace thalweg
