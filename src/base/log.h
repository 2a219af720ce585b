// Lines for the person who runs the process: warnings and errors, and more if asked. They go to
// stderr, one write per line, never to stdout (DESIGN.md §5). Thread-safe; not for hot paths: what
// happens per epoch or per row is a metric. The caller has taken secrets out.
#pragma once

#include <string_view>

#include "base/env.h"

namespace thalweg {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

/// Writes "2024-01-01T00:00:00.000Z WARNING message" if `level` is not below the threshold. Line
/// ends inside the message are indented, so that a line that begins with a time begins a message.
void Log(LogLevel level, std::string_view message);

/// The threshold; kWarning to begin with.
void SetLogLevel(LogLevel level);
bool LogsAt(LogLevel level);

/// Where lines take their time from, and where they go; null: no time, stderr. Both must live until
/// they are replaced.
void SetLogClock(Clock* clock);
using LogWriter = void (*)(std::string_view line);
void SetLogWriter(LogWriter writer);

}  // namespace thalweg
