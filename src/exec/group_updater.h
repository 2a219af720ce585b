// GroupUpdater: folds rows of a batch into the entries of a table: encode keys ▸ locate entries in
// a loop ▸ update aggregates column-wise. The hot path of every grouping; one a lane, one thread.
#pragma once

#include "exec/grouping.h"

namespace thalweg {

class GroupUpdater {
 public:
  /// `grouping` outlives the updater.
  explicit GroupUpdater(const Grouping& grouping);

  /// Encodes the keys of `rows`, valid until the next call. KeyOfAll without key columns.
  Status Encode(const Batch& batch, const Selection& rows, KeyBatch* keys);
  /// Folds `rows`, all of them, into their entries in `table`.
  Status Update(const Batch& batch, const Selection& rows, GroupTable* table);
  /// Folds the one row `row`, whose key is `key`, into its entry; `block`: the entry.
  Status UpdateOne(const Batch& batch, int row, const KeyBatch& key, GroupTable* table,
                   uint8_t** block);

 private:
  Status UpdateOneGroup(const Batch& batch, const Selection& rows, GroupTable* table);

  const Grouping& grouping_;
  KeyEncoder encoder_;
  std::vector<const Vector*> key_columns_;
  bool has_arenas_;
  uint8_t* blocks_[kBatchRows];
  AggregateArena* arenas_[kBatchRows];
};

}  // namespace thalweg
