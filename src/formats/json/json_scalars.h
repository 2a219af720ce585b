// JSON scalars into rows of flat Vectors: what Spark's JacksonParser makes of a string or number of
// each type. Every function writes row `row` (at most the vector's size) and returns true, or
// returns false and leaves the row to the caller, who makes it NULL. Any thread.
#pragma once

#include <string_view>

#include "data/time_zone.h"
#include "data/vector.h"
#include "formats/json/json_cursor.h"

namespace thalweg {

/// Makes room for `row`.
inline void RoomFor(Vector* vector, int row) {
  if (row < vector->size()) return;
  vector->Reserve(row + 1);
  vector->SetSize(row + 1);
}
inline void SetValid(Vector* vector, int row) {
  if (vector->may_have_nulls()) vector->mutable_validity()[row >> 6] |= 1ull << (row & 63);
}
template <class T>
inline void StoreJson(Vector* vector, int row, T value) {
  RoomFor(vector, row);
  SetValid(vector, row);
  vector->mutable_values<T>()[row] = value;
}

/// An integral, floating or DECIMAL column, or seconds into a TIMESTAMP.
bool StoreJsonNumber(const JsonNumber& number, Vector* vector, int row);
/// The characters of a string that is not empty, into any type but STRING.
bool StoreJsonText(std::string_view text, ZoneCursor& zone, Vector* vector, int row);

}  // namespace thalweg
