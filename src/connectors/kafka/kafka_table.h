// Tables on Kafka topics (provider `kafka`): read as streams or whole, written as batches or
// streams. Columns when read: key, value BINARY, topic STRING, partition INT, offset BIGINT,
// timestamp TIMESTAMP, timestampType INT and, with includeHeaders, headers. When written, the
// columns key, value, topic, partition and headers are taken, whatever their order. The client is
// opened when a query runs, not before.
#pragma once

#include "connectors/kafka/client.h"

namespace thalweg {

/// Errors: those of ReadKafkaReadOptions.
Result<TablePtr> MakeKafkaReadTable(KafkaClient& client, const Options& options, bool streaming);
/// Promise: at-least-once. Errors: those of ReadKafkaWriteOptions; a missing or unfit column.
Result<TablePtr> MakeKafkaWriteTable(KafkaClient& client, const Options& options,
                                     const SchemaPtr& schema);

}  // namespace thalweg
