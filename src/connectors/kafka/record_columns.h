// Records of Kafka as columns of a Batch. Pure functions.
#pragma once

#include <span>

#include "connectors/kafka/partition_buffer.h"
#include "data/batch.h"

namespace thalweg {

/// The columns of a Kafka table.
SchemaPtr KafkaReadSchema(bool include_headers);

/// ARRAY<STRUCT<key: STRING, value: BINARY>>
TypePtr KafkaHeadersType();

/// Fills `out` with the columns of `request` of the records, the first ones of `buffer`, copying
/// their bytes. Errors: KAFKA_MALFORMED_RECORD_TIMESTAMP.
Status FillKafkaColumns(const ScanRequest& request, const KafkaPartitionBuffer& buffer,
                        std::span<const KafkaRecord> records, Batch* out);

}  // namespace thalweg
