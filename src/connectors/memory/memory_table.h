// Memory tables: a source whose rows a program or a test adds, and a sink that keeps rows by epoch.
// Their contents live outside the engine's life: a MemoryStream and a MemoryRows object survive the
// query (and, in the simulator, the crash), as a broker or a database would. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "data/contracts.h"

namespace thalweg {

/// A replayable stream: partitions of batches. Each Add is atomic and moves the offset by one, even
/// with no rows. An offset is the number of the last Add it covers, in JSON: 0 after the first one,
/// as in Spark's MemoryStream. A `rows` limit ends an epoch after the Add that reaches it,
/// an empty one counting as a row.
///
/// What a query has released may not be read by it again; rows are kept all the same, for others,
/// unless the stream is told to forget.
class MemoryStream {
 public:
  MemoryStream(const std::string& name, SchemaPtr schema, int partitions = 1);
  /// Adds `batches` (dense, of the schema, up to kBatchRows rows each): batch i to partition
  /// partition_of[i] (all to 0 when empty).
  void Add(std::vector<Batch> batches, std::vector<int> partition_of = {});
  /// Drops what every query that ever released something has released, now and from now on.
  void ForgetReleased();
  /// Number of the last Add, -1: none.
  int64_t end_offset() const;
  /// The least that queries have released, -1: nothing.
  int64_t released_offset() const;
  TablePtr table();

 private:
  std::shared_ptr<struct MemoryStreamRep> rep_;
};

/// What a memory sink has been given: the rows of each committed epoch, without row kinds. Belongs
/// to the first query that commits to it: another one is refused.
class MemoryRows {
 public:
  MemoryRows(const std::string& name, SchemaPtr schema);
  /// Committed rows of one epoch, or of all (complete mode: of the last one), as batches.
  std::vector<Batch> Epoch(int64_t epoch) const;
  std::vector<Batch> All() const;
  /// Committed epochs that brought rows, ascending (complete mode: the last one only).
  std::vector<int64_t> Epochs() const;
  /// -1: none.
  int64_t last_committed() const;
  /// Forgets the rows, not what was committed, and keeps their memory for the rows to come.
  void Clear();
  TablePtr table();

 private:
  std::shared_ptr<struct MemoryRowsRep> rep_;
};

}  // namespace thalweg
