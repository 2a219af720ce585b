// `rate` and `rate-micro-batch`: rows (timestamp, value) made from their numbers alone, so that any
// range can be made again. rate: `rowsPerSecond` values a second since the query began;
// rate-micro-batch: `rowsPerBatch` values an epoch.
#pragma once

#include "data/contracts.h"

namespace thalweg {

/// Options: rowsPerSecond (1), rampUpTime (0s: nothing else yet), numPartitions. Errors: an unknown
/// option or a value out of range.
Result<TablePtr> MakeRateTable(const Options& options);
/// Options: rowsPerBatch (required), numPartitions, startTimestamp (0, ms), advanceMillisPerBatch
/// (1000).
Result<TablePtr> MakeRateMicroBatchTable(const Options& options);

}  // namespace thalweg
