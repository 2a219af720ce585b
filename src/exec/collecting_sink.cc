#include "exec/collecting_sink.h"

#include <algorithm>

#include "exec/row_selection.h"

namespace thalweg {

CollectingSink::CollectingSink(SchemaPtr schema, MemoryBudget* budget)
    : schema_(std::move(schema)), budget_(budget) {}

CollectingSink::~CollectingSink() {
  Drop();
}

Result<BatchWriter*> CollectingSink::Writer(int64_t, int lane) {
  THALWEG_CHECK(lane == 0, "rows are collected in their order: by one lane");
  Drop();
  return &rows_;
}

std::vector<Batch> CollectingSink::Take() {
  std::vector<Batch> taken = std::move(batches_);
  Drop();
  return taken;
}

Status CollectingSink::Append(const Batch& batch) {
  const Selection rows = batch.selection();
  if (rows.count == 0) return Status::OK();
  if (budget_ != nullptr) {
    const int64_t bytes = batch.SizeBytes() / std::max(batch.physical_rows(), 1) * rows.count;
    THALWEG_RETURN_NOT_OK(budget_->Reserve(bytes));
    reserved_bytes_ += bytes;
  }
  for (int from = 0; from < rows.count;) {
    if (batches_.empty() || batches_.back().physical_rows() == kBatchRows) {
      batches_.emplace_back(schema_);
    }
    Batch& to = batches_.back();
    const int count = std::min(rows.count - from, kBatchRows - to.physical_rows());
    AppendRows(batch, SubSelection(rows, from, count), &to);
    from += count;
  }
  return Status::OK();
}

void CollectingSink::Drop() {
  batches_.clear();
  if (budget_ != nullptr) budget_->Release(reserved_bytes_);
  reserved_bytes_ = 0;
}

Status CollectingSink::Rows::Finish(std::string* part) {
  part->clear();
  for (Batch& batch : sink_.batches_) batch.ClearRowKinds();
  return Status::OK();
}

}  // namespace thalweg
