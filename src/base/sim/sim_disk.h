// The disk of a simulated world: a tree of files and directories in memory that knows, of every
// byte and every name, whether it would survive a power loss. Paths are absolute or taken from the
// root.
//
//   a byte survives      once its file was synced after the byte was written
//   a name survives      once its directory was synced after the name was made, moved or removed;
//                        the names above it must survive too
//   everything else      may survive, be lost, or (bytes) be torn: LosePower() decides by the seed
//
// Operations return 0 or an errno value. One task at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/env.h"
#include "base/sim/sim_random.h"

namespace thalweg {

struct SimNode {
  bool is_directory = false;
  int64_t modified_us = 0;

  // A file. Of `data` the first synced_bytes survive; where the durable bytes are not a beginning
  // of `data` (it was cut), they are kept apart in before_cut. Bytes whose sync failed are lost to
  // the disk for ever, whatever a later sync says.
  std::string data;
  int64_t synced_bytes = 0;
  std::optional<std::string> before_cut;
  int64_t lost_begin = 0;
  int64_t lost_end = 0;

  // A directory: as it is, and as it would be after a power loss.
  std::map<std::string, std::shared_ptr<SimNode>, std::less<>> entries;
  std::map<std::string, std::shared_ptr<SimNode>, std::less<>> durable_entries;
};

using SimNodePtr = std::shared_ptr<SimNode>;

class SimDisk {
 public:
  /// `keeps_durable`: whether LosePower() will ever be called; without it nothing is kept twice.
  SimDisk(SimRandom* random, bool keeps_durable);

  /// Null if there is none; then *error says why.
  SimNodePtr Find(std::string_view path, int* error) const;
  /// The file at `path`, made if it is missing; `cut` empties one that exists.
  SimNodePtr OpenForWriting(std::string_view path, bool cut, int64_t now_us, int* error);
  void Append(SimNode& file, std::string_view bytes, int64_t now_us);
  void Sync(SimNode& node);
  /// As fsync after an error: what was written is readable now and gone after a power loss.
  void FailSync(SimNode& node);
  int Truncate(std::string_view path, int64_t size_bytes, int64_t now_us);
  int CreateDirectories(std::string_view path, int64_t now_us);
  int Rename(std::string_view from, std::string_view to);
  int Remove(std::string_view path);
  /// Removes at most `count_max` names, deepest first.
  int RemoveRecursively(std::string_view path, int64_t count_max);

  /// Leaves what a power loss leaves, and makes that durable.
  void LosePower();

 private:
  struct Place {  // a name in a directory; `directory` is null where that does not exist
    SimNodePtr directory;
    std::string name;
  };
  // One change of names that no sync of its directory has made durable yet; null: removed.
  struct NameChange {
    SimNodePtr directory;
    std::string name;
    SimNodePtr node;
    int64_t operation;  // changes of one operation survive together
  };

  Place PlaceOf(std::string_view path, int* error) const;
  SimNodePtr EntryOf(const Place& place) const;
  void SetEntry(const Place& place, SimNodePtr node);
  void ListBelow(const SimNodePtr& directory, std::vector<Place>* places) const;
  void Cut(SimNode& file, int64_t size_bytes);
  void ReplayNames();
  void SettleNode(SimNode& node);
  void SettleFile(SimNode& file);

  SimRandom* const random_;
  const bool keeps_durable_;
  SimNodePtr root_;
  std::vector<NameChange> changes_;
  int64_t operations_ = 0;
};

}  // namespace thalweg
