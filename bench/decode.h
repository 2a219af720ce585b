// `thalweg-bench decode`: rows per second out of files, each beside a limit program of the same
// run. Files are written once and read from the page cache.
#pragma once

#include <string>

#include "base/env.h"
#include "report.h"

namespace thalweg {

void DecodeCases(Env& env, const std::string& directory, int64_t events, Report& report);

}  // namespace thalweg
