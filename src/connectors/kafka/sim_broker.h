// SimBroker: the simulated twin of the Kafka client: a broker in memory, with topics that grow and
// vanish, records that age, gaps as markers of transactions leave them, and silence. What the
// source and the sink do is tested on it; that a real broker behaves so is tested on a real one
// (tests/servers/kafka). Thread-safe. It must outlive its consumers and producers.
#pragma once

#include <mutex>
#include <optional>

#include "connectors/kafka/client.h"

namespace thalweg {

/// A record as the simulated broker keeps it.
struct SimRecord {
  std::optional<std::string> key;
  std::optional<std::string> value;
  int64_t timestamp_ms = 0;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
  int64_t offset = 0;  // set by the broker
};

class SimBroker final : public KafkaClient {
 public:
  Result<std::unique_ptr<KafkaConsumer>> NewConsumer(const KafkaSettings& settings) override;
  Result<std::unique_ptr<KafkaProducer>> NewProducer(const KafkaSettings& settings) override;

  /// Makes a topic or gives it more partitions.
  void SetPartitions(const std::string& topic, int count);
  void DeleteTopic(const std::string& topic);
  /// Appends one record per value.
  void Append(const KafkaPartition& partition, const std::vector<std::string>& values);
  void AppendRecord(const KafkaPartition& partition, SimRecord record);
  /// Uses up `count` offsets that no reader will see.
  void AppendGap(const KafkaPartition& partition, int64_t count);
  /// Forgets the records before `offset`.
  void Truncate(const KafkaPartition& partition, int64_t offset);
  /// What every call from now on answers; kNone: it works again.
  void SetFailure(KafkaErrorKind kind);
  std::vector<SimRecord> Records(const KafkaPartition& partition) const;
  /// Questions about ends and beginnings so far.
  int offset_questions() const;

 private:
  friend class SimStream;
  friend class SimConsumer;
  friend class SimProducer;
  struct Log {
    std::vector<SimRecord> records;
    int64_t first = 0;
    int64_t end = 0;
  };
  KafkaOutcome Failure() const;  // under the mutex
  Log* Find(const KafkaPartition& partition);

  mutable std::mutex mutex_;
  // All below is guarded by the mutex.
  std::map<std::string, std::vector<std::unique_ptr<Log>>> topics_;
  // Records that streams have shown stay where they are until the broker goes.
  std::vector<std::unique_ptr<SimRecord>> shown_;
  KafkaErrorKind failure_ = KafkaErrorKind::kNone;
  int offset_questions_ = 0;
  std::vector<class SimConsumer*> consumers_;
};

}  // namespace thalweg
