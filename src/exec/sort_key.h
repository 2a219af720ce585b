// SortKeyEncoder: the values that a row is sorted by -> bytes whose unsigned order is the order of
// the rows. No key is the beginning of another one. One thread.
//
//   key      by column: 1 byte (is it NULL; which of both comes first), value, its bits turned over
//            if descending
//   value    numbers: big-endian, the sign turned over; floats: likewise, -0.0 as 0.0, every NaN as
//            one that is greater than all;  string: 0 as 0 FF, ends with 0 0
//            list: 1 and an element each, 0;  struct: its fields as elements
//   element  0: NULL;  1 and a value
#pragma once

#include <string>
#include <vector>

#include "data/vector.h"

namespace thalweg {

struct SortDirection {
  bool ascending = true;
  bool nulls_first = true;
};

class SortKeyEncoder {
 public:
  explicit SortKeyEncoder(std::vector<SortDirection> directions)
      : directions_(std::move(directions)) {}

  /// Appends the key of row `row`; columns[i] goes with directions[i] and has any encoding.
  void Append(const Vector* const* columns, int row, std::string* out) const;
  /// Why values of the type have no such bytes; nullptr if they have.
  static const char* WhyNot(const DataType& type);

 private:
  const std::vector<SortDirection> directions_;
};

}  // namespace thalweg
