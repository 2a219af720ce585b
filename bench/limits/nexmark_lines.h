// Limits of Nexmark from files of JSON lines: files read whole, simdjson on-demand a document a
// line with just the fields that a query needs, and the query by hand. One thread, no log, no state
// that could be restored.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace thalweg {

/// `query`: "q0", "q2", "q5", "q12" or "q17". Number of rows that come out, for q12 and q17 with
/// one epoch for all; q0 leaves them in columns.
int64_t NexmarkByHand(const std::string& query, const std::vector<std::string>& files);

}  // namespace thalweg
