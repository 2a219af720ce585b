// Reading, for the function table: a consumer without a group, one queue per partition. Private to
// the module; the signatures are those of function_table.h.
#pragma once

#include "connectors/kafka/function_table.h"

namespace thalweg_kafka {

void* OpenConsumer(const ThalwegKafkaSetting* settings, int32_t count, char* error);
void CloseConsumer(void* consumer);
void SetWake(void* consumer, void (*wake)(void* opaque), void* opaque);
int32_t ListTopics(void* consumer, const ThalwegKafkaTopics* topics, int32_t timeout_ms,
                   char* error);
int32_t FindOffsets(void* consumer, ThalwegKafkaPosition* positions, int32_t count,
                    int32_t timeout_ms, char* error);
void* OpenPartition(void* consumer, const ThalwegKafkaPosition* from, char* error);
void ClosePartition(void* partition);
int32_t Fetch(void* partition, int32_t timeout_ms, ThalwegKafkaFetch* fetch, char* error);
int32_t CountHeaders(const ThalwegKafkaRecord* record);
void GetHeaders(const ThalwegKafkaRecord* record, ThalwegKafkaHeader* out);
void Release(ThalwegKafkaRecord* records, int32_t count);

}  // namespace thalweg_kafka
