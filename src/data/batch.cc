#include "data/batch.h"

#include <algorithm>

namespace thalweg {

Batch::Batch(const SchemaPtr& schema) {
  Reset(schema);
}

void Batch::Reset(const SchemaPtr& schema) {
  if (schema_ != schema) schema_ = schema;
  columns_.resize(schema_->size());
  for (int i = 0; i < schema_->size(); ++i) columns_[i].ResetFlat(schema_->column(i).type, 0);
  physical_rows_ = 0;
  selected_ = false;
  selected_count_ = 0;
  has_row_kinds_ = false;
  origin_ = RowOrigin();
}

RowIndex* Batch::MutableSelection() {
  selection_.EnsureUnique(sizeof(RowIndex) * std::max(physical_rows_, kBatchRows));
  return selection_.as<RowIndex>();
}

void Batch::SetSelected(int count) {
  THALWEG_DCHECK(count <= physical_rows_ && selection_, "a selection that was not written");
  selected_ = true;
  selected_count_ = count;
}

RowKind* Batch::MutableRowKinds() {
  row_kinds_.EnsureUnique(sizeof(RowKind) * std::max(physical_rows_, kBatchRows));
  has_row_kinds_ = true;
  return row_kinds_.as<RowKind>();
}

void Batch::ShareFrom(const Batch& other) {
  if (schema_ == nullptr || schema_->size() != other.column_count()) schema_ = other.schema_;
  columns_ = other.columns_;
  ShareRowsFrom(other);
}

void Batch::ShareRowsFrom(const Batch& other) {
  physical_rows_ = other.physical_rows_;
  selected_ = other.selected_;
  selected_count_ = other.selected_count_;
  selection_ = other.selection_;
  has_row_kinds_ = other.has_row_kinds_;
  row_kinds_ = other.row_kinds_;
  origin_ = other.origin_;
}

int64_t Batch::SizeBytes() const {
  int64_t bytes = 0;
  for (const Vector& column : columns_) bytes += column.SizeBytes();
  if (selected_) bytes += selection_.capacity();
  if (has_row_kinds_) bytes += row_kinds_.capacity();
  return bytes;
}

}  // namespace thalweg
