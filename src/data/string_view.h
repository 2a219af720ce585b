// StringView: a string value inside a Vector, 16 bytes (the layout of Arrow's BinaryView).
//
//   length <= 12:  | length u32 | bytes, zero padded to 12                    |
//   length  > 12:  | length u32 | first 4 bytes | pointer to all bytes (u64)  |
//
// It points into a Buffer that its Vector lists and never outlives the epoch (DESIGN.md §4.1):
// whoever keeps a string copies the bytes into an arena of its own. Held as two words, so that
// making and moving views stays in registers (bytes written singly and read as words stall).
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace thalweg {

class StringView {
 public:
  static constexpr uint32_t kInlineBytes = 12;

  StringView() = default;
  StringView(const char* data, uint32_t length) : low_(length) {
    if (length > kInlineBytes) {
      low_ |= static_cast<uint64_t>(Load32(data)) << 32;
      high_ = reinterpret_cast<uint64_t>(data);
    } else {
      SetInline(data, length);
    }
  }
  explicit StringView(std::string_view text)
      : StringView(text.data(), static_cast<uint32_t>(text.size())) {}

  uint32_t size() const { return static_cast<uint32_t>(low_); }
  bool empty() const { return size() == 0; }
  bool is_inline() const { return size() <= kInlineBytes; }
  /// Valid while this object (if inline) or the pointed-to block lives.
  const char* data() const {
    if (is_inline()) return reinterpret_cast<const char*>(this) + sizeof(uint32_t);
    return reinterpret_cast<const char*>(high_);
  }
  std::string_view view() const { return {data(), size()}; }
  /// The bytes of an inline view as a number, the first one lowest.
  unsigned __int128 inline_bytes() const {
    return static_cast<unsigned __int128>(high_) << 32 | low_ >> 32;
  }

  bool operator==(const StringView& other) const {
    if (low_ != other.low_) return false;  // length or prefix
    if (high_ == other.high_) return true;
    return !is_inline() && std::memcmp(data(), other.data(), size()) == 0;
  }
  /// Unsigned byte order: Spark's UTF8_BINARY.
  int Compare(const StringView& other) const {
    const uint32_t a = __builtin_bswap32(static_cast<uint32_t>(low_ >> 32));
    const uint32_t b = __builtin_bswap32(static_cast<uint32_t>(other.low_ >> 32));
    if (a != b) return a < b ? -1 : 1;
    const uint32_t n = size() < other.size() ? size() : other.size();
    const int c = std::memcmp(data(), other.data(), n);
    if (c != 0) return c;
    return size() < other.size() ? -1 : size() > other.size();
  }

 private:
  static uint32_t Load32(const char* p) {
    uint32_t v;
    std::memcpy(&v, p, sizeof(v));
    return v;
  }
  static uint64_t Load64(const char* p) {
    uint64_t v;
    std::memcpy(&v, p, sizeof(v));
    return v;
  }
  // Loads that overlap instead of a copy of variable length.
  void SetInline(const char* data, uint32_t length) {
    if (length >= 8) {
      const uint64_t first = Load64(data);
      low_ |= first << 32;
      high_ = first >> 32 | static_cast<uint64_t>(Load32(data + length - 4)) << 8 * (length - 8);
    } else if (length >= 4) {
      low_ |= static_cast<uint64_t>(Load32(data)) << 32;
      high_ = static_cast<uint64_t>(Load32(data + length - 4)) >> 8 * (8 - length);
    } else if (length > 0) {
      const auto byte = [data](uint32_t i) {
        return static_cast<uint64_t>(static_cast<uint8_t>(data[i])) << (32 + 8 * i);
      };
      low_ |= byte(0) | byte(length / 2) | byte(length - 1);
    }
  }

  uint64_t low_ = 0;   // length and the first 4 bytes
  uint64_t high_ = 0;  // the other bytes, or the pointer
};
static_assert(sizeof(StringView) == 16);

/// Spark's CalendarInterval (the legacy interval type).
struct CalendarInterval {
  int32_t months = 0;
  int32_t days = 0;
  int64_t us = 0;
  bool operator==(const CalendarInterval&) const = default;
};
static_assert(sizeof(CalendarInterval) == 16);

}  // namespace thalweg
