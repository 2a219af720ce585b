#include "connectors/kafka/module/producer.h"

#include <chrono>
#include <mutex>

#include "connectors/kafka/module/handles.h"

namespace thalweg_kafka {
namespace {

struct Producer : Complaints {
  rd_kafka_t* rk = nullptr;
  std::mutex mutex;
  rd_kafka_resp_err_t failed = RD_KAFKA_RESP_ERR_NO_ERROR;  // guarded by the mutex
  std::string topic;                                        // of the first that failed
  int64_t failures = 0;                                     // guarded by the mutex
};

void Delivered(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  auto* producer = static_cast<Producer*>(static_cast<Complaints*>(opaque));
  std::lock_guard lock(producer->mutex);
  if (producer->failures++ > 0) return;
  producer->failed = message->err;
  producer->topic = message->rkt == nullptr ? "" : rd_kafka_topic_name(message->rkt);
}

rd_kafka_vu_t Argument(rd_kafka_vtype_t type) {
  rd_kafka_vu_t argument{};
  argument.vtype = type;
  return argument;
}

rd_kafka_vu_t BytesArgument(rd_kafka_vtype_t type, const ThalwegKafkaBytes& bytes) {
  rd_kafka_vu_t argument = Argument(type);
  const bool null = bytes.size < 0;
  argument.u.mem.ptr = null ? nullptr : const_cast<char*>(bytes.data == nullptr ? "" : bytes.data);
  argument.u.mem.size = null ? 0 : static_cast<size_t>(bytes.size);
  return argument;
}

/// One attempt; 0 if the record is in the queue.
rd_kafka_resp_err_t Enqueue(rd_kafka_t* rk, const ThalwegKafkaOutgoing& record) {
  rd_kafka_vu_t arguments[6];
  size_t count = 0;
  arguments[count] = Argument(RD_KAFKA_VTYPE_TOPIC);
  arguments[count++].u.cstr = record.topic;
  arguments[count] = Argument(RD_KAFKA_VTYPE_PARTITION);
  arguments[count++].u.i32 = record.partition;
  arguments[count++] = BytesArgument(RD_KAFKA_VTYPE_KEY, record.key);
  arguments[count++] = BytesArgument(RD_KAFKA_VTYPE_VALUE, record.value);
  arguments[count] = Argument(RD_KAFKA_VTYPE_MSGFLAGS);
  arguments[count++].u.i = RD_KAFKA_MSG_F_COPY;
  rd_kafka_headers_t* headers = nullptr;
  if (record.header_count > 0) {
    headers = rd_kafka_headers_new(static_cast<size_t>(record.header_count));
    for (int32_t i = 0; i < record.header_count; ++i) {
      const ThalwegKafkaHeader& header = record.headers[i];
      rd_kafka_header_add(headers, header.name, -1,
                          header.value.size < 0 ? nullptr : header.value.data,
                          header.value.size < 0 ? 0 : header.value.size);
    }
    arguments[count] = Argument(RD_KAFKA_VTYPE_HEADERS);
    arguments[count++].u.headers = headers;
  }
  rd_kafka_error_t* error = rd_kafka_produceva(rk, arguments, count);
  if (error == nullptr) return RD_KAFKA_RESP_ERR_NO_ERROR;
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
  rd_kafka_error_destroy(error);
  if (headers != nullptr) rd_kafka_headers_destroy(headers);  // ours again
  return code;
}

}  // namespace

void* OpenProducer(const ThalwegKafkaSetting* settings, int32_t count, char* error) {
  auto* producer = new Producer;
  rd_kafka_conf_t* conf = MakeConf(settings, count, producer, error);
  if (conf != nullptr) {
    rd_kafka_conf_set_dr_msg_cb(conf, Delivered);
    char text[kThalwegKafkaErrorBytes];
    producer->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    if (producer->rk != nullptr) return producer;
    WriteError(text, error);
    rd_kafka_conf_destroy(conf);
  }
  delete producer;
  return nullptr;
}

void CloseProducer(void* opaque) {
  auto* producer = static_cast<Producer*>(opaque);
  rd_kafka_purge(producer->rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_flush(producer->rk, 100);  // takes the reports of what was purged
  rd_kafka_destroy(producer->rk);
  delete producer;
}

int32_t Produce(void* opaque, const ThalwegKafkaOutgoing* record, int32_t timeout_ms, char* error) {
  using Steady = std::chrono::steady_clock;
  auto* producer = static_cast<Producer*>(opaque);
  const auto until = Steady::now() + std::chrono::milliseconds(timeout_ms);
  while (true) {
    const rd_kafka_resp_err_t code = Enqueue(producer->rk, *record);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return kThalwegKafkaOk;
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) return Fail(code, *producer, error);
    if (Steady::now() >= until) {
      WriteError("the queue of unsent records stayed full: " + producer->Last(), error);
      return kThalwegKafkaUnreachable;
    }
    rd_kafka_poll(producer->rk, 10);
  }
}

int32_t Flush(void* opaque, int32_t timeout_ms, char* error) {
  auto* producer = static_cast<Producer*>(opaque);
  const rd_kafka_resp_err_t flushed = rd_kafka_flush(producer->rk, timeout_ms);
  std::lock_guard lock(producer->mutex);
  if (producer->failures > 0) {
    const rd_kafka_resp_err_t failed = producer->failed;
    producer->failures = 0;
    char text[kThalwegKafkaErrorBytes];
    const int32_t code = Fail(failed, *producer, text);
    WriteError("topic " + producer->topic + ": " + text, error);
    return code;
  }
  if (flushed == RD_KAFKA_RESP_ERR_NO_ERROR) return kThalwegKafkaOk;
  return Fail(flushed, *producer, error);
}

}  // namespace thalweg_kafka
