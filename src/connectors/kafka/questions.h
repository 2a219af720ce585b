// What a Kafka source asks the brokers: which partitions there are and where they begin and end. A
// question that gets no answer is asked again, with a warning, until kafka.default.api.timeout.ms
// has passed. One thread.
#pragma once

#include <functional>

#include "connectors/kafka/options.h"

namespace thalweg {

class KafkaQuestions {
 public:
  KafkaQuestions(Env& env, KafkaConsumer& consumer, const KafkaReadOptions& options)
      : env_(env), consumer_(consumer), options_(options), pause_(env.tasks().NewSignal()) {}

  /// The partitions that the options select; values are 0. Errors: THALWEG_KAFKA_TOPIC_MISSING,
  /// THALWEG_KAFKA_UNREACHABLE, THALWEG_KAFKA_REFUSED.
  Result<KafkaOffsets> Partitions();
  /// One question, which waits at most `timeout_ms`. A topic that is not there is left out.
  KafkaOutcome PartitionsNow(int timeout_ms, KafkaOffsets* partitions);
  /// Replaces kKafkaEarliest and kKafkaLatest by offsets; other values stay.
  Status Resolve(KafkaOffsets* offsets);
  /// Replaces times by offsets, kKafkaLatest where no record is as young.
  Status ResolveTimes(KafkaOffsets* times);
  /// `at` of each of `partitions`.
  Result<KafkaOffsets> All(const KafkaOffsets& partitions, int64_t at);
  /// Where a read of `partitions` begins or ends by `bound`; `word` is "starting" or "ending".
  /// Errors: KAFKA_START_OFFSET_DOES_NOT_MATCH_ASSIGNED,
  /// KAFKA_TIMESTAMP_OFFSET_DOES_NOT_MATCH_ASSIGNED, THALWEG_INVALID_OPTION (no record is so
  /// young).
  Result<KafkaOffsets> Bound(const KafkaBound& bound, const KafkaOffsets& partitions,
                             const char* word);
  /// The error after `waited_us` without an answer.
  Status GiveUp(const KafkaOutcome& outcome, const char* what, int64_t waited_us) const;

 private:
  using Question = std::function<KafkaOutcome(int timeout_ms)>;
  Status Patiently(const char* what, const Question& ask);
  Result<KafkaOffsets> BoundByTime(const KafkaBound& bound, KafkaOffsets times, const char* word);

  Env& env_;
  KafkaConsumer& consumer_;
  const KafkaReadOptions& options_;
  const std::unique_ptr<Signal> pause_;
};

}  // namespace thalweg
