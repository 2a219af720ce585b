// Row codec: rows of any types <-> self-delimiting bytes, for containers that keep rows (joins,
// deduplication, sorts) and for keys of several columns. Equal rows have equal bytes, on every
// machine; the format is part of the state format version.
//
//   row       null bits (a bit per slot, lowest first, whole bytes), then what is not null
//   slots     columns in order; a struct is a slot without bytes, followed by a slot per field
//   value     fixed width: little-endian;  string: length as varint, bytes
//             list: count as varint, elements;  map: count, then key and value in turn
//   element   1 byte (0: null, 1: a value), value; a struct here is its fields as elements
//
// Work is done column by column; a RowEncoder owns what it returns and allocates nothing in the
// steady state. One thread each; a RowDecoder may be shared.
#pragma once

#include <memory>
#include <vector>

#include "base/status.h"
#include "data/batch.h"

namespace thalweg {

class RowEncoder {
 public:
  /// `normalize_floats`: -0.0 becomes 0.0 and every NaN one NaN, as keys need it.
  explicit RowEncoder(std::vector<TypePtr> types, bool normalize_floats = false);
  ~RowEncoder();
  RowEncoder(RowEncoder&&) noexcept;

  /// The bytes of the selected rows, in row order; `columns[i]` has types[i] and any encoding.
  /// Valid until the next call. A row has less than 4 GB.
  const StringView* Encode(const Vector* const* columns, const Selection& rows);

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

class RowDecoder {
 public:
  explicit RowDecoder(std::vector<TypePtr> types);

  /// Writes `count` rows to rows [at, at + count) of flat vectors, which are filled in row order
  /// and grow where they must. Strings are copied. Errors: INTERNAL_ERROR if the bytes do not fit.
  Status Decode(const StringView* rows, int count, int at, Vector* const* columns) const;

 private:
  std::vector<TypePtr> types_;
  int null_bytes_;
};

/// Slots of a row of `type`: 1, or for a struct 1 and those of its fields.
int CountRowSlots(const DataType& type);

inline float NormalizeFloat(float value) {
  return value == value ? value + 0.0f : __builtin_nanf("");
}
inline double NormalizeFloat(double value) {
  return value == value ? value + 0.0 : __builtin_nan("");
}

}  // namespace thalweg
