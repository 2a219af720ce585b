// StateRetention: what a stateful operator keeps, by which key and until when, in words; for
// EXPLAIN. Pure functions of what the planner knows.
#pragma once

#include <string>
#include <vector>

#include "plan/relation.h"

namespace thalweg {

struct StateRetention {
  std::string keeps;      // "count(1), sum(v)"; "": the operator does not tell
  std::string by;         // "k, window(ts, 10 seconds)"; "": there is one entry only
  std::string until;      // when an entry leaves; "": never
  std::string unbounded;  // why it grows as long as new keys come; "": it does not
  std::string remedy;
};

/// What grouping knows of itself.
struct GroupFacts {
  OutputMode mode = OutputMode::kAppend;
  std::vector<std::string> aggregates;
  std::vector<std::string> keys;
  std::string window;          // "window(ts, 10 seconds)"; "": none
  std::string window_time;     // "ts"
  std::string event_time_key;  // the grouping whose event time ends it, "": none
  bool key_is_window = false;  // that grouping is a window, made here or below
  int64_t delay_us = 0;        // of the watermark
};
StateRetention RetentionOfGroups(const GroupFacts& facts);

/// Of the keys of dropped duplicates; `event_time` "": there is no watermark.
struct DuplicateFacts {
  std::string keys;
  std::string event_time;
  bool keyed_by_time = false;
  bool within_watermark = false;
  int64_t delay_us = 0;
};
StateRetention RetentionOfDuplicates(const DuplicateFacts& facts);

/// "10 seconds", "1 hour 30 minutes", "250 milliseconds", as INTERVAL takes it.
std::string DurationText(int64_t us);

}  // namespace thalweg
