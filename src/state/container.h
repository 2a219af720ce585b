// Container: anything in state/ that grows and must survive. Containers of a query are addressed by
// *meaning* (a fingerprint), partitioned into 64 virtual shards, and touched by one lane a shard at
// a time. The StateStore seals, loads and measures them through this interface (DESIGN.md §4.4).
//
// Marks are cleared by MarkSealed, not by SealDelta: a seal that failed half way (a full disk) has
// lost nothing and can be done again.
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
  int64_t bytes = 0;        // reserved
  int64_t live_bytes = 0;   // about what SealBase would write
  int64_t dirty_bytes = 0;  // about what SealDelta would write; an upper bound
};

class Container {
 public:
  virtual ~Container() = default;
  /// Writes what changed since the last MarkSealed (SealBase: everything) as records that Load
  /// reads back, in the order of state/keyed_records.h. Changes nothing.
  virtual Status SealDelta(RecordSink& out) const = 0;
  virtual Status SealBase(RecordSink& out) const = 0;
  /// What has been written is in a complete file: forgets what changed.
  virtual void MarkSealed() = 0;
  /// Applies one record; `record` was checksummed by the caller. Marks nothing. Errors: a user
  /// error under THALWEG_CHECKPOINT_DAMAGED without file (the caller knows it), or the memory
  /// limit.
  virtual Status Load(std::string_view record) = 0;
  /// Forgets everything, marks included: as new.
  virtual void Clear() = 0;
  virtual ContainerMetrics metrics() const = 0;
  /// metrics().dirty_bytes alone: cheap enough to be asked every epoch.
  virtual int64_t dirty_bytes() const = 0;
};

}  // namespace thalweg
