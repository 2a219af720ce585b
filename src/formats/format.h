// Format: bytes of files ↔ batches: JSON, CSV, text, Parquet. A Format is stateless and shared;
// what it makes belongs to one lane. connectors/files brings the paths, partition columns and
// epochs; functions (from_json, from_csv) bring single texts through the same decoders.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/env.h"
#include "data/contracts.h"

namespace thalweg {

/// What a read needs of each file.
struct FormatRequest {
  Options options;                        // of the format, keys lower case
  SchemaPtr schema;                       // of the files' columns, without partition columns
  std::vector<int> columns;               // indices into `schema`, in output order
  SchemaPtr output;                       // of the batches: the columns, parallel to `columns`
  std::vector<ScanPredicate> predicates;  // by index into `schema`; may be used to skip rows
  std::string session_zone = "UTC";
};

/// What a write needs.
struct FormatWriteRequest {
  Options options;
  SchemaPtr schema;
  std::string session_zone = "UTC";
};

/// Writes one file. One thread at a time.
class FormatWriter {
 public:
  virtual ~FormatWriter() = default;
  virtual Status Write(const Batch& batch) = 0;
  /// Ends the file: all bytes are written and, if `sync`, durable. The writer is done.
  virtual Status Finish(bool sync) = 0;
  virtual int64_t bytes_written() const = 0;
};

class Format {
 public:
  virtual ~Format() = default;
  virtual const char* name() const = 0;
  /// ".json", ".snappy.parquet": the end of the names of files that a write makes.
  virtual std::string Extension(const Options& options) const = 0;
  /// Errors: an unknown option (with the nearest one), a value that it cannot have.
  virtual Status CheckOptions(const Options& options, bool write) const = 0;
  /// The schema of the files, as Spark infers it. Errors: UNABLE_TO_INFER_SCHEMA, unreadable files.
  virtual Result<SchemaPtr> InferSchema(Env& env, const std::vector<std::string>& paths,
                                        const Options& options) const = 0;
  /// Whether `output` of a request may leave fields of structs out without changing anything else
  /// that is read.
  virtual bool ReadsParts(const Options& options, const Schema& schema) const {
    (void)options, (void)schema;
    return false;
  }
  /// Rows of one file, decompressed by the end of its name (.gz, .zst, …). Errors name the file
  /// and, where there is one, the line or byte.
  virtual Result<std::unique_ptr<BatchReader>> OpenReader(Env& env, const std::string& path,
                                                          const FormatRequest& request) const = 0;
  /// A new file at `path`.
  virtual Result<std::unique_ptr<FormatWriter>> OpenWriter(
      Env& env, const std::string& path, const FormatWriteRequest& request) const = 0;
};

/// By name, case-insensitive ("json", "csv", "text", "parquet"); nullptr: none.
const Format* FindFormat(std::string_view name);
std::vector<std::string> FormatNames();

}  // namespace thalweg
