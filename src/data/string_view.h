// StringView: a string value inside a Vector, 16 bytes (the layout of Arrow's BinaryView).
//
//   length <= 12:  | length u32 | bytes, zero padded to 12                    |
//   length  > 12:  | length u32 | first 4 bytes | pointer to all bytes (u64)  |
//
// It points into a Buffer that its Vector lists and never outlives the epoch (DESIGN.md §4.1):
// whoever keeps a string copies the bytes into an arena of its own.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace thalweg {

class StringView {
 public:
  static constexpr uint32_t kInlineBytes = 12;

  StringView() : length_(0), inline_{} {}
  StringView(const char* data, uint32_t length) : length_(length), inline_{} {
    if (length <= kInlineBytes) {
      std::memcpy(inline_, data, length);
    } else {
      std::memcpy(inline_, data, 4);
      std::memcpy(inline_ + 4, &data, sizeof(data));
    }
  }
  explicit StringView(std::string_view text)
      : StringView(text.data(), static_cast<uint32_t>(text.size())) {}

  uint32_t size() const { return length_; }
  bool empty() const { return length_ == 0; }
  bool is_inline() const { return length_ <= kInlineBytes; }
  /// Valid while this object (if inline) or the pointed-to block lives.
  const char* data() const {
    if (is_inline()) return inline_;
    const char* p;
    std::memcpy(&p, inline_ + 4, sizeof(p));
    return p;
  }
  std::string_view view() const { return {data(), length_}; }

  bool operator==(const StringView& other) const {
    uint64_t a, b;
    std::memcpy(&a, this, 8);
    std::memcpy(&b, &other, 8);
    if (a != b) return false;  // length or prefix
    if (is_inline()) return std::memcmp(inline_ + 4, other.inline_ + 4, 8) == 0;
    return std::memcmp(data(), other.data(), length_) == 0;
  }
  /// Unsigned byte order: Spark's UTF8_BINARY.
  int Compare(const StringView& other) const {
    const uint32_t n = length_ < other.length_ ? length_ : other.length_;
    const int c = std::memcmp(data(), other.data(), n);
    if (c != 0) return c;
    return length_ < other.length_ ? -1 : length_ > other.length_;
  }

 private:
  uint32_t length_;
  char inline_[12];
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
