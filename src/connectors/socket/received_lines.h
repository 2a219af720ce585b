// Lines that came over a connection which nobody can ask for them again. They are numbered from 0
// and written to notes of the source's directory before an epoch may count on them (law 3,
// DESIGN.md §4.5): received-<first> holds neighbours, one a line, "<time µs> <text>". What was
// released is removed note by note. One thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "base/env.h"

namespace thalweg {

struct ReceivedLine {
  int64_t time_us = 0;
  std::string text;  // UTF-8, without its end
};

class ReceivedLines {
 public:
  /// Reads what an earlier run has noted below `directory`; "": nothing is noted. Errors: damaged
  /// notes, a gap between them.
  Status Open(Env& env, const std::string& directory);
  /// Durable on return.
  Status Append(std::vector<ReceivedLine> lines);
  /// Number of the last line, -1: none yet.
  int64_t last() const { return first_ + static_cast<int64_t>(lines_.size()) - 1; }
  /// The least number that is still there.
  int64_t first() const { return first_; }
  const ReceivedLine& line(int64_t number) const {
    return lines_[static_cast<size_t>(number - first_)];
  }
  /// Forgets lines up to `number`, as far as whole notes.
  Status Release(int64_t number);

 private:
  Status ReadLines(const std::string& name);

  Env* env_ = nullptr;
  std::string directory_;
  int64_t first_ = 0;
  std::deque<ReceivedLine> lines_;
  std::deque<int64_t> notes_;  // first numbers
};

/// `bytes` as UTF-8: each longest wrong part becomes U+FFFD, as Java decodes it.
std::string DecodeUtf8(std::string_view bytes);

}  // namespace thalweg
