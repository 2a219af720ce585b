// The table itself.
#include "connectors/kafka/function_table.h"
#include "connectors/kafka/module/consumer.h"
#include "connectors/kafka/module/producer.h"

namespace {

const ThalwegKafkaFunctions kFunctions = {
    .version = kThalwegKafkaVersion,
    .open_consumer = thalweg_kafka::OpenConsumer,
    .close_consumer = thalweg_kafka::CloseConsumer,
    .set_wake = thalweg_kafka::SetWake,
    .list_topics = thalweg_kafka::ListTopics,
    .find_offsets = thalweg_kafka::FindOffsets,
    .open_partition = thalweg_kafka::OpenPartition,
    .close_partition = thalweg_kafka::ClosePartition,
    .fetch = thalweg_kafka::Fetch,
    .count_headers = thalweg_kafka::CountHeaders,
    .get_headers = thalweg_kafka::GetHeaders,
    .release = thalweg_kafka::Release,
    .open_producer = thalweg_kafka::OpenProducer,
    .close_producer = thalweg_kafka::CloseProducer,
    .produce = thalweg_kafka::Produce,
    .flush = thalweg_kafka::Flush,
};

}  // namespace

const ThalwegKafkaFunctions* thalweg_kafka_functions() {
  return &kFunctions;
}
