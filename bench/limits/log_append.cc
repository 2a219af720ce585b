#include "log_append.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "base/crc32c.h"

namespace thalweg {

LogAppendLimit::LogAppendLimit(const std::string& path)
    : file_(open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0644)) {
  if (file_ < 0) std::abort();
}

LogAppendLimit::~LogAppendLimit() {
  close(file_);
}

void LogAppendLimit::Append(int bytes) {
  record_.resize(bytes);
  ++records_;
  std::memcpy(record_.data() + 8, &records_, 8);
  const uint32_t crc = Crc32c(std::string_view(record_.data() + 8, bytes - 8));
  std::memcpy(record_.data(), &bytes, 4);
  std::memcpy(record_.data() + 4, &crc, 4);
  if (write(file_, record_.data(), bytes) != bytes) std::abort();
}

}  // namespace thalweg
