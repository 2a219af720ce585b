// Conf: settings by name, as Spark's SQLConf: text values, typed access, defaults from one table
// (base/conf_entries.inc). An unknown key under spark.sql.* or thalweg.* is refused by Set with the
// nearest known name. Copied by value into a query when it starts; not thread-safe to change.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace thalweg {

enum class ConfType { kText, kBool, kInt, kDuration, kBytes };

enum class ConfUse {
  kUsed,   // read by Thalweg
  kHint,   // tunes how Spark runs, never what comes out: accepted, nothing here to tune
  kFixed,  // changes results or behaviour and is not built: only the default is accepted
};

/// A row of base/conf_entries.inc. A key that ends in ".*" stands for all keys below it.
struct ConfEntry {
  const char* key;
  ConfType type;
  ConfUse use;
  const char* default_value;
  const char* meaning;
};

class Conf {
 public:
  /// Errors: SQL_CONF_NOT_FOUND with a "did you mean"; INVALID_CONF_VALUE.TYPE_MISMATCH (also out
  /// of range); INVALID_CONF_VALUE.OUT_OF_RANGE_OF_OPTIONS; a key of kFixed with another value than
  /// its default: THALWEG_NOT_SUPPORTED_YET. A choice is kept as the table spells it. Keys outside
  /// spark.sql.* and thalweg.* are kept unread.
  Status Set(std::string_view key, std::string_view value);
  void Unset(std::string_view key);
  /// The value set, else the default, else "".
  std::string Get(std::string_view key) const;
  bool IsSet(std::string_view key) const;
  /// The key must be in the table with a default of that type.
  bool GetBool(std::string_view key) const;
  int64_t GetInt(std::string_view key) const;
  /// "10 seconds", "5ms", "2" (milliseconds): in µs.
  int64_t GetDurationUs(std::string_view key) const;
  /// "64m", "1g", "1024": in bytes.
  int64_t GetBytes(std::string_view key) const;
  const std::map<std::string, std::string, std::less<>>& values() const { return values_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// The entry of a key (of its family, if the key itself is not in the table); nullptr if unknown.
const ConfEntry* FindConfEntry(std::string_view key);

/// Keys of the table, sorted (for SHOW and "did you mean").
std::vector<std::string_view> KnownConfKeys();

/// "10 seconds", "5ms", "2" (milliseconds) in µs; nothing if the text is none.
std::optional<int64_t> ParseDurationUs(std::string_view text);
/// "64m", "1g", "1024" in bytes.
std::optional<int64_t> ParseBytes(std::string_view text);

/// The candidate nearest to `name` by edit distance, "" if none is near. For every "did you mean".
std::string NearestName(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace thalweg
