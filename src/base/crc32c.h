// CRC32C (Castagnoli), the checksum of every record and block that Thalweg writes.
#pragma once

#include <cstdint>
#include <string_view>

namespace thalweg {

/// CRC of `bytes`, continuing from `crc` (0 to begin).
uint32_t Crc32c(std::string_view bytes, uint32_t crc = 0);

namespace detail {
/// The same without the processor's instruction; for processors without it, and for tests.
uint32_t Crc32cByTables(std::string_view bytes, uint32_t crc = 0);
}  // namespace detail

}  // namespace thalweg
