// Status and Result<T>: how every function of Thalweg says that it failed (DESIGN.md §4.8).
// Three kinds: a user error (Spark's error condition, SQLSTATE, message parameters, place in the
// SQL), a world error (disk, broker: may be retried by streaming/ alone), a bug (a failed check).
// An OK Status is one null pointer; copying a failed one shares its text. Nothing throws.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"

namespace thalweg {

enum class ErrorKind { kUser, kWorld, kBug };

/// Where in a SQL text an expression or clause stands: byte range [begin, end) of the text and the
/// 1-based line and column of `begin`. `line == 0` means "no place known".
struct SqlPlace {
  int line = 0;
  int column = 0;
  int begin = 0;
  int end = 0;
};

/// Message parameters by name, as in Spark's messageParameters.
using ErrorParameters = std::vector<std::pair<std::string, std::string>>;

class [[nodiscard]] Status {
 public:
  Status() = default;
  static Status OK() { return Status(); }

  /// A user error. `condition` is a name in base/error_conditions.inc (a full one such as
  /// "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"); an unknown name is a bug. The message is made from
  /// the table's template and `parameters`.
  static Status User(std::string_view condition, ErrorParameters parameters = {},
                     SqlPlace place = {});
  /// A user error that carries Spark's unnamed condition `_LEGACY_ERROR_TEMP_<number>`.
  static Status Legacy(int number, std::string message, SqlPlace place = {});
  /// A failure of the world outside: `message` says what was tried on what, and what to do.
  static Status World(std::string message);
  /// Like World, under one of our or Spark's conditions (a retry does not help: data is damaged).
  static Status World(std::string_view condition, ErrorParameters parameters);
  /// A bug of ours that the plan side reports as INTERNAL_ERROR.
  static Status Bug(std::string message);

  bool ok() const { return rep_ == nullptr; }
  ErrorKind kind() const;
  /// The error condition, "" for a world error without one.
  const std::string& condition() const;
  /// Five characters, "" where the condition has none.
  const std::string& sqlstate() const;
  /// The text for the user, without condition and place.
  const std::string& message() const;
  const ErrorParameters& parameters() const;
  const SqlPlace& place() const;
  /// "[CONDITION] message (line L, column C). SQLSTATE: S", or "OK".
  std::string ToString() const;

  /// The same error with the place filled in where it had none.
  Status WithPlace(const SqlPlace& place) const;
  /// The same error with `text` added to the message (where it happened: file and line, topic …).
  Status WithContext(const std::string& text) const;

 private:
  struct Rep;
  explicit Status(std::shared_ptr<const Rep> rep) : rep_(std::move(rep)) {}
  std::shared_ptr<const Rep> rep_;
};

/// THALWEG_NOT_SUPPORTED_YET (SQLSTATE 0A000): parsed or named, but not built yet.
Status NotSupportedYet(std::string feature, SqlPlace place = {});

/// The table behind Status::User: template and SQLSTATE of a condition; nullptr if unknown.
struct ErrorCondition {
  const char* name;
  const char* sqlstate;
  const char* message;  // "<parameter>" is replaced by its value
};
const ErrorCondition* FindErrorCondition(std::string_view name);

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}         // NOLINT: implicit on purpose
  Result(Status status) : status_(std::move(status)) {  // NOLINT: implicit on purpose
    THALWEG_CHECK(!status_.ok(), "a Result made from an OK status has no value");
  }
  bool ok() const { return status_.ok(); }
  const Status& status() const& { return status_; }
  Status status() && { return std::move(status_); }
  T& operator*() & { return *value_; }
  const T& operator*() const& { return *value_; }
  T&& operator*() && { return std::move(*value_); }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }

 private:
  Status status_;
  std::optional<T> value_;
};

}  // namespace thalweg

#define THALWEG_CONCAT_INNER(a, b) a##b
#define THALWEG_CONCAT(a, b) THALWEG_CONCAT_INNER(a, b)

/// Returns from the calling function when `expression` (a Status) is not OK.
#define THALWEG_RETURN_NOT_OK(expression)                                 \
  do {                                                                    \
    ::thalweg::Status thalweg_status = (expression);                      \
    if (__builtin_expect(!thalweg_status.ok(), 0)) return thalweg_status; \
  } while (false)

/// `THALWEG_ASSIGN_OR_RETURN(auto x, F())`: x = value of the Result, or returns its status.
#define THALWEG_ASSIGN_OR_RETURN(declaration, expression) \
  THALWEG_ASSIGN_OR_RETURN_INNER(THALWEG_CONCAT(thalweg_result_, __LINE__), declaration, expression)
#define THALWEG_ASSIGN_OR_RETURN_INNER(result, declaration, expression)     \
  auto result = (expression);                                               \
  if (__builtin_expect(!result.ok(), 0)) return std::move(result).status(); \
  declaration = *std::move(result)
