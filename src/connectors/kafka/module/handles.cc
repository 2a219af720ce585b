#include "connectors/kafka/module/handles.h"

#include <cstdio>
#include <cstring>

namespace thalweg_kafka {
namespace {

void TakeLog(const rd_kafka_t* rk, int level, const char* about, const char* text) {
  constexpr int kWarning = 4;  // syslog's
  if (level > kWarning || rk == nullptr || std::strcmp(about, "CONFWARN") == 0) return;
  auto* complaints = static_cast<Complaints*>(rd_kafka_opaque(rk));
  if (complaints != nullptr) complaints->Note(text);
}

}  // namespace

void Complaints::Note(const char* text) {
  const char* said = std::strstr(text, "]: ");  // behind "[thrd:main"
  std::lock_guard lock(mutex_);
  last_ = said == nullptr ? text : said + 3;
}

std::string Complaints::Last() const {
  std::lock_guard lock(mutex_);
  return last_;
}

void WriteError(const std::string& text, char* error) {
  std::snprintf(error, kThalwegKafkaErrorBytes, "%s", text.c_str());
}

int32_t CodeOf(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      return kThalwegKafkaOk;
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__WAIT_CACHE:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
    case RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE:
      return kThalwegKafkaUnreachable;
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return kThalwegKafkaUnknownTopic;
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
      return kThalwegKafkaOutOfRange;
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
      return kThalwegKafkaRefused;
    default:
      return kThalwegKafkaOther;
  }
}

int32_t Fail(rd_kafka_resp_err_t code, const Complaints& complaints, char* error) {
  std::string text = rd_kafka_err2str(code);
  const std::string last = complaints.Last();
  const int32_t kind = CodeOf(code);
  if (kind == kThalwegKafkaUnreachable && !last.empty()) text += ": " + last;
  WriteError(text, error);
  if (kind != kThalwegKafkaUnreachable) return kind;
  // A refused login looks like silence to the call that waits.
  const bool login = last.find("uthentication fail") != std::string::npos;
  return login ? static_cast<int32_t>(kThalwegKafkaRefused) : kind;
}

rd_kafka_conf_t* MakeConf(const ThalwegKafkaSetting* settings, int32_t count,
                          Complaints* complaints, char* error) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set_opaque(conf, complaints);
  rd_kafka_conf_set_log_cb(conf, TakeLog);
  for (int32_t i = 0; i < count; ++i) {
    char text[kThalwegKafkaErrorBytes];
    const auto result =
        rd_kafka_conf_set(conf, settings[i].key, settings[i].value, text, sizeof text);
    if (result == RD_KAFKA_CONF_OK) continue;
    WriteError(text, error);
    rd_kafka_conf_destroy(conf);
    return nullptr;
  }
  return conf;
}

}  // namespace thalweg_kafka
