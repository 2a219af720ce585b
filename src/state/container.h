// Container: anything in state/ that grows and must survive. Containers of a query are addressed by
// *meaning* (a fingerprint), partitioned into 64 virtual shards, and touched by one lane a shard at a
// time. The StateStore seals, loads and measures them through this interface (DESIGN.md §4.4).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/memory.h"
#include "base/status.h"

namespace thalweg {

/// Takes records of one container's delta or base; the StateStore frames and checksums them.
class RecordSink {
 public:
  virtual ~RecordSink() = default;
  virtual Status Append(std::string_view record) = 0;
};

struct ContainerMetrics {
  int64_t entries = 0;
  int64_t bytes = 0;          // reserved
  int64_t dirty_bytes = 0;    // about what the next seal writes
};

class Container {
 public:
  virtual ~Container() = default;
  /// Writes what changed since the last SealDelta (everything, for SealBase) as records that Load
  /// reads back; clears the dirty marks (SealBase leaves them).
  virtual Status SealDelta(RecordSink& out) = 0;
  virtual Status SealBase(RecordSink& out) = 0;
  /// Applies one record; `record` was checksummed by the caller.
  virtual Status Load(std::string_view record) = 0;
  /// Forgets everything.
  virtual void Clear() = 0;
  virtual ContainerMetrics metrics() const = 0;
};

}  // namespace thalweg
