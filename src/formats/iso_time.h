// Timestamps as JSON and CSV files carry them: Spark's default patterns
// yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX] and, without zone, yyyy-MM-dd'T'HH:mm:ss[.SSS]. What is finer
// than milliseconds is cut off. Any thread (a cursor per thread).
#pragma once

#include <cstdint>
#include <string>

#include "data/time_zone.h"

namespace thalweg {

void AppendIsoTimestamp(int64_t us, ZoneCursor& zone, std::string* out);
void AppendIsoTimestampNtz(int64_t us, std::string* out);

}  // namespace thalweg
