#include "connectors/kafka/module/consumer.h"

#include <algorithm>
#include <atomic>
#include <vector>

#include "connectors/kafka/module/handles.h"

namespace thalweg_kafka {
namespace {

struct Consumer : Complaints {
  rd_kafka_t* rk = nullptr;
  std::atomic<void (*)(void*)> wake{nullptr};
  std::atomic<void*> wake_opaque{nullptr};
};

/// One partition that is being read: its own topic handle and queue.
struct Partition {
  Consumer* consumer = nullptr;
  rd_kafka_topic_t* topic = nullptr;
  rd_kafka_queue_t* queue = nullptr;
  int32_t number = 0;
  int64_t position = 0;
  std::vector<rd_kafka_message_t*> messages;  // of one fetch
};

void QueueHasMore(rd_kafka_t*, void* opaque) {
  auto* consumer = static_cast<Consumer*>(opaque);
  if (auto* wake = consumer->wake.load()) wake(consumer->wake_opaque.load());
}

int32_t TellTopics(const rd_kafka_metadata_t& metadata, const ThalwegKafkaTopics& topics,
                   const Complaints& complaints, char* error) {
  for (int i = 0; i < metadata.topic_cnt; ++i) {
    const rd_kafka_metadata_topic_t& topic = metadata.topics[i];
    const int32_t code = CodeOf(topic.err);
    if (code == kThalwegKafkaUnknownTopic) continue;
    if (code != kThalwegKafkaOk) return Fail(topic.err, complaints, error);
    topics.tell(topics.opaque, topic.topic, topic.partition_cnt);
  }
  return kThalwegKafkaOk;
}

/// What a message of the library says of a record.
ThalwegKafkaRecord RecordOf(rd_kafka_message_t* message) {
  const auto bytes = [](const void* data, size_t size) {
    return ThalwegKafkaBytes{static_cast<const char*>(data),
                             data == nullptr ? -1 : static_cast<int64_t>(size)};
  };
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const int64_t timestamp_ms = rd_kafka_message_timestamp(message, &type);
  return {.key = bytes(message->key, message->key_len),
          .value = bytes(message->payload, message->len),
          .offset = message->offset,
          .timestamp_ms = timestamp_ms,
          .timestamp_type = static_cast<int32_t>(type) - RD_KAFKA_TIMESTAMP_CREATE_TIME,
          .message = message};
}

/// Messages of a partition into `partition->messages`: at least one, unless the time runs out. (A
/// batch alone would wait for as many as it has room for.)
ssize_t TakeMessages(Partition* partition, int32_t timeout_ms) {
  auto& messages = partition->messages;
  ssize_t got = rd_kafka_consume_batch_queue(partition->queue, 0, messages.data(), messages.size());
  if (got != 0 || timeout_ms <= 0) return got;
  messages[0] = rd_kafka_consume_queue(partition->queue, timeout_ms);
  if (messages[0] == nullptr) return 0;
  got = messages.size() == 1 ? 0
                             : rd_kafka_consume_batch_queue(
                                   partition->queue, 0, messages.data() + 1, messages.size() - 1);
  return 1 + std::max<ssize_t>(0, got);
}

}  // namespace

void* OpenConsumer(const ThalwegKafkaSetting* settings, int32_t count, char* error) {
  auto* consumer = new Consumer;
  rd_kafka_conf_t* conf = MakeConf(settings, count, consumer, error);
  if (conf != nullptr) {
    char text[kThalwegKafkaErrorBytes];
    consumer->rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof text);
    if (consumer->rk != nullptr) return consumer;
    WriteError(text, error);
    rd_kafka_conf_destroy(conf);
  }
  delete consumer;
  return nullptr;
}

void CloseConsumer(void* opaque) {
  auto* consumer = static_cast<Consumer*>(opaque);
  rd_kafka_destroy(consumer->rk);
  delete consumer;
}

void SetWake(void* opaque, void (*wake)(void* opaque), void* wake_opaque) {
  auto* consumer = static_cast<Consumer*>(opaque);
  consumer->wake_opaque = wake_opaque;
  consumer->wake = wake;
}

int32_t ListTopics(void* opaque, const ThalwegKafkaTopics* topics, int32_t timeout_ms,
                   char* error) {
  auto* consumer = static_cast<Consumer*>(opaque);
  const bool all = topics->count < 0;
  const int32_t calls = all ? 1 : topics->count;
  for (int32_t i = 0; i < calls; ++i) {
    rd_kafka_topic_t* topic =
        all ? nullptr : rd_kafka_topic_new(consumer->rk, topics->names[i], nullptr);
    if (!all && topic == nullptr) return Fail(rd_kafka_last_error(), *consumer, error);
    const rd_kafka_metadata_t* metadata = nullptr;
    const rd_kafka_resp_err_t failed =
        rd_kafka_metadata(consumer->rk, all ? 1 : 0, topic, &metadata, timeout_ms);
    if (topic != nullptr) rd_kafka_topic_destroy(topic);
    if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) return Fail(failed, *consumer, error);
    const int32_t code = TellTopics(*metadata, *topics, *consumer, error);
    rd_kafka_metadata_destroy(metadata);
    if (code != kThalwegKafkaOk) return code;
  }
  return kThalwegKafkaOk;
}

int32_t FindOffsets(void* opaque, ThalwegKafkaPosition* positions, int32_t count,
                    int32_t timeout_ms, char* error) {
  auto* consumer = static_cast<Consumer*>(opaque);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(count);
  for (int32_t i = 0; i < count; ++i) {
    rd_kafka_topic_partition_list_add(list, positions[i].topic, positions[i].partition)->offset =
        positions[i].offset;
  }
  rd_kafka_resp_err_t failed = rd_kafka_offsets_for_times(consumer->rk, list, timeout_ms);
  for (int32_t i = 0; failed == RD_KAFKA_RESP_ERR_NO_ERROR && i < count; ++i) {
    const rd_kafka_topic_partition_t* found =
        rd_kafka_topic_partition_list_find(list, positions[i].topic, positions[i].partition);
    failed = found->err;
    positions[i].offset = found->offset;
  }
  rd_kafka_topic_partition_list_destroy(list);
  if (failed == RD_KAFKA_RESP_ERR_NO_ERROR) return kThalwegKafkaOk;
  return Fail(failed, *consumer, error);
}

void* OpenPartition(void* opaque, const ThalwegKafkaPosition* from, char* error) {
  auto* consumer = static_cast<Consumer*>(opaque);
  rd_kafka_topic_t* topic = rd_kafka_topic_new(consumer->rk, from->topic, nullptr);
  if (topic == nullptr) {
    Fail(rd_kafka_last_error(), *consumer, error);
    return nullptr;
  }
  rd_kafka_queue_t* queue = rd_kafka_queue_new(consumer->rk);
  rd_kafka_queue_cb_event_enable(queue, QueueHasMore, consumer);
  if (rd_kafka_consume_start_queue(topic, from->partition, from->offset, queue) != 0) {
    Fail(rd_kafka_last_error(), *consumer, error);
    rd_kafka_queue_cb_event_enable(queue, nullptr, nullptr);
    rd_kafka_queue_destroy(queue);
    rd_kafka_topic_destroy(topic);
    return nullptr;
  }
  return new Partition{consumer, topic, queue, from->partition, from->offset, {}};
}

void ClosePartition(void* opaque) {
  auto* partition = static_cast<Partition*>(opaque);
  rd_kafka_queue_cb_event_enable(partition->queue, nullptr, nullptr);
  rd_kafka_consume_stop(partition->topic, partition->number);
  rd_kafka_queue_destroy(partition->queue);
  rd_kafka_topic_destroy(partition->topic);
  delete partition;
}

int32_t Fetch(void* opaque, int32_t timeout_ms, ThalwegKafkaFetch* fetch, char* error) {
  auto* partition = static_cast<Partition*>(opaque);
  partition->messages.resize(static_cast<size_t>(fetch->max));
  fetch->count = 0;
  const ssize_t got = TakeMessages(partition, timeout_ms);
  int32_t code = kThalwegKafkaOk;
  for (ssize_t i = 0; i < got; ++i) {
    rd_kafka_message_t* message = partition->messages[static_cast<size_t>(i)];
    const bool is_record = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (is_record && message->offset >= partition->position) {
      fetch->records[fetch->count++] = RecordOf(message);
      partition->position = message->offset + 1;
      continue;
    }
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      // It proves no end, but what lies before its own offset has been passed.
      partition->position = std::max(partition->position, message->offset);
    } else if (!is_record && code == kThalwegKafkaOk) {
      code = Fail(message->err, *partition->consumer, error);
    }
    rd_kafka_message_destroy(message);
  }
  fetch->position = partition->position;
  return code;
}

int32_t CountHeaders(const ThalwegKafkaRecord* record) {
  rd_kafka_headers_t* headers = nullptr;
  const auto* message = static_cast<const rd_kafka_message_t*>(record->message);
  if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return 0;
  return static_cast<int32_t>(rd_kafka_header_cnt(headers));
}

void GetHeaders(const ThalwegKafkaRecord* record, ThalwegKafkaHeader* out) {
  rd_kafka_headers_t* headers = nullptr;
  const auto* message = static_cast<const rd_kafka_message_t*>(record->message);
  if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const char* name = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  for (size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    out[i].name = name;
    out[i].value = {static_cast<const char*>(value),
                    value == nullptr ? -1 : static_cast<int64_t>(size)};
  }
}

void Release(ThalwegKafkaRecord* records, int32_t count) {
  for (int32_t i = 0; i < count; ++i) {
    if (records[i].message == nullptr) continue;
    rd_kafka_message_destroy(static_cast<rd_kafka_message_t*>(records[i].message));
    records[i].message = nullptr;
  }
}

}  // namespace thalweg_kafka
