// Status and Result<T>: how the library says that something failed. Nothing here throws. A failed
// Status carries what Spark says: an error condition ("DIVIDE_BY_ZERO"), its SQLSTATE, a message
// and, where there is one, the place in the SQL text. Copying is cheap; any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#define THALWEG_EXPORT [[gnu::visibility("default")]]

namespace thalweg {
namespace api {

struct Access;  // the inside of the library
struct Engine;

class [[nodiscard]] THALWEG_EXPORT Status {
 public:
  Status() = default;
  static Status OK() { return {}; }
  /// A failure of the program itself: what a function of the user (a UDF, foreachBatch) returns to
  /// fail the query with `message`.
  static Status Error(std::string_view message);

  bool ok() const { return rep_ == nullptr; }
  /// Spark's error condition, "" where there is none (a failure of the disk, a broker …).
  const std::string& condition() const;
  /// Five characters, "" where the condition has none.
  const std::string& sqlstate() const;
  const std::string& message() const;
  /// 1-based place in the SQL text, 0: none.
  int line() const;
  int column() const;
  /// "[CONDITION] message (line L, column C). SQLSTATE: S", or "OK".
  std::string ToString() const;

 private:
  friend struct Access;
  struct Rep;
  std::shared_ptr<const Rep> rep_;
};

/// A value, or why there is none. `*result` of a failed one is undefined: ask ok() first.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}  // NOLINT: implicit on purpose
  Result(Status status)                          // NOLINT: implicit on purpose
      : status_(status.ok() ? Status::Error("a Result without a value") : std::move(status)) {}

  bool ok() const { return status_.ok(); }
  const Status& status() const { return status_; }
  T& operator*() & { return *value_; }
  const T& operator*() const& { return *value_; }
  /// By value, so that `for (… : *frame.Collect())` keeps it alive.
  T operator*() && { return *std::move(value_); }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }
  T value_or(T other) const { return value_ ? *value_ : std::move(other); }

 private:
  Status status_;
  std::optional<T> value_;
};

}  // namespace api
}  // namespace thalweg
