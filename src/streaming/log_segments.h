// The segments of a query log as files: listing them, reading them in order, and what their records
// add up to. Behind QueryLog; nobody else includes this.
#pragma once

#include "base/env.h"
#include "streaming/query_log.h"

namespace thalweg {

struct LogSegment {
  uint64_t number = 0;
  int64_t size_bytes = 0;  // of whole records
  int64_t last_epoch = -1;
  int64_t last_batch_time_us = 0;
};

/// The segments of a directory by number. Errors: THALWEG_CHECKPOINT_DAMAGED for a missing one.
Result<std::vector<LogSegment>> ListSegments(FileSystem& files, const std::string& directory);

/// Adds the records of a segment with these bytes to `state` and fills `segment`. A tail that is no
/// record is left out of size_bytes if `last`, and damage otherwise.
Status ReadSegment(const std::string& path, std::string_view bytes, bool last, LogSegment* segment,
                   LogState* state);

/// Decodes the payload of a record read from `path`. Errors: THALWEG_CHECKPOINT_DAMAGED.
template <class Record>
Status DecodeRecord(const std::string& path, const LogRecordView& view, Record* record);

Status DamagedLog(const std::string& path, int64_t position, std::string what);

// ---- implementation

template <class Record>
Status DecodeRecord(const std::string& path, const LogRecordView& view, Record* record) {
  if (Decode(view.payload, record)) return Status::OK();
  return DamagedLog(path, view.position, "a record with a valid checksum cannot be read");
}

}  // namespace thalweg
