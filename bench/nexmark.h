// `thalweg-bench nexmark`: Nexmark's queries as pipelines, from files of JSON lines and made in the
// process, each pass in a process of its own, so that CPU seconds and peak memory are those of the
// whole process from its start on.
#pragma once

#include <string>
#include <vector>

#include "nexmark/events.h"
#include "report.h"

namespace thalweg {

struct NexmarkCases {
  NexmarkShape shape;
  std::string directory;             // where files and checkpoints go
  std::vector<std::string> queries;  // empty: all
  std::vector<int> workers = {1, 2};
  bool in_process = true;  // also from events made in the process
};

/// Ends the program where checksums of the same query differ.
void RunNexmarkCases(const NexmarkCases& cases, Report& report);

}  // namespace thalweg
