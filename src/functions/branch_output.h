// BranchOutput: a result column that is put together from parts of others, row by row in place:
// what CASE, COALESCE, GREATEST … give. While one part has given every row, it stays a shared
// Vector and nothing is copied. Nested values cannot be put in place: their parts are kept and
// joined in Finish. One evaluation each.
#pragma once

#include <vector>

#include "data/selection.h"
#include "data/vector.h"

namespace thalweg {

class BranchOutput {
 public:
  /// `selected` of `physical_rows` rows will be put.
  BranchOutput(int selected, int physical_rows, const TypePtr& type, Vector* out);

  /// out[r] = value[r] for the rows; each row is put once at most, others become NULL.
  void Put(const Vector& value, const Selection& rows);
  void PutNull(const Selection& rows);
  /// Call once, after the last row.
  void Finish();

 private:
  void Begin();
  void JoinPieces();

  const int selected_;
  const int physical_rows_;
  const TypePtr& type_;
  Vector* const out_;
  const bool in_place_;
  bool begun_ = false;
  std::vector<Vector> pieces_;         // nested values only
  std::vector<int32_t> piece_of_row_;  // -1: NULL
};

}  // namespace thalweg
