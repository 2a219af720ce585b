// Spark's hashes of values: Murmur3 (hash) and XXH64 (xxhash64), each value folded into the hash of
// those before it, NULL leaving it as it is. Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "data/vector.h"

namespace thalweg {

/// Murmur3_x86_32 as Spark has it: the bytes behind the last whole word are hashed one by one.
uint32_t Murmur3Int(uint32_t value, uint32_t seed);
uint32_t Murmur3Long(uint64_t value, uint32_t seed);
uint32_t Murmur3Bytes(std::string_view bytes, uint32_t seed);

/// The hash of a row of any type and encoding behind values whose hash is `seed`.
uint32_t Murmur3Of(const Vector& vector, int row, uint32_t seed);
uint64_t XxHash64Of(const Vector& vector, int row, uint64_t seed);

}  // namespace thalweg
