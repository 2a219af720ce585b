// What Thalweg needs of a Kafka client: topics, offsets by time, reading a partition, producing and
// flushing. library.cc implements it with the module (librdkafka); sim_broker.h is its simulated
// twin. Rules:
//  1. Nothing is committed to Kafka, no consumer group is joined: the query log holds the offsets.
//  2. Calls wait at most their timeout; whoever calls tries again and says so (DESIGN.md §4.8).
//  3. A KafkaPartitionStream gives the records of one partition in order, each once, from where it
//     was opened. `position` alone says how far it has come: compacted records and the markers of
//     transactions leave gaps, and an end-of-partition event proves nothing.
//  4. One thread at a time per object; different streams of a consumer may be read by different
//     threads. The waker is called from any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/contracts.h"

namespace thalweg {

inline constexpr int64_t kKafkaLatest = -1;
inline constexpr int64_t kKafkaEarliest = -2;

enum class KafkaErrorKind : uint8_t {
  kNone,
  kUnreachable,   // no broker answered in time
  kUnknownTopic,  // no such topic or partition
  kOutOfRange,    // the partition does not hold this offset
  kRefused,       // by authentication, authorisation, or for what the record is: no retry helps
  kOther,
};

/// How a call of the client ended.
struct [[nodiscard]] KafkaOutcome {
  KafkaErrorKind kind = KafkaErrorKind::kNone;
  std::string text;
  bool ok() const { return kind == KafkaErrorKind::kNone; }
};

struct KafkaPartition {
  std::string topic;
  int32_t number = 0;
  auto operator<=>(const KafkaPartition&) const = default;
  /// "topic-3"
  std::string Name() const { return topic + "-" + std::to_string(number); }
};

/// Offsets by partition: where to go on (the end, exclusive, of what lies before).
using KafkaOffsets = std::map<KafkaPartition, int64_t>;
/// Settings under the client library's names.
using KafkaSettings = std::map<std::string, std::string>;

/// Bytes that may be null.
struct KafkaBytes {
  const char* data = nullptr;
  int64_t size = -1;
  bool null() const { return size < 0; }
  std::string_view view() const {
    return null() ? std::string_view() : std::string_view(data, static_cast<size_t>(size));
  }
};

/// A record, valid until it is released.
struct KafkaRecord {
  KafkaBytes key;
  KafkaBytes value;
  int64_t offset = 0;
  int64_t timestamp_ms = -1;
  int32_t timestamp_type = -1;  // -1: none, 0: of the producer, 1: of the log
  void* message = nullptr;      // the client's
};

struct KafkaHeader {
  std::string name;
  KafkaBytes value;
};

struct KafkaOutgoing {
  std::string_view topic;
  int32_t partition = -1;  // -1: by the key
  KafkaBytes key;
  KafkaBytes value;
  std::vector<KafkaHeader> headers;
};

class KafkaPartitionStream {
 public:
  virtual ~KafkaPartitionStream() = default;
  /// Appends up to `rows_max` records; waits for the first at most `timeout_ms`. No record before
  /// `*position` is still to come.
  virtual KafkaOutcome Fetch(int rows_max, int timeout_ms, std::vector<KafkaRecord>* records,
                             int64_t* position) = 0;
  virtual std::vector<KafkaHeader> HeadersOf(const KafkaRecord& record) const = 0;
  virtual void Release(KafkaRecord* records, size_t count) = 0;
};

class KafkaConsumer {
 public:
  virtual ~KafkaConsumer() = default;
  /// Partition counts of those of `names` that exist; null: of every topic.
  virtual KafkaOutcome Topics(const std::vector<std::string>* names, int timeout_ms,
                              std::map<std::string, int>* partitions) = 0;
  /// Replaces each value (a time in ms, kKafkaLatest or kKafkaEarliest) by the first offset at or
  /// after it; kKafkaLatest where there is no record as young. Under read_committed the end is the
  /// last stable offset.
  virtual KafkaOutcome FindOffsets(int timeout_ms, KafkaOffsets* offsets) = 0;
  /// Streams must be gone before their consumer.
  virtual Result<std::unique_ptr<KafkaPartitionStream>> OpenPartition(
      const KafkaPartition& partition, int64_t offset) = 0;
  /// Called once when any open stream has something to fetch; null: not any more.
  virtual void WakeOnce(Waker* waker) = 0;
};

class KafkaProducer {
 public:
  virtual ~KafkaProducer() = default;
  /// Copies what `record` shows.
  virtual KafkaOutcome Produce(const KafkaOutgoing& record, int timeout_ms) = 0;
  /// Until every record is acknowledged; the first failure since the last call.
  virtual KafkaOutcome Flush(int timeout_ms) = 0;
};

class KafkaClient {
 public:
  virtual ~KafkaClient() = default;
  /// Errors: the library is missing, a setting is unknown to it or has a bad value.
  virtual Result<std::unique_ptr<KafkaConsumer>> NewConsumer(const KafkaSettings& settings) = 0;
  virtual Result<std::unique_ptr<KafkaProducer>> NewProducer(const KafkaSettings& settings) = 0;
};

/// librdkafka, in a module of its own that is opened by the first New…; one per process.
KafkaClient& KafkaLibrary();

}  // namespace thalweg
