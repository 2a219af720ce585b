// Memory tables: a source whose rows a program or a test adds, and a sink that keeps rows by epoch.
// Their contents live outside the engine's life: a MemoryStream and a MemoryRows object survive the
// query (and, in the simulator, the crash), as a broker or a database would.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "data/contracts.h"

namespace thalweg {

/// A replayable stream in memory: partitions of batches. Thread-safe. Each Add is atomic and moves
/// the offset by one, even with no rows; offsets are {"offset": n} in Spark's MemoryStream form: n.
class MemoryStream : public std::enable_shared_from_this<MemoryStream> {
 public:
  MemoryStream(std::string name, SchemaPtr schema, int partitions = 1);
  /// Adds `batches` (dense, of the schema, any size up to kBatchRows each): batch i to partition
  /// partition_of[i] (all to 0 when empty).
  void Add(std::vector<Batch> batches, std::vector<int> partition_of = {});
  int64_t end_offset() const;
  TablePtr table();

 private:
  friend class MemorySource;
  struct Rep;
  std::shared_ptr<Rep> rep_;
};

/// What a memory sink has been given: the rows of each committed epoch.
class MemoryRows {
 public:
  MemoryRows(std::string name, SchemaPtr schema);
  /// Committed rows of one epoch, or of all, as batches.
  std::vector<Batch> Epoch(int64_t epoch) const;
  std::vector<Batch> All() const;
  /// In complete mode only the last epoch counts.
  std::vector<int64_t> Epochs() const;
  int64_t last_committed() const;
  TablePtr table();

 private:
  friend class MemorySink;
  struct Rep;
  std::shared_ptr<Rep> rep_;
};

}  // namespace thalweg
