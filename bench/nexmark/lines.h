// Nexmark as files of nested JSON lines, about 370 bytes an event, with times as text:
// {"event_type":2,"person":null,"auction":null,"bid":{…},"dateTime":"2026-01-01 00:00:00.123"}.
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "events.h"

namespace thalweg {

/// The columns of the lines, and of the table "nexmark" (table.h).
extern const char* const kNexmarkDdl;

/// Appends event `number` with its line end.
void AppendNexmarkLine(NexmarkGenerator& events, int64_t number, std::string* out);

/// The directory of the files of `shape`: its name says what is in them.
std::string NexmarkDirectoryName(const NexmarkShape& shape);
/// A file for each part, part-0000.json …, in that directory below `directory`. One that is there
/// already is left as it is.
Status WriteNexmarkFiles(FileSystem& files, const NexmarkShape& shape,
                         const std::string& directory);

}  // namespace thalweg
