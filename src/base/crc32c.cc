// CRC32C with the SSE4.2 instruction where the processor has it: three streams at a time for long
// inputs (the instruction takes three cycles but starts every cycle), joined by a table that
// appends kStreamBytes zero bytes to a CRC. Elsewhere eight bytes per step by tables.
#include "base/crc32c.h"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace thalweg {
namespace {

constexpr uint32_t kPolynomial = 0x82f63b78;  // reflected
constexpr size_t kStreamBytes = 512;

using CrcTable = std::array<uint32_t, 256>;

// kByteTables[k][b]: what byte b adds to the CRC, k zero bytes later.
constexpr std::array<CrcTable, 8> MakeByteTables() {
  std::array<CrcTable, 8> tables{};
  for (uint32_t b = 0; b < 256; ++b) {
    uint32_t crc = b;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? kPolynomial : 0);
    tables[0][b] = crc;
  }
  for (size_t k = 1; k < 8; ++k) {
    for (uint32_t b = 0; b < 256; ++b) {
      const uint32_t crc = tables[k - 1][b];
      tables[k][b] = (crc >> 8) ^ tables[0][crc & 255];
    }
  }
  return tables;
}
constexpr std::array<CrcTable, 8> kByteTables = MakeByteTables();

uint32_t UpdateByTables(uint32_t crc, const char* p, size_t length) {
  for (; length >= 8; length -= 8, p += 8) {
    uint64_t word;
    std::memcpy(&word, p, 8);
    word ^= crc;
    crc = 0;
    for (int k = 0; k < 8; ++k) crc ^= kByteTables[7 - k][(word >> (8 * k)) & 255];
  }
  for (; length > 0; --length, ++p) {
    crc = (crc >> 8) ^ kByteTables[0][(crc ^ static_cast<uint8_t>(*p)) & 255];
  }
  return crc;
}

#if defined(__x86_64__)
// kShift[k][b]: the CRC whose k-th byte is b and whose others are 0, after kStreamBytes zero bytes.
constexpr std::array<CrcTable, 4> MakeShiftTables() {
  std::array<CrcTable, 4> tables{};
  for (size_t k = 0; k < 4; ++k) {
    for (uint32_t bit = 1; bit < 256; bit <<= 1) {
      uint32_t crc = bit << (8 * k);
      for (size_t i = 0; i < kStreamBytes; ++i) crc = (crc >> 8) ^ kByteTables[0][crc & 255];
      for (uint32_t low = 0; low < bit; ++low) tables[k][bit | low] = crc ^ tables[k][low];
    }
  }
  return tables;
}
constexpr std::array<CrcTable, 4> kShift = MakeShiftTables();

uint32_t AppendZeros(uint32_t crc) {
  return kShift[0][crc & 255] ^ kShift[1][(crc >> 8) & 255] ^ kShift[2][(crc >> 16) & 255] ^
         kShift[3][crc >> 24];
}

uint64_t LoadWord(const char* p) {
  uint64_t word;
  std::memcpy(&word, p, 8);
  return word;
}

__attribute__((target("sse4.2"))) uint32_t UpdateByInstruction(uint32_t crc32, const char* p,
                                                               size_t length) {
  uint64_t crc = crc32;
  for (; length >= 3 * kStreamBytes; length -= 3 * kStreamBytes, p += 3 * kStreamBytes) {
    uint64_t second = 0, third = 0;
    for (size_t i = 0; i < kStreamBytes; i += 8) {
      crc = _mm_crc32_u64(crc, LoadWord(p + i));
      second = _mm_crc32_u64(second, LoadWord(p + kStreamBytes + i));
      third = _mm_crc32_u64(third, LoadWord(p + 2 * kStreamBytes + i));
    }
    crc = AppendZeros(static_cast<uint32_t>(crc)) ^ second;
    crc = AppendZeros(static_cast<uint32_t>(crc)) ^ third;
  }
  for (; length >= 8; length -= 8, p += 8) crc = _mm_crc32_u64(crc, LoadWord(p));
  uint32_t rest = static_cast<uint32_t>(crc);
  for (; length > 0; --length, ++p) rest = _mm_crc32_u8(rest, static_cast<uint8_t>(*p));
  return rest;
}
#endif

}  // namespace

namespace detail {
uint32_t Crc32cByTables(std::string_view bytes, uint32_t crc) {
  return ~UpdateByTables(~crc, bytes.data(), bytes.size());
}
}  // namespace detail

uint32_t Crc32c(std::string_view bytes, uint32_t crc) {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2");
  if (has_instruction) return ~UpdateByInstruction(~crc, bytes.data(), bytes.size());
#endif
  return detail::Crc32cByTables(bytes, crc);
}

}  // namespace thalweg
