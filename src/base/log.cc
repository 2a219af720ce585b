#include "base/log.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <mutex>

namespace thalweg {
namespace {

std::atomic<LogLevel> threshold{LogLevel::kWarning};
std::mutex output_mutex;
Clock* output_clock = nullptr;      // guarded by output_mutex
LogWriter output_writer = nullptr;  // guarded by output_mutex

const char* NameOf(LogLevel level);
void AppendTime(int64_t now_us, std::string* line);

}  // namespace

void Log(LogLevel level, std::string_view message) {
  if (!LogsAt(level)) return;
  std::lock_guard lock(output_mutex);
  std::string line;
  if (output_clock != nullptr) AppendTime(output_clock->NowUs(), &line);
  line += NameOf(level);
  line += ' ';
  for (const char c : message) {
    line += c;
    if (c == '\n') line += "  ";
  }
  line += '\n';
  if (output_writer != nullptr) {
    output_writer(line);
  } else if (write(STDERR_FILENO, line.data(), line.size()) < 0) {
    return;  // nobody is left to be told
  }
}

void SetLogLevel(LogLevel level) {
  threshold.store(level, std::memory_order_relaxed);
}

bool LogsAt(LogLevel level) {
  return level >= threshold.load(std::memory_order_relaxed);
}

void SetLogClock(Clock* clock) {
  std::lock_guard lock(output_mutex);
  output_clock = clock;
}

void SetLogWriter(LogWriter writer) {
  std::lock_guard lock(output_mutex);
  output_writer = writer;
}

namespace {

const char* NameOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "DEBUG";
    case LogLevel::kInfo:
      return "INFO";
    case LogLevel::kWarning:
      return "WARNING";
    case LogLevel::kError:
      return "ERROR";
  }
  return "";
}

void AppendTime(int64_t now_us, std::string* line) {
  const time_t seconds = static_cast<time_t>(now_us / 1'000'000);
  tm utc;
  gmtime_r(&seconds, &utc);
  char text[40];
  const int length =
      std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ ", utc.tm_year + 1900,
                    utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                    static_cast<int>(now_us % 1'000'000 / 1000));
  line->append(text, static_cast<size_t>(length));
}

}  // namespace
}  // namespace thalweg
