// Writing, for the function table. Private to the module; the signatures are those of
// function_table.h.
#pragma once

#include "connectors/kafka/function_table.h"

namespace thalweg_kafka {

void* OpenProducer(const ThalwegKafkaSetting* settings, int32_t count, char* error);
void CloseProducer(void* producer);
int32_t Produce(void* producer, const ThalwegKafkaOutgoing* record, int32_t timeout_ms,
                char* error);
int32_t Flush(void* producer, int32_t timeout_ms, char* error);

}  // namespace thalweg_kafka
