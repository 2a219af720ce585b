// Limit of an epoch without rows: what must be written down, written down. A record of the size
// that the query log writes, its CRC32C, one write(2). No fsync: durability = process. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace thalweg {

class LogAppendLimit {
 public:
  /// Makes or empties the file at `path`.
  explicit LogAppendLimit(const std::string& path);
  ~LogAppendLimit();
  LogAppendLimit(const LogAppendLimit&) = delete;
  LogAppendLimit& operator=(const LogAppendLimit&) = delete;

  /// Appends a record of `bytes` bytes (16 or more).
  void Append(int bytes);

 private:
  const int file_;
  int64_t records_ = 0;
  std::vector<char> record_;
};

}  // namespace thalweg
