// Regex: a compiled regular expression in Java's syntax, by PCRE2. Texts are UTF-8, invalid bytes
// match nothing. A Regex belongs to one lane.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace thalweg {

class Regex {
 public:
  /// Errors: INVALID_PARAMETER_VALUE.PATTERN naming `function` and what is wrong.
  static Result<std::unique_ptr<Regex>> Compile(std::string_view pattern,
                                                const std::string& function, const SqlPlace& place);
  ~Regex();
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;

  int group_count() const { return group_count_; }
  /// Number of a named group, -1: none.
  int GroupNumber(const std::string& name) const;
  /// Finds the next match at or behind byte `from`. Errors: the match limit.
  Result<bool> Find(std::string_view text, size_t from);
  /// Of the last match: group i, {-1, -1} where it took no part.
  struct Span {
    int64_t begin = -1;
    int64_t end = -1;
  };
  Span group(int i) const;
  std::string_view GroupText(std::string_view text, int i) const;

 private:
  struct Code;
  Regex() = default;
  std::unique_ptr<Code> code_;
  int group_count_ = 0;
};

/// Where to look for the next match behind an empty or a full one.
size_t NextSearch(const Regex& regex, std::string_view text);

/// The patterns of one call site: those of the last rows stay compiled.
class RegexCache {
 public:
  Result<Regex*> Get(std::string_view pattern, const std::string& function, const SqlPlace& place);

 private:
  struct Entry {
    std::string pattern;
    std::unique_ptr<Regex> regex;
  };
  static constexpr size_t kEntriesMax = 64;
  std::vector<Entry> entries_;
  size_t last_ = 0;
};

}  // namespace thalweg
