// The contracts between the engine and the world: Table, Source, Sink (DESIGN.md §4.3). Connectors
// implement them and see no expression; exec/ and streaming/ use them and see no connector.
//
//   Table ──OpenSource──▶ Source:  Open ─▶ ( Latest ─▶ Read … ─▶ Release )*
//         ──OpenSink────▶ Sink:    Open ─▶ LastCommitted ─▶ ( Writer … ─▶ Commit )*
//
// Rules that the driver asserts:
//  1. Offsets grow; an epoch reads (from, to]; any range after the last Release can be read again
//     and gives the same rows in the same order, however it is split into readers.
//  2. Readers of one Read are in order: partition by partition, and inside one by position.
//     Different readers may be drained by different threads, one thread a reader.
//  3. Commit(epoch) is idempotent by (query id, epoch); LastCommitted is asked once, at recovery.
//  4. Between two Reads nothing allocates in a source whose data is in memory.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "data/batch.h"
#include "data/value.h"

namespace thalweg {

/// Rows of a part of a table. One thread at a time.
class BatchReader {
 public:
  virtual ~BatchReader() = default;
  /// Fills `out` with the next 1 … kBatchRows rows; false at the end. What `out` shows stays valid
  /// while its buffers are held.
  virtual Result<bool> Next(Batch* out) = 0;
  /// Bytes of input behind the rows given so far; 0 where input is not made of bytes. For one range
  /// it is the same however often it is read: a replay is checked by it.
  virtual int64_t bytes_read() const { return 0; }
};

/// Rows of one lane of one epoch on their way into a sink. One thread at a time.
class BatchWriter {
 public:
  virtual ~BatchWriter() = default;
  virtual Status Write(const Batch& batch) = 0;
  /// Ends the lane's part; `part` is opaque text for Commit ("" for none).
  virtual Status Finish(std::string* part) = 0;
};

/// Opaque JSON text in Spark's form; "" is "before everything".
struct Offset {
  std::string json;
  bool empty() const { return json.empty(); }
  bool operator==(const Offset&) const = default;
};

enum class CompareOp : uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIsNull,
  kIsNotNull
};

/// column ⟨op⟩ literal, offered to the reader, which may use it to skip rows; the engine filters
/// again.
struct ScanPredicate {
  int column = 0;  // index into the table's schema
  CompareOp op = CompareOp::kEqual;
  Value literal;
  /// A field (of a field …) of that STRUCT column is meant; empty: the column.
  std::vector<std::string> fields = {};
};

/// What a read needs: columns (indices into the table's schema, in output order), predicates,
/// limit.
struct ScanRequest {
  /// Of the batches that come out. Where the table reads parts, a STRUCT column may have fewer
  /// fields than the table's, and so may the structs in it: only these are wanted.
  SchemaPtr schema;
  std::vector<int> columns;
  std::vector<ScanPredicate> predicates;
  int64_t row_limit = -1;
  int readers_wanted = 1;  // a hint: into how many readers a large range may be split
  int32_t source_index = 0;
};

/// Rate limits of a trigger; -1: none.
struct ReadLimits {
  int64_t rows = -1;
  int64_t files = -1;
  int64_t bytes = -1;
};

/// Called once by a source when there is more to read. Thread-safe.
class Waker {
 public:
  virtual ~Waker() = default;
  virtual void Wake() = 0;
};

struct SourceContext {
  Env* env = nullptr;
  std::string directory;  // the source's own place in the checkpoint; "" in batch queries
  bool streaming = true;
  bool available_now = false;  // Latest never goes beyond what was there at Open
};

class Source {
 public:
  virtual ~Source() = default;
  /// `from`: the last logged offset, or empty for a new query.
  virtual Status Open(const SourceContext& context, const Offset& from) = 0;
  /// The end of the next epoch that begins at `from`, within `limits`; `*to == from` when there is
  /// nothing new: then `waker` is called once when there is. Cheap, reads no rows.
  virtual Status Latest(const Offset& from, const ReadLimits& limits, Waker* waker, Offset* to) = 0;
  /// Readers of (from, to], owned by the source and valid until the next Read or Release.
  virtual Status Read(const ScanRequest& request, const Offset& from, const Offset& to,
                      std::vector<BatchReader*>* readers) = 0;
  /// Nothing up to `to` will be read again.
  virtual Status Release(const Offset& to) = 0;
};

enum class ChangeMode : uint8_t { kAppend, kUpsert, kRetract, kComplete };
enum class Promise : uint8_t { kExactlyOnce, kIdempotentByKey, kAtLeastOnce };

struct SinkContext {
  Env* env = nullptr;
  std::string query_id;
  std::string directory;  // the sink's own place in the checkpoint; "" in batch writes
  SchemaPtr schema;
  ChangeMode mode = ChangeMode::kAppend;
  std::vector<int> keys;  // of kUpsert
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual Status Open(const SinkContext& context) = 0;
  /// The writer of one lane of an epoch, owned by the sink, valid until Commit or the next epoch. A
  /// second Writer of the same epoch and lane begins it anew (an aborted attempt left nothing).
  virtual Result<BatchWriter*> Writer(int64_t epoch, int lane) = 0;
  virtual Status Commit(int64_t epoch, const std::vector<std::string>& parts) = 0;
  /// The last epoch this query committed here, -1: none; nothing: a sink that does not know.
  virtual Result<std::optional<int64_t>> LastCommitted() = 0;
};

/// What a provider says at planning, before anything is opened.
struct TableInfo {
  std::string provider;     // "memory", "kafka", …
  std::string description;  // for EXPLAIN and progress: "MemoryStream[events]"
  SchemaPtr schema;
  bool can_stream_read = false;
  bool decoded = false;      // a read hands out batches that are there already: nothing to decode
  bool reads_parts = false;  // fields of a STRUCT that a read does not want are left out
  bool replayable = true;    // any unreleased range can be read again after a restart
  std::string version;       // recorded version of a static table; "" if it may change unseen
  std::vector<ChangeMode> accepted_modes;  // as a sink
  Promise promise = Promise::kAtLeastOnce;
  int64_t pace_us = 0;         // how seldom this sink wants epochs
  bool single_writer = false;  // a sink that takes its rows by lane 0 alone, in the epoch's order
};

class Table {
 public:
  virtual ~Table() = default;
  virtual const TableInfo& info() const = 0;
  virtual Result<std::unique_ptr<Source>> OpenSource() = 0;
  virtual Result<std::unique_ptr<Sink>> OpenSink() = 0;
};
using TablePtr = std::shared_ptr<Table>;

/// Options of a table: keys are case-insensitive (stored lower case).
using Options = std::map<std::string, std::string>;

}  // namespace thalweg
