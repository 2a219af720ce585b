#include "functions/charset.h"

#include <utility>

#include "data/type_text.h"
#include "functions/utf8.h"

namespace thalweg {
namespace {

constexpr std::pair<std::string_view, Charset> kCharsets[] = {
    {"US-ASCII", Charset::kAscii},   {"ISO-8859-1", Charset::kLatin1},
    {"UTF-8", Charset::kUtf8},       {"UTF-16", Charset::kUtf16},
    {"UTF-16BE", Charset::kUtf16Be}, {"UTF-16LE", Charset::kUtf16Le},
    {"UTF-32", Charset::kUtf32},
};

constexpr uint32_t kReplacement = 0xFFFD;

void AppendUnit(uint32_t unit, int bytes, bool little_endian, std::string* out) {
  for (int i = 0; i < bytes; ++i) {
    const int shift = little_endian ? 8 * i : 8 * (bytes - 1 - i);
    out->push_back(static_cast<char>(unit >> shift));
  }
}

uint32_t UnitAt(std::string_view bytes, size_t at, int size, bool little_endian) {
  uint32_t unit = 0;
  for (int i = 0; i < size; ++i) {
    const auto byte = static_cast<uint8_t>(bytes[at + (little_endian ? size - 1 - i : i)]);
    unit = unit << 8 | byte;
  }
  return unit;
}

bool AppendPoint(uint32_t point, Charset charset, std::string* out) {
  const bool little = charset == Charset::kUtf16Le;
  switch (charset) {
    case Charset::kAscii:
    case Charset::kLatin1:
      if (point > (charset == Charset::kAscii ? 0x7Fu : 0xFFu)) return false;
      out->push_back(static_cast<char>(point));
      return true;
    case Charset::kUtf8:
      AppendCodePoint(point, out);
      return true;
    case Charset::kUtf32:
      AppendUnit(point, 4, false, out);
      return true;
    default:
      if (point < 0x10000) {
        AppendUnit(point, 2, little, out);
      } else {
        AppendUnit(0xD800 + ((point - 0x10000) >> 10), 2, little, out);
        AppendUnit(0xDC00 + ((point - 0x10000) & 0x3FF), 2, little, out);
      }
      return true;
  }
}

bool DecodeUtf16(std::string_view bytes, bool little, std::string* out) {
  if (bytes.size() % 2 != 0) return false;
  for (size_t at = 0; at < bytes.size(); at += 2) {
    uint32_t point = UnitAt(bytes, at, 2, little);
    if (point >= 0xD800 && point < 0xE000) {
      if (point >= 0xDC00 || at + 4 > bytes.size()) return false;
      const uint32_t low = UnitAt(bytes, at + 2, 2, little);
      if (low < 0xDC00 || low >= 0xE000) return false;
      point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
      at += 2;
    }
    AppendCodePoint(point, out);
  }
  return true;
}

bool DecodeUtf32(std::string_view bytes, bool little, std::string* out) {
  if (bytes.size() % 4 != 0) return false;
  for (size_t at = 0; at < bytes.size(); at += 4) {
    const uint32_t point = UnitAt(bytes, at, 4, little);
    if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
    AppendCodePoint(point, out);
  }
  return true;
}

bool DecodeBytes(std::string_view bytes, uint8_t max, std::string* out) {
  for (const char c : bytes) {
    if (static_cast<uint8_t>(c) > max) return false;
    AppendCodePoint(static_cast<uint8_t>(c), out);
  }
  return true;
}

bool DecodeUtf8(std::string_view bytes, std::string* out) {
  for (size_t at = 0; at < bytes.size();) {
    uint32_t point = 0;
    const int length = NextCodePoint(bytes.substr(at), &point);
    if (length < 0) return false;
    at += static_cast<size_t>(length);
  }
  out->append(bytes);
  return true;
}

}  // namespace

std::optional<Charset> FindCharset(std::string_view name) {
  for (const auto& [known, charset] : kCharsets) {
    if (EqualsIgnoringCase(known, name)) return charset;
  }
  return std::nullopt;
}

// Bytes that are no text count as the replacement character.
bool EncodeText(std::string_view text, Charset charset, std::string* out) {
  if (charset == Charset::kUtf16 && !text.empty()) AppendUnit(0xFEFF, 2, false, out);
  for (size_t at = 0; at < text.size();) {
    uint32_t point = kReplacement;
    const int length = NextCodePoint(text.substr(at), &point);
    if (length < 0) point = kReplacement;
    at += static_cast<size_t>(length < 0 ? -length : length);
    if (!AppendPoint(point, charset, out)) return false;
  }
  return true;
}

bool DecodeText(std::string_view bytes, Charset charset, std::string* out) {
  switch (charset) {
    case Charset::kAscii:
      return DecodeBytes(bytes, 0x7F, out);
    case Charset::kLatin1:
      return DecodeBytes(bytes, 0xFF, out);
    case Charset::kUtf8:
      return DecodeUtf8(bytes, out);
    case Charset::kUtf16Be:
      return DecodeUtf16(bytes, false, out);
    case Charset::kUtf16Le:
      return DecodeUtf16(bytes, true, out);
    case Charset::kUtf16:
      if (bytes.starts_with("\xFF\xFE")) return DecodeUtf16(bytes.substr(2), true, out);
      return DecodeUtf16(bytes.substr(bytes.starts_with("\xFE\xFF") ? 2 : 0), false, out);
    default: {
      constexpr std::string_view kBig("\0\0\xFE\xFF", 4), kLittle("\xFF\xFE\0\0", 4);
      if (bytes.starts_with(kLittle)) return DecodeUtf32(bytes.substr(4), true, out);
      return DecodeUtf32(bytes.substr(bytes.starts_with(kBig) ? 4 : 0), false, out);
    }
  }
}

int NextCodePoint(std::string_view text, uint32_t* point) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) {
    *point = first;
    return 1;
  }
  if (first < 0xC2 || first > 0xF4) return -1;
  const int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  // The second byte of some first ones has a smaller range.
  uint8_t low = 0x80, high = 0xBF;
  if (first == 0xE0) low = 0xA0;
  if (first == 0xED) high = 0x9F;
  if (first == 0xF0) low = 0x90;
  if (first == 0xF4) high = 0x8F;
  *point = first & (0xFF >> (length + 1));
  for (int i = 1; i < length; ++i) {
    const auto at = static_cast<size_t>(i);
    if (at >= text.size() || byte(at) < low || byte(at) > high) return -i;
    *point = *point << 6 | (byte(at) & 0x3F);
    low = 0x80;
    high = 0xBF;
  }
  return length;
}

void AppendValidUtf8(std::string_view text, std::string* out) {
  for (size_t at = 0; at < text.size();) {
    uint32_t point = 0;
    const int length = NextCodePoint(text.substr(at), &point);
    const auto bytes = static_cast<size_t>(length < 0 ? -length : length);
    if (length < 0) {
      AppendCodePoint(kReplacement, out);
    } else {
      out->append(text.substr(at, bytes));
    }
    at += bytes;
  }
}

}  // namespace thalweg
