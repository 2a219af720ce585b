// Tables of files: a directory (or file, or pattern) of one format, read at rest or as a stream of
// new files, written exactly once through a manifest. Immutable; shared.
#pragma once

#include <string>
#include <vector>

#include "connectors/files/listing.h"
#include "data/contracts.h"
#include "formats/format.h"

namespace thalweg {

struct FileReadOptions {
  const Format* format = nullptr;
  std::vector<std::string> paths;
  Options options;   // of the format and of the file source, keys lower case
  SchemaPtr schema;  // null: inferred (a stream needs one)
  std::string session_zone = "UTC";
  bool streaming = false;
};

/// Errors: PATH_NOT_FOUND, UNABLE_TO_INFER_SCHEMA, unknown options, what the format refuses.
Result<TablePtr> MakeFileReadTable(Env& env, FileReadOptions options);

struct FileWriteOptions {
  const Format* format = nullptr;
  std::string path;
  Options options;
  SchemaPtr schema;
  std::vector<std::string> partition_columns;
  std::string session_zone = "UTC";
};

/// Errors: unknown options, a partition column that is not there.
Result<TablePtr> MakeFileWriteTable(Env& env, FileWriteOptions options);

}  // namespace thalweg
