#include "functions/utf8.h"

#include <algorithm>

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/locid.h>
#include <unicode/unistr.h>

namespace thalweg {
namespace {

char AsciiUpper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}
char AsciiLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

icu::StringPiece Piece(std::string_view text) {
  return {text.data(), static_cast<int32_t>(text.size())};
}

}  // namespace

int CharacterCount(std::string_view text) {
  if (IsAscii(text)) return static_cast<int>(text.size());
  int count = 0;
  for (size_t at = 0; at < text.size(); at += CharacterBytes(text[at])) ++count;
  return count;
}

size_t CharacterOffset(std::string_view text, int64_t index) {
  size_t at = 0;
  for (; index > 0 && at < text.size(); --index) at += CharacterBytes(text[at]);
  return std::min(at, text.size());
}

std::string_view Characters(std::string_view text, int64_t from, int64_t to) {
  if (to <= from) return {};
  if (IsAscii(text)) {
    const auto size = static_cast<int64_t>(text.size());
    from = std::clamp<int64_t>(from, 0, size);
    to = std::clamp<int64_t>(to, 0, size);
    return text.substr(from, to - from);
  }
  const size_t begin = CharacterOffset(text, std::max<int64_t>(from, 0));
  const std::string_view rest = text.substr(begin);
  return rest.substr(0, CharacterOffset(rest, to - std::max<int64_t>(from, 0)));
}

uint32_t FirstCodePoint(std::string_view text, int* bytes) {
  const auto byte = [&](int i) { return static_cast<uint32_t>(static_cast<uint8_t>(text[i])); };
  *bytes = std::min<int>(CharacterBytes(text[0]), static_cast<int>(text.size()));
  switch (*bytes) {
    case 2:
      return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
    case 3:
      return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    case 4:
      return (byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 |
             (byte(3) & 0x3F);
    default:
      return byte(0);
  }
}

void AppendCodePoint(uint32_t c, std::string* out) {
  const auto put = [out](uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

int FindCharacters(std::string_view text, std::string_view needle, int64_t from) {
  if (from < 0) return 0;
  if (needle.empty()) return 1;
  const size_t begin = CharacterOffset(text, from);
  const size_t at = text.find(needle, begin);
  return at == std::string_view::npos ? 0 : CharacterCount(text.substr(0, at)) + 1;
}

void AppendUpper(std::string_view text, std::string* out) {
  if (IsAscii(text)) {
    for (const char c : text) out->push_back(AsciiUpper(c));
    return;
  }
  icu::StringByteSink<std::string> sink(out);
  UErrorCode error = U_ZERO_ERROR;
  icu::CaseMap::utf8ToUpper("", 0, Piece(text), sink, nullptr, error);
}

void AppendLower(std::string_view text, std::string* out) {
  if (IsAscii(text)) {
    for (const char c : text) out->push_back(AsciiLower(c));
    return;
  }
  icu::StringByteSink<std::string> sink(out);
  UErrorCode error = U_ZERO_ERROR;
  icu::CaseMap::utf8ToLower("", 0, Piece(text), sink, nullptr, error);
}

// A word begins behind a space, and nowhere else.
void AppendInitCap(std::string_view text, std::string* out) {
  std::string lower;
  AppendLower(text, &lower);
  bool begins = true;
  for (size_t at = 0; at < lower.size();) {
    int bytes = 1;
    const uint32_t c = FirstCodePoint(std::string_view(lower).substr(at), &bytes);
    if (begins && c >= 0x80) {
      icu::UnicodeString first(static_cast<UChar32>(c));
      first.toTitle(nullptr, icu::Locale::getRoot()).toUTF8String(*out);
    } else if (begins) {
      out->push_back(AsciiUpper(static_cast<char>(c)));
    } else {
      out->append(lower, at, bytes);
    }
    begins = c == ' ';
    at += bytes;
  }
}

}  // namespace thalweg
