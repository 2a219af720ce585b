// `thalweg test`: plays script files in their worlds and compares. The environment says how:
// THALWEG_TEST_ALL=1 plays the full product of worlds, UPDATE=1 rewrites the outputs.
#pragma once

#include <string>
#include <vector>

#include "base/env.h"

namespace thalweg {

struct TestCommandOptions {
  std::vector<std::string> paths;  // files, or directories with files *.test
  bool all_worlds = false;
  bool update = false;
};

/// The exit code of the process. The last line on stdout is "N passed, N failed".
int RunTestCommand(const TestCommandOptions& options, Env& env);

}  // namespace thalweg
