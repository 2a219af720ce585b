// The door between Thalweg and its Kafka module, libthalweg_kafka.so: plain C types, because the
// two sides share no object code. The module holds librdkafka and nothing of the engine's logic;
// library.cc opens it on first use and wraps this table as client.h. Every text that comes out is
// valid until the next call on the same object; a code other than 0 comes with a text in `error`.
#pragma once

#include <cstdint>

extern "C" {

enum { kThalwegKafkaVersion = 1, kThalwegKafkaErrorBytes = 512 };

/// What went wrong; the numbers of KafkaErrorKind in client.h.
enum ThalwegKafkaCode {
  kThalwegKafkaOk = 0,
  kThalwegKafkaUnreachable = 1,
  kThalwegKafkaUnknownTopic = 2,
  kThalwegKafkaOutOfRange = 3,
  kThalwegKafkaRefused = 4,
  kThalwegKafkaOther = 5,
};

struct ThalwegKafkaSetting {
  const char* key;
  const char* value;
};

/// A size of -1 is null.
struct ThalwegKafkaBytes {
  const char* data;
  int64_t size;
};

struct ThalwegKafkaRecord {
  ThalwegKafkaBytes key;
  ThalwegKafkaBytes value;
  int64_t offset;
  int64_t timestamp_ms;
  int32_t timestamp_type;  // -1: none, 0: of the producer, 1: of the log
  void* message;           // to be released
};

struct ThalwegKafkaHeader {
  const char* name;
  ThalwegKafkaBytes value;
};

/// In: a time in ms, -1 (the end) or -2 (the beginning); out: an offset, -1 where no record is as
/// young.
struct ThalwegKafkaPosition {
  const char* topic;
  int32_t partition;
  int64_t offset;
};

/// Which topics there are: of `names`, or of the whole cluster where `count` is -1. `tell` is
/// called for each that exists.
struct ThalwegKafkaTopics {
  const char* const* names;
  int32_t count;
  void (*tell)(void* opaque, const char* topic, int32_t partitions);
  void* opaque;
};

/// In: room for `max` records; out: how many there are and the position, before which no record is
/// still to come.
struct ThalwegKafkaFetch {
  ThalwegKafkaRecord* records;
  int32_t max;
  int32_t count;
  int64_t position;
};

struct ThalwegKafkaOutgoing {
  const char* topic;
  int32_t partition;  // -1: by the key
  ThalwegKafkaBytes key;
  ThalwegKafkaBytes value;
  const ThalwegKafkaHeader* headers;
  int32_t header_count;
};

struct ThalwegKafkaFunctions {
  int32_t version;

  void* (*open_consumer)(const ThalwegKafkaSetting* settings, int32_t count, char* error);
  /// All partitions are closed before.
  void (*close_consumer)(void* consumer);
  /// `wake` is called on a thread of the library whenever a partition's queue is no longer empty.
  void (*set_wake)(void* consumer, void (*wake)(void* opaque), void* opaque);
  int32_t (*list_topics)(void* consumer, const ThalwegKafkaTopics* topics, int32_t timeout_ms,
                         char* error);
  int32_t (*find_offsets)(void* consumer, ThalwegKafkaPosition* positions, int32_t count,
                          int32_t timeout_ms, char* error);

  void* (*open_partition)(void* consumer, const ThalwegKafkaPosition* from, char* error);
  void (*close_partition)(void* partition);
  /// Waits for the first record at most `timeout_ms`.
  int32_t (*fetch)(void* partition, int32_t timeout_ms, ThalwegKafkaFetch* fetch, char* error);
  int32_t (*count_headers)(const ThalwegKafkaRecord* record);
  void (*get_headers)(const ThalwegKafkaRecord* record, ThalwegKafkaHeader* out);
  void (*release)(ThalwegKafkaRecord* records, int32_t count);

  void* (*open_producer)(const ThalwegKafkaSetting* settings, int32_t count, char* error);
  /// What was not sent is given up.
  void (*close_producer)(void* producer);
  /// Copies the record into the queue; waits at most `timeout_ms` while that is full.
  int32_t (*produce)(void* producer, const ThalwegKafkaOutgoing* record, int32_t timeout_ms,
                     char* error);
  /// Waits until the brokers have acknowledged everything. The error of the first record that
  /// failed since the last call; kThalwegKafkaUnreachable if the time was not enough.
  int32_t (*flush)(void* producer, int32_t timeout_ms, char* error);
};

/// The one symbol of the module.
__attribute__((visibility("default"))) const ThalwegKafkaFunctions* thalweg_kafka_functions();
}
