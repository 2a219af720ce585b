// `thalweg checkpoint inspect|verify DIR`: what a checkpoint holds, and whether it is whole. Reads
// only, and takes no lock: both work beside a running query. The report goes to stdout.
#pragma once

#include <string>

#include "base/env.h"

namespace thalweg {

struct CheckpointCommandOptions {
  std::string directory;  // of one query, or of --checkpoint
  bool verify = false;
  int64_t epochs = 20;  // inspect: so many of the last ones, -1: all
};

/// The exit code of the process: 1 if a checkpoint is damaged (verify) or there is none.
int RunCheckpointCommand(const CheckpointCommandOptions& options, Env& env);

}  // namespace thalweg
