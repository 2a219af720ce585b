// Kafka's own Java clients and librdkafka name and write some settings differently: one table of
// what differs.
#include <algorithm>
#include <cctype>
#include <charconv>

#include "connectors/kafka/options.h"

namespace thalweg {
namespace {

struct Renamed {
  const char* java;
  const char* ours;  // nullptr: read elsewhere
};
constexpr Renamed kRenamed[] = {
    {"fetch.max.wait.ms", "fetch.wait.max.ms"},
    {"max.request.size", "message.max.bytes"},
    {"send.buffer.bytes", "socket.send.buffer.bytes"},
    {"receive.buffer.bytes", "socket.receive.buffer.bytes"},
    {"socket.connection.setup.timeout.max.ms", "socket.connection.setup.timeout.ms"},
    {"ssl.truststore.certificates", "ssl.ca.pem"},
    {"ssl.keystore.certificate.chain", "ssl.certificate.pem"},
    {"ssl.keystore.key", "ssl.key.pem"},
    {"ssl.keystore.password", "ssl.keystore.password"},
    {"sasl.mechanism", "sasl.mechanisms"},
    {"default.api.timeout.ms", nullptr},
    {"max.block.ms", nullptr},
    {"delivery.timeout.ms", nullptr},
    {"ssl.truststore.type", nullptr},
    {"ssl.keystore.type", nullptr},
};

/// Settings that the engine makes itself, with why. Spark refuses most of them too.
struct Refused {
  const char* key;
  const char* why;
};
constexpr Refused kRefused[] = {
    {"auto.offset.reset", "left out: startingOffsets says where a new query begins"},
    {"enable.auto.commit", "left out: the query log holds the offsets"},
    {"interceptor.classes", "left out: classes of Java cannot be loaded"},
    {"key.deserializer", "left out: keys are read as bytes; use a cast"},
    {"value.deserializer", "left out: values are read as bytes; use a cast"},
    {"key.serializer", "left out: keys are written as bytes"},
    {"value.serializer", "left out: values are written as bytes"},
    {"partitioner.class", "left out: classes of Java cannot be loaded; use the column partition"},
    {"transactional.id", "left out: the sink writes without transactions"},
};

Status Bad(const std::string& key, const char* wanted) {
  return Status::User("THALWEG_INVALID_OPTION",
                      {{"option", "kafka." + key}, {"value", "…"}, {"wanted", wanted}});
}

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// username="a" -> a, with \" and \\ undone; "" if it is not there.
std::string JaasField(const std::string& text, const std::string& name) {
  size_t at = text.find(name + "=");
  if (at == std::string::npos) return "";
  at += name.size() + 1;
  const char quote = at < text.size() ? text[at] : '\0';
  if (quote != '"' && quote != '\'') return text.substr(at, text.find_first_of(" ;", at) - at);
  std::string value;
  for (size_t i = at + 1; i < text.size() && text[i] != quote; ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    value += text[i];
  }
  return value;
}

/// "….PlainLoginModule required username="a" password="b";"
Status AddJaas(const std::string& text, KafkaSettings* settings) {
  const bool known = text.find("PlainLoginModule") != std::string::npos ||
                     text.find("ScramLoginModule") != std::string::npos;
  if (!known) {
    return NotSupportedYet("a sasl.jaas.config other than PlainLoginModule and ScramLoginModule");
  }
  const std::string user = JaasField(text, "username");
  if (user.empty()) return Bad("sasl.jaas.config", "one with username=\"…\" password=\"…\"");
  (*settings)["sasl.username"] = user;
  (*settings)["sasl.password"] = JaasField(text, "password");
  return Status::OK();
}

/// Files of certificates: PEM, and for the key store PKCS#12. Java's own JKS cannot be read.
Status AddStore(const std::string& key, const std::string& path, KafkaSettings* settings) {
  const std::string lower = Lower(path);
  const bool pkcs = lower.ends_with(".p12") || lower.ends_with(".pfx");
  const bool trust = key == "ssl.truststore.location";
  if (lower.ends_with(".jks") || (trust && pkcs)) {
    return Bad(key, trust ? "a PEM file (keytool -exportcert -rfc makes one)"
                          : "a PEM or PKCS#12 file (keytool -importkeystore makes one)");
  }
  if (trust) {
    (*settings)["ssl.ca.location"] = path;
  } else if (pkcs) {
    (*settings)["ssl.keystore.location"] = path;
  } else {
    (*settings)["ssl.certificate.location"] = path;
    (*settings)["ssl.key.location"] = path;
  }
  return Status::OK();
}

}  // namespace

Status AddKafkaSetting(const std::string& key, const std::string& value, bool reading,
                       KafkaSettings* settings) {
  for (const Refused& refused : kRefused) {
    if (key == refused.key) return Bad(key, refused.why);
  }
  if (key == "sasl.jaas.config") return AddJaas(value, settings);
  if (key == "ssl.truststore.location" || key == "ssl.keystore.location") {
    return AddStore(key, value, settings);
  }
  if (key == "ssl.endpoint.identification.algorithm") {
    (*settings)[key] = value.empty() ? "none" : Lower(value);
    return Status::OK();
  }
  if (key == "buffer.memory") {
    int64_t bytes = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), bytes);
    if (error != std::errc() || end != value.data() + value.size() || bytes < 1024) {
      return Bad(key, "a number of bytes, at least 1024");
    }
    (*settings)["queue.buffering.max.kbytes"] = std::to_string(bytes / 1024);
    return Status::OK();
  }
  if (key == "request.timeout.ms" && reading) {
    (*settings)["socket.timeout.ms"] = value;
    return Status::OK();
  }
  const auto* renamed = std::find_if(std::begin(kRenamed), std::end(kRenamed),
                                     [&](const Renamed& entry) { return key == entry.java; });
  if (renamed != std::end(kRenamed)) {
    if (renamed->ours != nullptr) (*settings)[renamed->ours] = value;
    return Status::OK();
  }
  const bool word = key == "security.protocol" || key == "isolation.level" ||
                    key == "compression.type" || key == "client.dns.lookup";
  (*settings)[key] = word ? Lower(value) : value;
  return Status::OK();
}

}  // namespace thalweg
