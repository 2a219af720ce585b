// Offsets of Kafka as JSON text in Spark's form, {"topic":{"0":23,"1":-1}}: sorted by topic, then
// by partition number. Pure functions.
#pragma once

#include <optional>

#include "connectors/kafka/client.h"

namespace thalweg {

/// Nothing if the text is not of this form.
std::optional<KafkaOffsets> ParseKafkaOffsets(std::string_view json);
/// {"topic":[0,1]}; nothing if the text is not of this form.
std::optional<std::vector<KafkaPartition>> ParseKafkaPartitions(std::string_view json);
void PrintKafkaOffsets(const KafkaOffsets& offsets, std::string* json);
/// "a-0, a-1", for messages.
std::string NamesOf(const KafkaOffsets& offsets);

}  // namespace thalweg
