// Characters of UTF-8 text as Spark's UTF8String counts them: by the first byte of each, whatever
// follows; a byte that begins nothing counts as one character. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace thalweg {

/// Bytes of the character that begins with `first`, 1 for a byte that cannot begin one.
inline int CharacterBytes(char first) {
  const auto byte = static_cast<uint8_t>(first);
  if (byte < 0xC2) return 1;
  if (byte < 0xE0) return 2;
  if (byte < 0xF0) return 3;
  return byte < 0xF5 ? 4 : 1;
}

inline bool IsAscii(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

/// Number of characters.
int CharacterCount(std::string_view text);
/// Byte position of character `index` (0-based), text.size() behind the last one.
size_t CharacterOffset(std::string_view text, int64_t index);
/// Characters [from, to), clipped to the text.
std::string_view Characters(std::string_view text, int64_t from, int64_t to);
/// Code point of the character that begins `text`, which is not empty; its bytes in `*bytes`.
uint32_t FirstCodePoint(std::string_view text, int* bytes);
void AppendCodePoint(uint32_t code_point, std::string* out);

/// 1-based position in characters of `needle` at or behind character `from` (0-based); 0: none.
int FindCharacters(std::string_view text, std::string_view needle, int64_t from);

/// UPPER and LOWER by Unicode's full mappings (root locale), word-initial capitals by title case.
void AppendUpper(std::string_view text, std::string* out);
void AppendLower(std::string_view text, std::string* out);
void AppendInitCap(std::string_view text, std::string* out);

}  // namespace thalweg
