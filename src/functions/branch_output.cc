#include "functions/branch_output.h"

#include "data/batch.h"
#include "functions/vectors.h"

namespace thalweg {

BranchOutput::BranchOutput(int selected, int physical_rows, const TypePtr& type, Vector* out)
    : selected_(selected),
      physical_rows_(physical_rows),
      type_(type),
      out_(out),
      in_place_(CanCopyRows(*type)) {}

void BranchOutput::Put(const Vector& value, const Selection& rows) {
  if (rows.count == 0) return;
  if (rows.count == selected_ && !begun_) {
    *out_ = value;
    begun_ = true;
    return;
  }
  Begin();
  if (in_place_) return CopyRows(value, rows, out_);
  const auto piece = static_cast<int32_t>(pieces_.size());
  pieces_.push_back(value);
  ForEachRow(rows, [&](int r) { piece_of_row_[r] = piece; });
}

void BranchOutput::PutNull(const Selection& rows) {
  if (rows.count == 0) return;
  Begin();
  if (in_place_) ForEachRow(rows, [&](int r) { out_->SetNull(r); });
}

void BranchOutput::Finish() {
  if (!begun_) {
    out_->ResetNull(type_, physical_rows_);
  } else if (!piece_of_row_.empty()) {
    JoinPieces();
  }
}

void BranchOutput::Begin() {
  if (begun_) return;
  begun_ = true;
  if (in_place_) {
    out_->ResetFlat(type_, physical_rows_);
  } else {
    piece_of_row_.assign(physical_rows_, -1);
  }
}

void BranchOutput::JoinPieces() {
  out_->ResetFlat(type_, 0);
  for (int begin = 0; begin < physical_rows_;) {
    const int32_t piece = piece_of_row_[begin];
    int end = begin + 1;
    while (end < physical_rows_ && piece_of_row_[end] == piece) ++end;
    if (piece < 0) {
      AppendNulls(end - begin, out_);
    } else {
      out_->Reserve(end);
      AppendRange(pieces_[piece], begin, end - begin, out_);
    }
    begin = end;
  }
}

}  // namespace thalweg
