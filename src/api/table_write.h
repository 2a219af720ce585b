// Batch writes of file tables: all of a query's rows become visible, or none of them.
//
//   compute ─▶ <table>/_staging-<n>/…  ─▶ list of moves and removals, a note <table>/_commit
//           ─▶ files moved into place, old ones removed ─▶ _commit and _staging-<n> removed
//
// A query that fails leaves the table as it was. Once _commit is written the write counts: whoever
// looks at the table next finishes it. Names that begin with _ are no data. One writer at a time.
#pragma once

#include <string>
#include <vector>

#include "api/session.h"

namespace thalweg {

struct TableWrite {
  std::string format;
  std::string path;  // of the table
  Options options;
  std::vector<std::string> partition_columns;
  bool overwrite = false;
};

/// Runs an analyzed plan into the files of a table. Errors: those of the query and of the disk; a
/// table that a streaming query writes: THALWEG_SINK_OWNED_BY_OTHER_QUERY.
Status WriteTable(Session& session, const RelationPtr& analyzed, const TableWrite& write);

/// Finishes a write of the table that was stopped between its note and its end.
Status FinishTableWrite(FileSystem& files, const std::string& path);

/// True if there is nothing at `path` that a reader would see.
Result<bool> IsEmptyTable(FileSystem& files, const std::string& path);

}  // namespace thalweg
