// Scanners of the layout decoder: fast ways through the common forms of JSON values. Each returns
// where the value ends, or nullptr for a form that it leaves to JsonCursor (or that is malformed).
// They read up to 64 bytes behind what they are given; bytes of 0 stop them (LineReader's padding).
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "data/calendar.h"
#include "formats/json/json_scan.h"

namespace thalweg {

inline uint64_t LoadWord(const char* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

/// Whether `at` begins with the 32 bytes of `literal` as far as `mask` has bits.
inline bool BeginsWith(const char* at, const char* literal, uint32_t mask) {
#if defined(__AVX2__)
  const __m256i text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  const __m256i wanted = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(literal));
  const uint32_t equal =
      static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(text, wanted)));
  return (equal & mask) == mask;
#else
  return std::memcmp(at, literal, static_cast<size_t>(32 - __builtin_clz(mask | 1))) == 0;
#endif
}

/// The closing quote of the string whose first character is at `at`, or the backslash or control
/// character before it. `*not_ascii` tells whether the bytes before have a highest bit.
inline const char* FindStringEnd(const char* at, bool* not_ascii) {
  *not_ascii = false;
#if defined(__AVX2__)
  const __m256i control_max = _mm256_set1_epi8(0x1F);
  while (true) {
    const __m256i text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    const __m256i stops =
        _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(text, _mm256_set1_epi8('"')),
                                        _mm256_cmpeq_epi8(text, _mm256_set1_epi8('\\'))),
                        _mm256_cmpeq_epi8(_mm256_max_epu8(text, control_max), control_max));
    const uint32_t stop_mask = static_cast<uint32_t>(_mm256_movemask_epi8(stops));
    const uint32_t high_mask = static_cast<uint32_t>(_mm256_movemask_epi8(text));
    if (stop_mask != 0) {
      const int count = __builtin_ctz(stop_mask);
      *not_ascii |= (high_mask & ((1u << count) - 1)) != 0;
      return at + count;
    }
    *not_ascii |= high_mask != 0;
    at += 32;
  }
#else
  while (true) {
    const uint8_t c = static_cast<uint8_t>(*at);
    if (c == '"' || c == '\\' || c < 0x20) return at;
    *not_ascii |= c >= 0x80;
    ++at;
  }
#endif
}

/// A run of at most 19 digits: their value and count (0: none). Beyond 19 the value is undefined.
inline const char* ScanDigits(const char* at, uint64_t* value, int* count) {
  constexpr uint64_t kZeros = 0x3030303030303030, kHighBits = 0x8080808080808080;
  static constexpr uint64_t kPowers[] = {1,      10,      100,      1000,     10000,
                                         100000, 1000000, 10000000, 100000000};
  const char* const begin = at;
  uint64_t sum = 0;
  while (true) {
    uint64_t digits = LoadWord(at) ^ kZeros;
    const uint64_t stops = ((digits + 0x7676767676767676) | digits) & kHighBits;
    const int run = stops == 0 ? 8 : __builtin_ctzll(stops) >> 3;
    if (run > 0) {
      digits <<= 8 * (8 - run);
      digits = (digits * 10 + (digits >> 8)) & 0x00FF00FF00FF00FF;
      digits = (digits * 100 + (digits >> 16)) & 0x0000FFFF0000FFFF;
      digits = (digits * 10000 + (digits >> 32)) & 0x00000000FFFFFFFF;
      sum = sum * kPowers[run] + digits;
      at += run;
    }
    if (run < 8 || at - begin > 16) break;
  }
  *value = sum;
  *count = static_cast<int>(at - begin);
  return at;
}

/// A number as it stands: its digits as one number, how many of them are behind the point.
struct ScannedNumber {
  uint64_t digits = 0;
  int count = 0;     // digits in all, at most 18
  int fraction = 0;  // of them behind the point
  bool negative = false;
  bool is_integer = true;
};

/// Numbers of at most 18 digits without exponent.
inline const char* ScanNumber(const char* at, ScannedNumber* number) {
  static constexpr uint64_t kPowers[] = {1,
                                         10,
                                         100,
                                         1000,
                                         10000,
                                         100000,
                                         1000000,
                                         10000000,
                                         100000000,
                                         1000000000,
                                         10000000000,
                                         100000000000,
                                         1000000000000,
                                         10000000000000,
                                         100000000000000,
                                         1000000000000000,
                                         10000000000000000,
                                         100000000000000000,
                                         1000000000000000000};
  constexpr int kDigitsMax = 18;
  number->negative = *at == '-';
  at += number->negative;
  const char first = *at;
  at = ScanDigits(at, &number->digits, &number->count);
  if (number->count == 0 || number->count > kDigitsMax || (first == '0' && number->count > 1)) {
    return nullptr;
  }
  number->is_integer = *at != '.';
  number->fraction = 0;
  if (!number->is_integer) {
    uint64_t fraction = 0;
    at = ScanDigits(at + 1, &fraction, &number->fraction);
    number->count += number->fraction;
    if (number->fraction == 0 || number->count > kDigitsMax) return nullptr;
    number->digits = number->digits * kPowers[number->fraction] + fraction;
  }
  return (*at | 0x20) == 'e' ? nullptr : at;
}

inline bool ScanTwoDigits(const char* at, int* value) {
  const unsigned tens = static_cast<unsigned>(at[0] - '0');
  const unsigned ones = static_cast<unsigned>(at[1] - '0');
  *value = static_cast<int>(tens * 10 + ones);
  return tens < 10 && ones < 10;
}

/// yyyy-MM-dd, and the day of the text before if it is the same again.
class DateScanner {
 public:
  /// True if ten bytes from `at` on are a date.
  bool Scan(const char* at, int64_t* days) {
    if (LoadWord(at) == month_ && std::memcmp(at + 8, day_, 2) == 0) {
      *days = days_;
      return true;
    }
    int century, year, month, day;
    if (!ScanTwoDigits(at, &century) || !ScanTwoDigits(at + 2, &year) || at[4] != '-' ||
        !ScanTwoDigits(at + 5, &month) || at[7] != '-' || !ScanTwoDigits(at + 8, &day)) {
      return false;
    }
    year += 100 * century;
    if (month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month)) return false;
    month_ = LoadWord(at);
    std::memcpy(day_, at + 8, 2);
    *days = days_ = DaysFromCivil(year, month, day);
    return true;
  }

 private:
  uint64_t month_ = 0;  // the bytes yyyy-MM- of the last one
  char day_[2] = {};
  int64_t days_ = 0;
};

/// "yyyy-MM-dd(T| )HH:mm:ss[.f…][Z]" from the opening quote on: wall clock time in µs, and whether
/// there is a Z; behind the closing quote.
inline const char* ScanTimestamp(const char* at, DateScanner& dates, int64_t* us, bool* utc) {
  int hours, minutes, seconds;
  int64_t days;
  if (*at != '"' || !dates.Scan(at + 1, &days) || (at[11] != 'T' && at[11] != ' ')) return nullptr;
  if (!ScanTwoDigits(at + 12, &hours) || at[14] != ':' || !ScanTwoDigits(at + 15, &minutes) ||
      at[17] != ':' || !ScanTwoDigits(at + 18, &seconds)) {
    return nullptr;
  }
  if (hours > 23 || minutes > 59 || seconds > 59) return nullptr;
  at += 20;
  int64_t fraction_us = 0;
  if (*at == '.') {
    uint64_t fraction = 0;
    int count = 0;
    at = ScanDigits(at + 1, &fraction, &count);
    if (count == 0 || count > 6) return nullptr;
    for (int i = count; i < 6; ++i) fraction *= 10;
    fraction_us = static_cast<int64_t>(fraction);
  }
  *utc = *at == 'Z';
  at += *utc;
  *us = days * kMicrosPerDay + hours * kMicrosPerHour + minutes * kMicrosPerMinute +
        seconds * kMicrosPerSecond + fraction_us;
  return *at == '"' ? at + 1 : nullptr;
}

}  // namespace thalweg
