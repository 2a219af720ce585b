#include "connectors/kafka/questions.h"

#include <algorithm>

#include "base/log.h"
#include "connectors/kafka/offsets.h"
#include "connectors/kafka/topic_pattern.h"

namespace thalweg {
namespace {

constexpr int64_t kAttemptMs = 2000;  // of one question, so that warnings come while it is silent
constexpr int64_t kAttemptLeastMs = 300;
constexpr int64_t kPauseUs = 100'000;
constexpr int64_t kWarnEveryUs = 5'000'000;
constexpr char kTimeoutOption[] = "kafka.default.api.timeout.ms";

std::string Seconds(int64_t us) {
  return std::to_string((us + 500'000) / 1'000'000);
}

}  // namespace

Result<KafkaOffsets> KafkaQuestions::Partitions() {
  KafkaOffsets partitions;
  THALWEG_RETURN_NOT_OK(Patiently("asking for partitions", [&](int timeout_ms) {
    const KafkaOutcome outcome = PartitionsNow(timeout_ms, &partitions);
    if (!outcome.ok()) return outcome;
    for (const std::string& topic : options_.topics) {
      const auto first = partitions.lower_bound({topic, 0});
      if (first == partitions.end() || first->first.topic != topic) {
        return KafkaOutcome{KafkaErrorKind::kUnknownTopic, topic};
      }
    }
    return outcome;
  }));
  return partitions;
}

KafkaOutcome KafkaQuestions::PartitionsNow(int timeout_ms, KafkaOffsets* partitions) {
  using Selection = KafkaReadOptions::Selection;
  const bool by_pattern = options_.selection == Selection::kPattern;
  std::map<std::string, int> topics;
  const KafkaOutcome outcome =
      consumer_.Topics(by_pattern ? nullptr : &options_.topics, timeout_ms, &topics);
  if (!outcome.ok()) return outcome;
  partitions->clear();
  if (options_.selection == Selection::kAssign) {
    for (const KafkaPartition& partition : options_.assigned) {
      const auto topic = topics.find(partition.topic);
      if (topic != topics.end() && partition.number < topic->second) (*partitions)[partition] = 0;
    }
    return outcome;
  }
  std::optional<TopicPattern> pattern;
  if (by_pattern) {
    const Result<TopicPattern> compiled = TopicPattern::Compile(options_.pattern);
    if (!compiled.ok()) return {KafkaErrorKind::kRefused, compiled.status().message()};
    pattern = *compiled;
  }
  for (const auto& [topic, count] : topics) {
    // Kafka's own topics are not meant by a pattern.
    if (pattern && (topic.starts_with("__") || !pattern->Matches(topic))) continue;
    for (int32_t number = 0; number < count; ++number) (*partitions)[{topic, number}] = 0;
  }
  return outcome;
}

Status KafkaQuestions::Resolve(KafkaOffsets* offsets) {
  KafkaOffsets asked;
  for (const auto& [partition, offset] : *offsets) {
    if (offset < 0) asked[partition] = offset;
  }
  if (asked.empty()) return Status::OK();
  const KafkaOffsets question = asked;
  THALWEG_RETURN_NOT_OK(Patiently("asking for offsets", [&](int timeout_ms) {
    asked = question;
    return consumer_.FindOffsets(timeout_ms, &asked);
  }));
  for (const auto& [partition, offset] : asked) (*offsets)[partition] = offset;
  return Status::OK();
}

Status KafkaQuestions::ResolveTimes(KafkaOffsets* times) {
  const KafkaOffsets question = *times;
  return Patiently("asking for offsets by time", [&](int timeout_ms) {
    *times = question;
    return consumer_.FindOffsets(timeout_ms, times);
  });
}

Result<KafkaOffsets> KafkaQuestions::All(const KafkaOffsets& partitions, int64_t at) {
  KafkaOffsets offsets = partitions;
  for (auto& [partition, offset] : offsets) offset = at;
  THALWEG_RETURN_NOT_OK(Resolve(&offsets));
  return offsets;
}

Result<KafkaOffsets> KafkaQuestions::Bound(const KafkaBound& bound, const KafkaOffsets& partitions,
                                           const char* word) {
  using Kind = KafkaBound::Kind;
  if (bound.kind == Kind::kEarliest) return All(partitions, kKafkaEarliest);
  if (bound.kind == Kind::kLatest) return All(partitions, kKafkaLatest);
  KafkaOffsets named = bound.by_partition;
  if (bound.kind == Kind::kTime) {
    named = partitions;
    for (auto& [partition, time] : named) time = bound.time_ms;
  }
  const bool same = std::equal(named.begin(), named.end(), partitions.begin(), partitions.end(),
                               [](const auto& a, const auto& b) { return a.first == b.first; });
  if (!same) {
    return Status::User(bound.by_time() ? "KAFKA_TIMESTAMP_OFFSET_DOES_NOT_MATCH_ASSIGNED"
                                        : "KAFKA_START_OFFSET_DOES_NOT_MATCH_ASSIGNED",
                        {{"position", word},
                         {"specifiedPartitions", NamesOf(named)},
                         {"assignedPartitions", NamesOf(partitions)}});
  }
  if (bound.by_time()) return BoundByTime(bound, std::move(named), word);
  THALWEG_RETURN_NOT_OK(Resolve(&named));
  return named;
}

Result<KafkaOffsets> KafkaQuestions::BoundByTime(const KafkaBound& bound, KafkaOffsets times,
                                                 const char* word) {
  const KafkaOffsets wanted = times;
  THALWEG_RETURN_NOT_OK(ResolveTimes(&times));
  const bool starting = std::string_view(word) == "starting";
  for (const auto& [partition, offset] : times) {
    if (offset != kKafkaLatest || !starting || options_.latest_without_match) continue;
    return Status::User(
        "THALWEG_INVALID_OPTION",
        {{"option", bound.kind == KafkaBound::Kind::kTime ? "startingTimestamp"
                                                          : "startingOffsetsByTimestamp"},
         {"value", std::to_string(wanted.at(partition))},
         {"wanted", "no later than the last record of " + partition.Name() +
                        "; or set startingOffsetsByTimestampStrategy to latest"}});
  }
  THALWEG_RETURN_NOT_OK(Resolve(&times));
  return times;
}

Status KafkaQuestions::Patiently(const char* what, const Question& ask) {
  const int64_t began_us = env_.clock().MonotonicNs() / 1000;
  const int64_t patience_us = options_.api_timeout_ms * 1000;
  int64_t warned_us = 0;
  int errors = 0;
  while (true) {
    const int64_t left_us = patience_us - (env_.clock().MonotonicNs() / 1000 - began_us);
    const int64_t attempt_ms = std::clamp(left_us / 1000, kAttemptLeastMs, kAttemptMs);
    const KafkaOutcome outcome = ask(static_cast<int>(attempt_ms));
    if (outcome.ok()) return Status::OK();
    const int64_t now_us = env_.clock().MonotonicNs() / 1000;
    const bool error = outcome.kind == KafkaErrorKind::kOther && ++errors > options_.retries;
    if (error || outcome.kind == KafkaErrorKind::kRefused || now_us - began_us >= patience_us) {
      return GiveUp(outcome, what, now_us - began_us);
    }
    if (warned_us == 0 || now_us - warned_us >= kWarnEveryUs) {
      const bool missing = outcome.kind == KafkaErrorKind::kUnknownTopic;
      Log(LogLevel::kWarning, "Kafka at " + options_.servers + ", " + what + ": " +
                                  (missing ? "there is no topic " + outcome.text : outcome.text) +
                                  ". Trying again for " +
                                  Seconds(patience_us - (now_us - began_us)) + " s.");
      warned_us = now_us;
    }
    const bool other = outcome.kind == KafkaErrorKind::kOther;
    pause_->Wait(other ? options_.retry_interval_ms * 1000 : kPauseUs);
  }
}

Status KafkaQuestions::GiveUp(const KafkaOutcome& outcome, const char* what,
                              int64_t waited_us) const {
  switch (outcome.kind) {
    case KafkaErrorKind::kUnknownTopic:
      return Status::World("THALWEG_KAFKA_TOPIC_MISSING", {{"topic", outcome.text},
                                                           {"servers", options_.servers},
                                                           {"seconds", Seconds(waited_us)}});
    case KafkaErrorKind::kRefused:
      return Status::World("THALWEG_KAFKA_REFUSED", {{"what", what}, {"cause", outcome.text}});
    case KafkaErrorKind::kUnreachable:
      return Status::World("THALWEG_KAFKA_UNREACHABLE", {{"servers", options_.servers},
                                                         {"seconds", Seconds(waited_us)},
                                                         {"what", what},
                                                         {"cause", outcome.text},
                                                         {"option", kTimeoutOption}});
    default:
      return Status::World("Kafka at " + options_.servers + ", " + what + ": " + outcome.text);
  }
}

}  // namespace thalweg
