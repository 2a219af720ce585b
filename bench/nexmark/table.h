// The table "nexmark": the events of a NexmarkGenerator made in the process, a stream of the same
// rows and the same epochs as its files of JSON lines have. Options: events, files, rate, seed (as
// in NexmarkShape), maxFilesPerTrigger.
#pragma once

#include "data/contracts.h"
#include "events.h"

namespace thalweg {

/// Errors: THALWEG_UNKNOWN_OPTION, THALWEG_INVALID_OPTION.
Result<TablePtr> MakeNexmarkTable(const Options& options);

}  // namespace thalweg
