#include "exec/group_output.h"

#include <algorithm>

namespace thalweg {

GroupOutput::GroupOutput(const Grouping& grouping)
    : grouping_(grouping),
      decoder_(grouping.key_types),
      unused_keys_(grouping.key_types.size()),
      key_output_(grouping.key_types.size(), -1),
      key_columns_(grouping.key_types.size()),
      batch_(grouping.schema) {
  for (size_t i = 0; i < grouping.output.size(); ++i) {
    const GroupColumn& column = grouping.output[i];
    if (column.kind == GroupColumn::kKey) key_output_[column.index] = static_cast<int>(i);
  }
}

Result<Flow> GroupOutput::Append(const EntryBatch& entries, int64_t window, Output& out) {
  for (int from = 0; from < entries.count && !enough_;) {
    const int count = std::min(entries.count - from, kBatchRows - batch_.physical_rows());
    THALWEG_RETURN_NOT_OK(Fill(entries, from, count, window));
    from += count;
    if (batch_.physical_rows() == kBatchRows) THALWEG_RETURN_NOT_OK(WriteBatch(out).status());
  }
  return enough_ ? Flow::kEnough : Flow::kMore;
}

Result<Flow> GroupOutput::Flush(Output& out) {
  if (batch_.physical_rows() > 0 && !enough_) THALWEG_RETURN_NOT_OK(WriteBatch(out).status());
  const Flow flow = enough_ ? Flow::kEnough : Flow::kMore;
  enough_ = false;
  return flow;
}

void GroupOutput::Clear() {
  if (batch_.physical_rows() > 0) batch_.Reset(grouping_.schema);
  enough_ = false;
  rows_ = 0;
}

Status GroupOutput::Fill(const EntryBatch& entries, int from, int count, int64_t window) {
  const int at = batch_.physical_rows();
  for (size_t i = 0; i < key_columns_.size(); ++i) {
    Vector* column = &unused_keys_[i];
    if (key_output_[i] >= 0) column = &batch_.mutable_column(key_output_[i]);
    if (at == 0) column->ResetFlat(grouping_.key_types[i], 0);
    column->Reserve(kBatchRows);
    key_columns_[i] = column;
  }
  if (!key_columns_.empty()) {
    THALWEG_RETURN_NOT_OK(
        decoder_.Decode(SubKeys(entries.keys, from, count), at, key_columns_.data()));
  }
  const GroupBlocks blocks = {entries.blocks + from,
                              entries.arenas == nullptr ? nullptr : entries.arenas + from};
  for (size_t i = 0; i < grouping_.output.size(); ++i) {
    Vector* column = &batch_.mutable_column(static_cast<int>(i));
    const GroupColumn& what = grouping_.output[i];
    if (what.kind == GroupColumn::kWindow) FillWindows(at, count, window, column);
    if (what.kind != GroupColumn::kAggregate) continue;
    column->Reserve(kBatchRows);
    column->SetSize(at + count);
    THALWEG_RETURN_NOT_OK(grouping_.aggregates.Finish(what.index, blocks, count, at, column));
  }
  batch_.SetRowCount(at + count);
  rows_ += count;
  return Status::OK();
}

void GroupOutput::FillWindows(int at, int count, int64_t window, Vector* column) {
  for (int child = 0; child < 2; ++child) {
    Vector& edge = column->mutable_child(child);
    edge.Reserve(kBatchRows);
    edge.SetSize(at + count);
    std::fill_n(edge.mutable_values<int64_t>() + at, count,
                child == 0 ? window : window + grouping_.window.size_us);
  }
  column->SetSize(at + count);
}

Result<Flow> GroupOutput::WriteBatch(Output& out) {
  if (grouping_.mode == OutputMode::kUpdate) {
    std::fill_n(batch_.MutableRowKinds(), batch_.physical_rows(), RowKind::kUpdateAfter);
  }
  for (size_t i = 0; i < grouping_.output.size(); ++i) {  // a key that is shown twice
    const GroupColumn& what = grouping_.output[i];
    if (what.kind != GroupColumn::kKey || key_output_[what.index] == static_cast<int>(i)) continue;
    batch_.mutable_column(static_cast<int>(i)) = batch_.column(key_output_[what.index]);
  }
  THALWEG_ASSIGN_OR_RETURN(const Flow flow, out.Write(batch_));
  enough_ = flow == Flow::kEnough;
  batch_.Reset(grouping_.schema);
  return flow;
}

}  // namespace thalweg
