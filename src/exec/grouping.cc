#include "exec/grouping.h"

#include "exec/row_selection.h"

namespace thalweg {
namespace {

/// Rows and blocks of a FILTER clause: the subset for which it is true.
struct FilteredRows {
  RowIndex rows[kBatchRows];
  uint8_t* blocks[kBatchRows];
  AggregateArena* arenas[kBatchRows];
  int count = 0;

  void Keep(const Vector& filter, const Selection& from, const GroupBlocks& targets);
  Selection selection() const { return {rows, count}; }
};

void FilteredRows::Keep(const Vector& filter, const Selection& from, const GroupBlocks& targets) {
  for (int i = 0; i < from.count; ++i) {
    const int row = from[i];
    if (filter.IsNull(row) || filter.Get<uint8_t>(row) == 0) continue;
    rows[count] = static_cast<RowIndex>(row);
    blocks[count] = targets.blocks[i];
    if (targets.arenas != nullptr) arenas[count] = targets.arenas[i];
    ++count;
  }
}

}  // namespace

AggregateList::AggregateList(std::vector<GroupAggregate> aggregates)
    : aggregates_(std::move(aggregates)) {
  for (const GroupAggregate& each : aggregates_) {
    const AggregateLayout& layout = each.aggregate->layout();
    offsets_.push_back(block_bytes_);
    for (const int span : layout.spans) spans_.push_back(block_bytes_ + span);
    block_bytes_ += layout.width;
    invertible_ &= layout.invertible && layout.exact;
  }
}

Status AggregateList::Update(const Batch& batch, const Selection& rows,
                             const GroupBlocks& targets) const {
  const Vector* arguments[16];
  for (int i = 0; i < size(); ++i) {
    const GroupAggregate& each = aggregates_[i];
    THALWEG_DCHECK(each.arguments.size() <= std::size(arguments), "too many arguments");
    for (size_t a = 0; a < each.arguments.size(); ++a) {
      arguments[a] = &batch.column(each.arguments[a]);
    }
    const int stride = targets.arenas == nullptr ? 0 : 1;
    if (each.filter < 0) {
      THALWEG_RETURN_NOT_OK(each.aggregate->Update(
          arguments, rows, {targets.blocks, offsets_[i], targets.arenas, stride}));
      continue;
    }
    FilteredRows kept;
    kept.Keep(batch.column(each.filter), rows, targets);
    if (kept.count == 0) continue;
    const AggregateTargets into = {kept.blocks, offsets_[i],
                                   targets.arenas == nullptr ? nullptr : kept.arenas, stride};
    THALWEG_RETURN_NOT_OK(each.aggregate->Update(arguments, kept.selection(), into));
  }
  return Status::OK();
}

Status AggregateList::Merge(const GroupBlocks& into, const uint8_t* const* from, int count,
                            bool subtract) const {
  const int stride = into.arenas == nullptr ? 0 : 1;
  for (int i = 0; i < size(); ++i) {
    THALWEG_RETURN_NOT_OK(aggregates_[i].aggregate->Merge(
        {into.blocks, offsets_[i], into.arenas, stride}, from, count, subtract));
  }
  return Status::OK();
}

Status AggregateList::Finish(int i, const GroupBlocks& from, int count, int at, Vector* out) const {
  const int stride = from.arenas == nullptr ? 0 : 1;
  return aggregates_[i].aggregate->Finish({from.blocks, offsets_[i], from.arenas, stride}, count,
                                          at, out);
}

GroupTableOptions OptionsOf(const Grouping& grouping) {
  GroupTableOptions options;
  options.key_form =
      grouping.key_types.empty() ? KeyForm::kWord : KeyEncoder::FormOf(grouping.key_types);
  options.block_bytes = grouping.aggregates.block_bytes();
  options.spans = grouping.aggregates.spans();
  options.track_touched = grouping.mode == OutputMode::kUpdate;
  options.unsharded = grouping.time_column >= 0 || grouping.key_types.empty();
  return options;
}

KeyBatch KeyOfAll() {
  static constexpr uint64_t kZero = 0;
  KeyBatch keys;
  keys.form = KeyForm::kWord;
  keys.count = 1;
  keys.hashes = &kZero;
  keys.words = &kZero;
  return keys;
}

KeyBatch SubKeys(const KeyBatch& keys, int from, int count) {
  KeyBatch part = keys;
  part.count = count;
  part.hashes += from;
  if (part.words != nullptr) part.words += from;
  if (part.bytes != nullptr) part.bytes += from;
  if (part.nulls != nullptr) part.nulls += from;
  return part;
}

}  // namespace thalweg
