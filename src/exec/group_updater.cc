#include "exec/group_updater.h"

#include <algorithm>

#include "exec/row_selection.h"

namespace thalweg {

GroupUpdater::GroupUpdater(const Grouping& grouping)
    : grouping_(grouping),
      encoder_(grouping.key_types),
      key_columns_(grouping.key_columns.size()),
      has_arenas_(!grouping.aggregates.spans().empty()) {}

Status GroupUpdater::Encode(const Batch& batch, const Selection& rows, KeyBatch* keys) {
  if (key_columns_.empty()) {
    *keys = KeyOfAll();
    return Status::OK();
  }
  for (size_t i = 0; i < key_columns_.size(); ++i) {
    key_columns_[i] = &batch.column(grouping_.key_columns[i]);
  }
  return encoder_.Encode(key_columns_.data(), rows, keys);
}

Status GroupUpdater::Update(const Batch& batch, const Selection& rows, GroupTable* table) {
  if (key_columns_.empty()) return UpdateOneGroup(batch, rows, table);
  KeyBatch keys;
  THALWEG_RETURN_NOT_OK(Encode(batch, rows, &keys));
  AggregateArena** arenas = has_arenas_ ? arenas_ : nullptr;
  for (int from = 0; from < rows.count;) {
    THALWEG_ASSIGN_OR_RETURN(const int count, table->Locate(keys, from, blocks_, arenas));
    THALWEG_RETURN_NOT_OK(
        grouping_.aggregates.Update(batch, SubSelection(rows, from, count), {blocks_, arenas}));
    from += count;
  }
  return Status::OK();
}

Status GroupUpdater::UpdateOneGroup(const Batch& batch, const Selection& rows, GroupTable* table) {
  AggregateArena** arenas = has_arenas_ ? arenas_ : nullptr;
  THALWEG_RETURN_NOT_OK(table->Locate(KeyOfAll(), 0, blocks_, arenas).status());
  std::fill_n(blocks_ + 1, rows.count - 1, blocks_[0]);
  if (has_arenas_) std::fill_n(arenas_ + 1, rows.count - 1, arenas_[0]);
  return grouping_.aggregates.Update(batch, rows, {blocks_, arenas});
}

Status GroupUpdater::UpdateOne(const Batch& batch, int row, const KeyBatch& key, GroupTable* table,
                               uint8_t** block) {
  AggregateArena** arenas = has_arenas_ ? arenas_ : nullptr;
  THALWEG_RETURN_NOT_OK(table->Locate(key, 0, blocks_, arenas).status());
  *block = blocks_[0];
  return grouping_.aggregates.Update(batch, Selection{IdentityRows() + row, 1}, {blocks_, arenas});
}

}  // namespace thalweg
