// Small movements of values between vectors of one batch that evaluation needs: flattening, copying
// rows from place to same place, splitting a selection by a condition. Rows keep their positions.
#pragma once

#include <cstdint>

#include "data/selection.h"
#include "data/vector.h"

namespace thalweg {

/// `out` = the rows of dictionary vector `from` as a flat vector of from.size() rows.
void Flatten(const Vector& from, const Selection& rows, Vector* out);

/// to[r] = from[r] for the rows, NULLs included. `to` is flat, of the same type, large enough;
/// `from` may have any encoding. Values of nested types cannot be put in place: the caller refuses
/// them.
void CopyRows(const Vector& from, const Selection& rows, Vector* to);
bool CanCopyRows(const DataType& type);

/// The rows for which `condition` (BOOLEAN, any encoding) is true, ascending, into `out`; returns
/// how many. `out` has room for rows.count and may be rows.rows itself.
int SelectTrue(const Vector& condition, const Selection& rows, RowIndex* out);

/// The rows of `rows` for which bit r of `bits` is `wanted`, into `out` as above. nullptr: all
/// ones.
int SelectBits(const uint64_t* bits, bool wanted, const Selection& rows, RowIndex* out);

/// Those of `rows` that are not in `without`, which is a part of `rows`, into `out` as above.
/// Writes a mark behind the last row of `without`, for which it must have room.
int SelectOthers(const Selection& rows, RowIndex* without, int without_count, RowIndex* out);

/// out[r] = yes[r] where taken[r], else no[r]: for every row, of any fixed width. `taken` is a flat
/// BOOLEAN vector without NULLs; the sides are flat or constant and may have NULLs.
void Blend(const Vector& taken, const Vector& yes, const Vector& no, Vector* out);

/// 64 rows of a flat or constant BOOLEAN vector as bits: `value` is undefined where not `valid`.
struct BoolBits {
  uint64_t value;
  uint64_t valid;
};
BoolBits ReadBits(const Vector& vector, int word);
/// Validity of 64 rows of any vector.
uint64_t ValidBits(const Vector& vector, int word);
/// Writes 64 rows: values, and validity where `valid` is not all ones.
void WriteBits(const BoolBits& bits, int word, Vector* out);

}  // namespace thalweg
