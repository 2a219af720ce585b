// Schemas and batches as Arrow C data: for libraries that speak Arrow (Parquet files, Arrow IPC).
// The values are copied, so that the batch may be filled again. Pure functions, any thread.
#pragma once

#include "data/arrow_c.h"
#include "data/batch.h"

namespace thalweg {

/// How types without one answer are written.
struct ArrowStyle {
  bool time_in_us = false;        // TIME as time64[us], else time64[ns]
  bool intervals_as_int = false;  // INTERVAL YEAR … and DAY … as int32 and int64
};

/// A struct of the columns; names and nullability are kept. `out` is filled.
Status ExportArrowSchema(const Schema& schema, const ArrowStyle& style, ArrowSchema* out);
/// The rows of `batch`, which has no selection, as a struct of the columns' arrays.
void ExportArrowBatch(const Batch& batch, const ArrowStyle& style, ArrowArray* out);

}  // namespace thalweg
