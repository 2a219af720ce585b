// What the files of the Kafka module share: settings into a librdkafka configuration, errors into
// codes and texts, and the last thing the library complained about. Private to the module.
#pragma once

#include <mutex>
#include <string>

#include <librdkafka/rdkafka.h>

#include "connectors/kafka/function_table.h"

namespace thalweg_kafka {

/// Remembers what the library last complained about, for the text of a timeout: a call that got no
/// answer does not know why. Its address is the opaque of the configuration. Thread-safe.
class Complaints {
 public:
  void Note(const char* text);
  std::string Last() const;

 private:
  mutable std::mutex mutex_;
  std::string last_;
};

void WriteError(const std::string& text, char* error);
int32_t CodeOf(rd_kafka_resp_err_t code);
/// Writes the text of `code`, with the last complaint where the brokers are out of reach.
int32_t Fail(rd_kafka_resp_err_t code, const Complaints& complaints, char* error);
/// nullptr with a text if a setting is unknown or its value is bad.
rd_kafka_conf_t* MakeConf(const ThalwegKafkaSetting* settings, int32_t count,
                          Complaints* complaints, char* error);

}  // namespace thalweg_kafka
