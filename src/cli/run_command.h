// `thalweg run pipeline.sql`: runs a pipeline file; results go to stdout, all else to stderr.
// `thalweg explain pipeline.sql`: its plans, states, promises and replays, on stdout.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/env.h"

namespace thalweg {

struct RunCommandOptions {
  std::string file;
  std::string checkpoint;
  std::vector<std::string> set;  // key=value
  std::string memory;            // "2g"; "": no limit
  std::string progress;          // "json" or ""
  bool available_now = false;
  bool dry_run = false;
  bool explain = false;
};

/// Exit code: 0, 1 for a query that failed, 2 for a wrong command line.
int RunRunCommand(const RunCommandOptions& options, Env& env);

}  // namespace thalweg
