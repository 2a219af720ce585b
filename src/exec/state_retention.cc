#include "exec/state_retention.h"

namespace thalweg {
namespace {

std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : ", ") + text;
  return joined;
}

std::string WatermarkText(const std::string& time, int64_t delay_us) {
  return "the watermark (" + DurationText(delay_us) + " behind the latest " + time + ")";
}

}  // namespace

StateRetention RetentionOfGroups(const GroupFacts& facts) {
  StateRetention retention;
  retention.keeps = facts.aggregates.empty() ? "that the group is there" : Joined(facts.aggregates);
  std::vector<std::string> keys = facts.keys;
  if (!facts.window.empty()) keys.push_back(facts.window);
  retention.by = Joined(keys);
  if (keys.empty()) return retention;  // one row
  const std::string time = facts.window_time.empty() ? "event time" : facts.window_time;
  if (facts.mode == OutputMode::kComplete) {
    retention.unbounded = "output mode complete writes every group that ever was in each epoch";
    retention.remedy = "outputMode = update, or append, with a watermark on " + time +
                       " and a grouping by a window over it; it may stay where the keys are few";
  } else if (facts.event_time_key.empty()) {
    retention.unbounded =
        facts.window.empty() ? "no grouping is a time with a watermark, so that no group ever ends"
                             : facts.window_time + " has no watermark, so that no window ever ends";
    retention.remedy =
        facts.window.empty()
            ? "group also by window(…) over a time with WATERMARK … DELAY OF "
              "INTERVAL …; it may stay where the keys are few"
            : "WATERMARK " + facts.window_time + " DELAY OF INTERVAL … behind the source in FROM";
  } else {
    retention.until = WatermarkText(time, facts.delay_us) + " reaches " +
                      (facts.key_is_window ? "the end of " : "") + facts.event_time_key;
  }
  return retention;
}

StateRetention RetentionOfDuplicates(const DuplicateFacts& facts) {
  StateRetention retention;
  retention.keeps = "that a row with the key has passed";
  retention.by = facts.keys;
  if (facts.within_watermark) {
    retention.until = WatermarkText(facts.event_time, facts.delay_us) + " reaches the " +
                      facts.event_time + " of the key's first row + " +
                      DurationText(facts.delay_us);
  } else if (facts.keyed_by_time) {
    retention.until =
        WatermarkText(facts.event_time, facts.delay_us) + " reaches the key's " + facts.event_time;
  } else if (!facts.keys.empty()) {
    retention.unbounded = facts.event_time.empty()
                              ? "there is no watermark, so that every key is kept for ever"
                              : facts.event_time +
                                    " is not among the keys, so that every key is "
                                    "kept for ever";
    retention.remedy = facts.event_time.empty()
                           ? "WATERMARK … DELAY OF INTERVAL …, and the time among the keys"
                           : "take " + facts.event_time +
                                 " into the keys, or drop duplicates within the watermark";
  }
  return retention;
}

std::string DurationText(int64_t us) {
  struct Unit {
    int64_t us;
    const char* name;
  };
  static constexpr Unit kUnits[] = {{86'400'000'000, "day"}, {3'600'000'000, "hour"},
                                    {60'000'000, "minute"},  {1'000'000, "second"},
                                    {1000, "millisecond"},   {1, "microsecond"}};
  std::string text;
  for (const Unit& unit : kUnits) {
    const int64_t count = us / unit.us;
    us %= unit.us;
    if (count == 0) continue;
    text += (text.empty() ? "" : " ") + std::to_string(count) + " " + unit.name;
    if (count != 1) text += "s";
  }
  return text.empty() ? "0 seconds" : text;
}

}  // namespace thalweg
