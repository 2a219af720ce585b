// `thalweg sql`: statements of a text or a file in one session, each result as a table on stdout.
// Ends at the first error, which goes to stderr with its place in the text.
#pragma once

#include <string>
#include <vector>

#include "base/env.h"

namespace thalweg {

struct SqlCommandOptions {
  std::string query;             // -e
  std::string file;              // -f
  std::vector<std::string> set;  // key=value
};

/// The exit code of the process.
int RunSqlCommand(const SqlCommandOptions& options, Env& env);

}  // namespace thalweg
