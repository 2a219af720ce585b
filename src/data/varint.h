// LEB128: unsigned numbers in 7-bit groups, lowest first. For codecs that store lengths.
#pragma once

#include <cstdint>

namespace thalweg {

inline uint32_t VarintBytes(uint32_t value) {
  uint32_t bytes = 1;
  for (; value >= 0x80; value >>= 7) ++bytes;
  return bytes;
}

/// Writes at most 5 bytes; returns the end.
inline uint8_t* WriteVarint(uint32_t value, uint8_t* out) {
  for (; value >= 0x80; value >>= 7) *out++ = static_cast<uint8_t>(value | 0x80);
  *out++ = static_cast<uint8_t>(value);
  return out;
}

/// The end of the number, nullptr if it is cut off at `end` or longer than 32 bits.
inline const uint8_t* ReadVarint(const uint8_t* p, const uint8_t* end, uint32_t* value) {
  if (p < end && *p < 0x80) {
    *value = *p;
    return p + 1;
  }
  uint64_t result = 0;
  for (int shift = 0; p < end && shift < 35; shift += 7) {
    const uint8_t byte = *p++;
    result |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) {
      *value = static_cast<uint32_t>(result);
      return result <= UINT32_MAX ? p : nullptr;
    }
  }
  return nullptr;
}

}  // namespace thalweg
