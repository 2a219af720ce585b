#include "formats/utf8.h"

#include <simdjson.h>

namespace thalweg {
namespace {

/// Bytes of the character that begins with `first`; 0: none does.
size_t CharacterBytes(uint8_t first) {
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/// Is `next` right behind the begin of a character?
bool MayFollow(std::string_view begin, uint8_t next) {
  if ((next & 0xC0) != 0x80) return false;
  if (begin.size() > 1) return true;
  switch (static_cast<uint8_t>(begin[0])) {
    case 0xE0:
      return next >= 0xA0;  // no overlong form
    case 0xED:
      return next < 0xA0;  // no surrogate
    case 0xF0:
      return next >= 0x90;
    case 0xF4:
      return next < 0x90;  // nothing above U+10FFFF
    default:
      return true;
  }
}

}  // namespace

bool IsValidUtf8(std::string_view bytes) {
  return simdjson::validate_utf8(bytes.data(), bytes.size());
}

void AppendRepairedUtf8(std::string_view bytes, std::string* out) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  for (size_t at = 0; at < bytes.size();) {
    const size_t wanted = CharacterBytes(static_cast<uint8_t>(bytes[at]));
    size_t right = 1;
    while (right < wanted && at + right < bytes.size() &&
           MayFollow(bytes.substr(at, right), static_cast<uint8_t>(bytes[at + right]))) {
      ++right;
    }
    *out += wanted > 0 && right == wanted ? bytes.substr(at, right) : kReplacement;
    at += right;
  }
}

void AppendUtf8(uint32_t code_point, std::string* out) {
  const auto tail = [&](int shift) {
    *out += static_cast<char>(0x80 | ((code_point >> shift) & 0x3F));
  };
  if (code_point < 0x80) {
    *out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    *out += static_cast<char>(0xC0 | (code_point >> 6));
    tail(0);
  } else if (code_point < 0x10000) {
    *out += static_cast<char>(0xE0 | (code_point >> 12));
    tail(6);
    tail(0);
  } else {
    *out += static_cast<char>(0xF0 | (code_point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace thalweg
