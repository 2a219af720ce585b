// WriteFiles: rows at rest into a directory, as Spark's batch writes do it: below _temporary first,
// then moved to their places, then _SUCCESS. A crash on the way leaves nothing that a read would
// see, or, once the moving has begun, some of the new files (Spark's promise too). Any thread.
#pragma once

#include <string>
#include <vector>

#include "analyzer/catalog.h"

namespace thalweg {

enum class SaveMode : uint8_t { kError, kAppend, kOverwrite, kIgnore };

/// Spark's names: "error", "errorifexists", "default", "append", "overwrite", "ignore", any case.
/// Errors: INVALID_SAVE_MODE.
Result<SaveMode> ParseSaveMode(std::string_view text);

struct FileWrite {
  const SinkProvider* format = nullptr;
  std::string path;
  Options options;  // of the format, keys in lower case
  std::vector<std::string> partition_columns;
  SaveMode mode = SaveMode::kError;
};

/// False: there is something at the path, and the mode is to leave it alone; then there is nothing
/// to compute. Errors: PATH_ALREADY_EXISTS; a directory that a streaming query writes.
Result<bool> WantsRows(Env& env, const FileWrite& write);
/// `batches` are of `schema`. After WantsRows.
Status WriteFiles(Env& env, const FileWrite& write, const SchemaPtr& schema,
                  const std::vector<Batch>& batches);

}  // namespace thalweg
