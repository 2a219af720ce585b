// The hash of keys and its use: shard from the top 6 bits, slot from the next 32. Function and seed
// are part of the state format version: changing them changes every file of state (DESIGN.md §4.6).
#pragma once

#include <cstdint>
#include <cstring>

namespace thalweg {

inline constexpr int kShardCount = 64;

inline uint64_t HashWord(uint64_t x) {
  x *= 0x9E3779B97F4A7C15ull;
  x ^= x >> 32;
  return x * 0xD6E8FEB86659FD93ull;
}

/// What stands for the hash of a NULL key, where the key codec flags NULLs apart.
inline constexpr uint64_t kNullKeyHash = 0x6E756C6C6B657921ull;

inline int ShardOf(uint64_t hash) {
  return static_cast<int>(hash >> 58);
}

namespace detail {
inline uint64_t MultiplyFold(uint64_t a, uint64_t b) {
  const unsigned __int128 m = static_cast<unsigned __int128>(a) * b;
  return static_cast<uint64_t>(m) ^ static_cast<uint64_t>(m >> 64);
}
inline uint64_t Load64(const char* p) {
  uint64_t v;
  std::memcpy(&v, p, 8);
  return v;
}
}  // namespace detail

/// HashBytes of at most 16 bytes: x and y are the first and the last 8 of them or, of fewer than 8
/// bytes, all of them zero-extended and 0.
inline uint64_t HashShortBytes(uint64_t x, uint64_t y, uint32_t length) {
  const uint64_t seed = 0x2d358dccaa6c78a5ull ^ length;
  return detail::MultiplyFold(x ^ 0x8bb84b93962eacc9ull, y ^ seed) * 0x9E3779B97F4A7C15ull;
}

/// Hash of a byte string (wyhash's scheme of multiply and fold over 16-byte steps).
inline uint64_t HashBytes(const char* p, uint32_t length) {
  using detail::Load64;
  using detail::MultiplyFold;
  constexpr uint64_t k0 = 0x8bb84b93962eacc9ull, k1 = 0x4b33a62ed433d4a3ull;
  uint64_t seed = 0x2d358dccaa6c78a5ull ^ length;
  if (length <= 16) {
    uint64_t x = 0, y = 0;
    if (length >= 8) {
      x = Load64(p);
      y = Load64(p + length - 8);
    } else {
      std::memcpy(&x, p, length);
    }
    return HashShortBytes(x, y, length);
  }
  uint32_t left = length;
  for (; left > 16; left -= 16, p += 16) {
    seed = MultiplyFold(Load64(p) ^ k0, Load64(p + 8) ^ seed);
  }
  return MultiplyFold(Load64(p + left - 16) ^ k1, Load64(p + left - 8) ^ seed) *
         0x9E3779B97F4A7C15ull;
}

}  // namespace thalweg
