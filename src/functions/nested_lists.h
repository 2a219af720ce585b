// What kernels over arrays and maps are made of: reading the elements of a row, building lists row
// by row, picking values out of a child. Included by nested_*, collection_* and lambda_* files.
// Scratch of one call; one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "data/batch.h"
#include "functions/kernel_loops.h"
#include "functions/value_order.h"

namespace thalweg {

/// The elements of one list (or the entries of one map): positions in the children of `vector`.
struct ListSpan {
  const Vector* vector;
  int begin;
  int end;
  int count() const { return end - begin; }
  const Vector& child(int i = 0) const { return vector->child(i); }
};

/// Of a row that is not NULL, whatever the encoding.
inline ListSpan SpanOf(const Vector& list, int row) {
  const ValuePlace place = FindValue(list, row);
  const int32_t* offsets = place.vector->offsets() + place.row;
  return {place.vector, offsets[0], offsets[1]};
}

/// Appends values from here and there to a flat vector, copying ranges as wholes.
class ValueAppender {
 public:
  explicit ValueAppender(Vector* to) : to_(to) {}
  void AddRange(const Vector& from, int begin, int count);
  void Add(const Vector& from, int row) { AddRange(from, row, 1); }
  void AddNulls(int count);
  /// Values so far, those waiting included.
  int size() const { return to_->size() + waiting_; }
  /// More than a vector can have; what was too much is left out.
  bool overflowed() const { return overflowed_; }
  void Flush();

 private:
  bool HasRoomFor(int count);

  Vector* const to_;
  const Vector* from_ = nullptr;  // of what is waiting: ranges in `rows_`
  std::vector<int32_t> rows_;
  int waiting_ = 0;
  bool overflowed_ = false;
};

/// Fills the offsets of a flat ARRAY or MAP vector of physical_rows rows, whose rows are begun in
/// ascending order; the elements of row r are what is appended after Begin(r). Rows that are not
/// begun are empty.
class ListWriter {
 public:
  ListWriter(int physical_rows, Vector* out);
  void Begin(int row) { FillTo(row); }
  ValueAppender& elements(int child = 0) { return elements_[child]; }
  /// Call when all rows are written. An error if they have too many elements for one vector.
  Status Finish();

 private:
  void FillTo(int row);

  Vector* const out_;
  const int physical_rows_;
  int next_ = 0;  // the first row whose begin is not written
  std::vector<ValueAppender> elements_;
};

/// out[r] = from[positions[r]], NULL where that is negative; out becomes flat.
void PickValues(const Vector& from, const std::vector<int32_t>& positions, const TypePtr& type,
                Vector* out);

/// -0.0 becomes 0.0 where the vector (flat) holds FLOAT or DOUBLE.
void NormalizeZeros(Vector* vector);

/// first[i] = the lowest k for which values[positions[k]] equals values[positions[i]]; NULL equals
/// NULL. Returns whether some are equal.
bool FindFirstEqual(const ValueOrder& order, const Vector& values,
                    const std::vector<int32_t>& positions, std::vector<int32_t>* first);

/// What most kernels here are bound with.
class OrderContext final : public KernelContext {
 public:
  explicit OrderContext(ValueOrderPtr value_order) : order(std::move(value_order)) {}
  const ValueOrderPtr order;
};
/// Of kernels that take any number of arguments.
class ArityContext final : public KernelContext {
 public:
  explicit ArityContext(size_t count) : arguments(static_cast<int>(count)) {}
  const int arguments;
};
inline int ArityOf(const KernelCall& call) {
  return static_cast<const ArityContext*>(call.context)->arguments;
}
inline const ValueOrder& OrderOf(const KernelCall& call) {
  return *static_cast<const OrderContext*>(call.context)->order;
}

}  // namespace thalweg
