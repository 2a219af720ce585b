// The queries of Nexmark that are measured, as a user writes them: a pipeline file per query, run
// through the Session to its end, into the sink noop.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/env.h"
#include "events.h"

namespace thalweg {

struct NexmarkQuery {
  const char* name;
  const char* question;
  const char* output_mode;
  const char* select;  // from the view bids
};
const std::vector<NexmarkQuery>& NexmarkQueries();
/// CHECKs that there is one of that name.
const NexmarkQuery& NexmarkQueryNamed(const std::string& name);

struct NexmarkRun {
  NexmarkShape shape;
  std::string directory;        // of the files of JSON lines; "": made in the process
  int64_t files_per_epoch = 4;  // maxFilesPerTrigger
};
/// The pipeline file.
std::string NexmarkPipeline(const NexmarkQuery& query, const NexmarkRun& run);

struct NexmarkOutcome {
  int64_t rows = 0;       // that came out
  uint64_t checksum = 0;  // of all their values, whatever their order
};
/// The wall clock begins at the first event, so that q12's windows, which follow it, are the same
/// in every run of less than ten seconds.
Result<NexmarkOutcome> RunNexmarkQuery(Env& env, const NexmarkQuery& query, const NexmarkRun& run);

}  // namespace thalweg
