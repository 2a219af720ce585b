// Scanning of JSON strings sixteen bytes at a time. Any thread.
#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace thalweg {

/// The first quote ("', single or double), backslash or control character from `at` on, or `end`;
/// ors the bytes before it into `*all_bytes` (as far as their highest bits go).
inline const char* FindInString(const char* at, const char* end, uint8_t* all_bytes) {
#if defined(__SSE2__)
  while (end - at >= 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i quotes = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                        _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\'')));
    const __m128i control =
        _mm_cmpeq_epi8(_mm_max_epu8(bytes, _mm_set1_epi8(0x1F)), _mm_set1_epi8(0x1F));
    const __m128i stops =
        _mm_or_si128(_mm_or_si128(quotes, control), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    const unsigned stop_mask = static_cast<unsigned>(_mm_movemask_epi8(stops));
    const unsigned high_mask = static_cast<unsigned>(_mm_movemask_epi8(bytes));
    if (stop_mask != 0) {
      const int count = __builtin_ctz(stop_mask);
      if ((high_mask & ((1u << count) - 1)) != 0) *all_bytes |= 0x80;
      return at + count;
    }
    if (high_mask != 0) *all_bytes |= 0x80;
    at += 16;
  }
#endif
  for (; at != end; ++at) {
    const uint8_t c = static_cast<uint8_t>(*at);
    if (c == '"' || c == '\'' || c == '\\' || c < 0x20) return at;
    *all_bytes |= c;
  }
  return end;
}

}  // namespace thalweg
