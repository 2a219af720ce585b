#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "connectors/socket/line_connection.h"

namespace thalweg {
namespace {

constexpr size_t kReadBytes = 64 << 10;

std::string Where(const std::string& host, int port) {
  return host + ":" + std::to_string(port);
}

class TcpConnection final : public LineConnection {
 public:
  TcpConnection(int socket, std::string where) : socket_(socket), where_(std::move(where)) {}
  ~TcpConnection() override { close(socket_); }

  Result<bool> Read(int64_t timeout_us, std::string* bytes) override {
    pollfd wanted = {socket_, POLLIN, 0};
    const int ready = poll(&wanted, 1, static_cast<int>(timeout_us / 1000));
    if (ready == 0 || (ready < 0 && errno == EINTR)) return true;
    const size_t before = bytes->size();
    bytes->resize(before + kReadBytes);
    const ssize_t count = ready < 0 ? -1 : recv(socket_, bytes->data() + before, kReadBytes, 0);
    const int cause = errno;
    bytes->resize(before + static_cast<size_t>(std::max<ssize_t>(count, 0)));
    if (count > 0 || (count < 0 && cause == EINTR)) return true;
    if (count == 0) return false;
    return Status::World("reading from " + where_ + " failed: " + std::strerror(cause));
  }

 private:
  const int socket_;
  const std::string where_;
};

}  // namespace

Result<std::unique_ptr<LineConnection>> ConnectTcp(const std::string& host, int port) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* addresses = nullptr;
  const int looked_up = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &addresses);
  if (looked_up != 0) {
    return Status::World("the host " + host + " is not known: " + gai_strerror(looked_up));
  }
  int cause = 0, connected = -1;
  for (const addrinfo* at = addresses; at != nullptr && connected < 0; at = at->ai_next) {
    const int one = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
    if (one >= 0 && connect(one, at->ai_addr, at->ai_addrlen) == 0) {
      connected = one;
    } else {
      cause = errno;
      if (one >= 0) close(one);
    }
  }
  freeaddrinfo(addresses);
  if (connected < 0) {
    return Status::World("cannot connect to " + Where(host, port) + ": " + std::strerror(cause) +
                         ". Start what serves the lines there first (nc -lk " +
                         std::to_string(port) + ")");
  }
  return std::unique_ptr<LineConnection>(
      std::make_unique<TcpConnection>(connected, Where(host, port)));
}

}  // namespace thalweg
