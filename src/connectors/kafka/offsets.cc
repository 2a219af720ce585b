#include "connectors/kafka/offsets.h"

#include <charconv>

#include <nlohmann/json.hpp>

#include "data/json_text.h"

namespace thalweg {
namespace {

using nlohmann::json;

std::optional<int32_t> PartitionNumber(const std::string& text) {
  int32_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && number >= 0 ? std::optional<int32_t>(number) : std::nullopt;
}

}  // namespace

std::optional<KafkaOffsets> ParseKafkaOffsets(std::string_view text) {
  const json topics = json::parse(text, nullptr, false);
  if (!topics.is_object()) return std::nullopt;
  KafkaOffsets offsets;
  for (const auto& [topic, partitions] : topics.items()) {
    if (!partitions.is_object()) return std::nullopt;
    for (const auto& [name, offset] : partitions.items()) {
      const std::optional<int32_t> number = PartitionNumber(name);
      if (!number || !offset.is_number_integer()) return std::nullopt;
      offsets[{topic, *number}] = offset.get<int64_t>();
    }
  }
  return offsets;
}

std::optional<std::vector<KafkaPartition>> ParseKafkaPartitions(std::string_view text) {
  const json topics = json::parse(text, nullptr, false);
  if (!topics.is_object()) return std::nullopt;
  std::vector<KafkaPartition> all;
  for (const auto& [topic, partitions] : topics.items()) {
    if (!partitions.is_array()) return std::nullopt;
    for (const json& number : partitions) {
      if (!number.is_number_integer() || number.get<int64_t>() < 0) return std::nullopt;
      all.push_back({topic, number.get<int32_t>()});
    }
  }
  return all;
}

void PrintKafkaOffsets(const KafkaOffsets& offsets, std::string* out) {
  out->assign("{");
  const std::string* topic = nullptr;
  for (const auto& [partition, offset] : offsets) {
    if (topic == nullptr || *topic != partition.topic) {
      if (topic != nullptr) out->append("},");
      AppendJsonString(partition.topic, out);
      out->append(":{");
    } else {
      out->append(",");
    }
    topic = &partition.topic;
    out->append("\"" + std::to_string(partition.number) + "\":" + std::to_string(offset));
  }
  out->append(topic == nullptr ? "}" : "}}");
}

std::string NamesOf(const KafkaOffsets& offsets) {
  std::string names;
  for (const auto& [partition, offset] : offsets) {
    if (!names.empty()) names += ", ";
    names += partition.Name();
  }
  return names;
}

}  // namespace thalweg
