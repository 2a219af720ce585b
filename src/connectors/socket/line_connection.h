// LineConnection: the narrow adapter of the socket source: bytes that come over one connection. The
// real one is tcp_connection.cc; tests bring their own. One thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/status.h"

namespace thalweg {

class LineConnection {
 public:
  virtual ~LineConnection() = default;
  /// Appends what has come, after at most about `timeout_us`; false: the other side has closed.
  virtual Result<bool> Read(int64_t timeout_us, std::string* bytes) = 0;
};

using LineConnector =
    std::function<Result<std::unique_ptr<LineConnection>>(const std::string& host, int port)>;

/// Errors: world errors that name host, port and cause.
Result<std::unique_ptr<LineConnection>> ConnectTcp(const std::string& host, int port);

}  // namespace thalweg
