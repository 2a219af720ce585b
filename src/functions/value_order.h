// ValueOrder: Spark's order of two values of one type, in Vectors of any encoding: NaN equals NaN
// and is greater than every number, -0.0 equals 0.0, strings by their unsigned bytes, arrays and
// structs element by element with NULL before everything. Made once per type and immutable; any
// number of lanes ask. A call per comparison: for elements of nested values, keys and sorting;
// columns of simple types have kernels (comparison.h).
#pragma once

#include <memory>

#include "data/vector.h"

namespace thalweg {

class ValueOrder {
 public:
  /// nullptr where HasOrder is false, or where the order is not built (collations).
  static std::shared_ptr<const ValueOrder> Make(const DataType& type);
  virtual ~ValueOrder() = default;

  /// Below, at or above 0 as a[i] < b[j], a[i] = b[j], a[i] > b[j]. Neither is NULL.
  virtual int Compare(const Vector& a, int i, const Vector& b, int j) const = 0;
  /// The same with NULL before every value and equal to NULL.
  int CompareNullsFirst(const Vector& a, int i, const Vector& b, int j) const;
};
using ValueOrderPtr = std::shared_ptr<const ValueOrder>;

/// Values of the type can be compared at all (RowOrdering.isOrderable): not with a MAP, a VARIANT
/// or a calendar interval in them.
bool HasOrder(const DataType& type);

/// A value without its encoding: a row of a flat vector, or row 0 of a constant.
struct ValuePlace {
  const Vector* vector;
  int row;
};
ValuePlace FindValue(const Vector& vector, int row);

}  // namespace thalweg
