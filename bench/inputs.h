// Inputs of the benchmarks: batches of 1,024 rows made before the clock starts, from numbers that
// are the same in every run. Operator and limit program read the same memory.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "data/batch.h"

namespace thalweg {

/// SplitMix64: number `index` of the sequence `seed`.
uint64_t NumberAt(uint64_t seed, uint64_t index);

/// `rows` rows in batches of kBatchRows. All columns are reset to flat; `fill` writes row `i` of
/// `batch`, which is row `row` of the input.
std::vector<Batch> MakeBatches(const SchemaPtr& schema, int64_t rows,
                               const std::function<void(int64_t row, int i, Batch* batch)>& fill);

/// One BIGINT column "k": `rows` rows, uniformly one of the keys 0 … keys - 1.
std::vector<Batch> UniformKeys(int64_t rows, int64_t keys);
/// Every key once, scattered.
std::vector<Batch> EveryKey(int64_t keys);
/// One STRING column "k" of 20 bytes: "campaign-00000000042".
std::vector<Batch> UniformStrings(int64_t rows, int64_t keys);
std::vector<Batch> EveryString(int64_t keys);
/// "ts" TIMESTAMP and "k" BIGINT: 1 M events a second of event time, up to 10 ms out of order.
std::vector<Batch> Events(int64_t rows, int64_t keys);

int64_t RowCount(const std::vector<Batch>& batches);

}  // namespace thalweg
