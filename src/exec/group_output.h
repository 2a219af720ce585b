// GroupOutput: entries of groups → batches of result rows, filled up to kBatchRows across entries
// of several scans. One a lane, one thread.
#pragma once

#include "exec/grouping.h"
#include "exec/operator.h"

namespace thalweg {

class GroupOutput {
 public:
  /// `grouping` outlives the output.
  explicit GroupOutput(const Grouping& grouping);

  /// Adds a row for each entry; `window`: start of their window. Full batches go to `out`. kEnough
  /// once `out` has enough: what follows is not written.
  Result<Flow> Append(const EntryBatch& entries, int64_t window, Output& out);
  /// Writes what is left and starts anew.
  Result<Flow> Flush(Output& out);
  /// Forgets rows that were not written (of an epoch that failed).
  void Clear();
  /// Rows added since the last Clear or Flush that ended an epoch.
  int64_t rows() const { return rows_; }
  void ResetRows() { rows_ = 0; }

 private:
  Status Fill(const EntryBatch& entries, int from, int count, int64_t window);
  void FillWindows(int at, int count, int64_t window, Vector* column);
  Result<Flow> WriteBatch(Output& out);

  const Grouping& grouping_;
  KeyDecoder decoder_;
  std::vector<Vector> unused_keys_;  // of keys that no output column shows
  std::vector<int> key_output_;      // by key: its output column, -1
  std::vector<Vector*> key_columns_;
  Batch batch_;
  bool enough_ = false;
  int64_t rows_ = 0;
};

}  // namespace thalweg
