// A piece of work in a process of its own: what the whole of it took.
#pragma once

#include <cstdint>
#include <functional>

#include "measure.h"

namespace thalweg {

struct ChildCost {
  Cost cost;               // from the fork to its end, user and system time of all its threads
  int64_t peak_bytes = 0;  // resident
  int64_t rows = 0;
  uint64_t checksum = 0;
};

struct ChildResult {
  int64_t rows = 0;
  uint64_t checksum = 0;
};

/// Runs `body` in a fork of this process, which must have one thread. Ends the program if the child
/// does not end well.
ChildCost RunInChild(const std::function<ChildResult()>& body);

}  // namespace thalweg
