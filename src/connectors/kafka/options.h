// The options of Kafka tables, read from Spark's names into structs (Spark's Structured Streaming +
// Kafka guide), with Spark's checks. Pure functions.
#pragma once

#include "connectors/kafka/client.h"

namespace thalweg {

/// Where a read begins or ends.
struct KafkaBound {
  enum class Kind : uint8_t {
    kEarliest,
    kLatest,
    kOffsets,  // by partition; kKafkaLatest and kKafkaEarliest may stand among them
    kTimes,    // by partition, in ms
    kTime,     // of all partitions, in ms
  };
  Kind kind = Kind::kLatest;
  KafkaOffsets by_partition;
  int64_t time_ms = 0;
  bool by_time() const { return kind == Kind::kTimes || kind == Kind::kTime; }
};

struct KafkaReadOptions {
  enum class Selection : uint8_t { kAssign, kSubscribe, kPattern };
  Selection selection = Selection::kSubscribe;
  std::vector<KafkaPartition> assigned;  // of kAssign
  std::vector<std::string> topics;       // of kSubscribe; of kAssign, those of `assigned`
  std::string pattern;                   // of kPattern
  KafkaBound start;
  KafkaBound end;
  bool latest_without_match = false;  // startingOffsetsByTimestampStrategy = latest
  bool fail_on_data_loss = true;
  bool include_headers = false;
  int64_t min_offsets = -1;
  int64_t max_delay_us = 15 * 60 * int64_t{1'000'000};
  int64_t poll_timeout_ms = 120'000;  // how long a read may stand still
  int64_t api_timeout_ms = 60'000;    // how long brokers may be silent
  int retries = 3;                    // of questions about offsets that end with an error
  int64_t retry_interval_ms = 10;
  bool read_committed = false;
  std::string servers;
  std::string group;  // for messages
  KafkaSettings settings;
  /// "Subscribe[a, b]", for EXPLAIN and progress.
  std::string Description() const;
};

struct KafkaWriteOptions {
  bool has_topic = false;
  std::string topic;
  std::string servers;
  int64_t max_block_ms = 60'000;          // how long a full queue may block
  int64_t delivery_timeout_ms = 120'000;  // until a record that was not acknowledged has failed
  KafkaSettings settings;
};

/// Errors: THALWEG_INVALID_OPTION, THALWEG_UNKNOWN_OPTION, THALWEG_NOT_SUPPORTED_YET,
/// UNRESOLVED_START_OFFSET_GREATER_THAN_END_OFFSET.
Status ReadKafkaReadOptions(const Options& options, bool streaming, KafkaReadOptions* out);
Status ReadKafkaWriteOptions(const Options& options, KafkaWriteOptions* out);

/// Puts the setting that Kafka's own Java clients call `key` under the names of librdkafka; its
/// own names pass. Values are never shown in errors: they may be secret.
Status AddKafkaSetting(const std::string& key, const std::string& value, bool reading,
                       KafkaSettings* settings);

}  // namespace thalweg
