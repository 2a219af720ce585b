// Escapes of string literals, as ParserUtils.unescapeSQLString reads them.
#include <cstdint>

#include "sql/token.h"

namespace thalweg {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The code point of `digits` hex digits at `at`, -1 if they are not there.
int64_t HexAt(std::string_view body, size_t at, int digits) {
  if (at + digits > body.size()) return -1;
  int64_t code = 0;
  for (int i = 0; i < digits; ++i) {
    const int digit = HexDigit(body[at + i]);
    if (digit < 0) return -1;
    code = code * 16 + digit;
  }
  return code;
}

void AppendUtf8(int64_t code, std::string* out) {
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out->push_back(static_cast<char>(0xC0 | code >> 6));
    out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else if (code < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | code >> 12));
    out->push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else {
    out->push_back(static_cast<char>(0xF0 | code >> 18));
    out->push_back(static_cast<char>(0x80 | (code >> 12 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
  }
}

/// \uXXXX, joining a pair of surrogates; returns the bytes taken after the backslash, 0 if it is
/// no such escape.
size_t AppendShortUnicode(std::string_view body, size_t at, std::string* out) {
  const int64_t code = HexAt(body, at + 1, 4);
  if (code < 0) return 0;
  if (code >= 0xD800 && code < 0xDC00 && body.substr(at + 5, 2) == "\\u") {
    const int64_t low = HexAt(body, at + 7, 4);
    if (low >= 0xDC00 && low < 0xE000) {
      AppendUtf8(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), out);
      return 11;
    }
  }
  AppendUtf8(code, out);
  return 5;
}

/// \ooo with a first digit 0 to 3.
size_t AppendOctal(std::string_view body, size_t at, std::string* out) {
  if (at + 3 > body.size() || body[at] > '3') return 0;
  int code = 0;
  for (size_t i = at; i < at + 3; ++i) {
    if (body[i] < '0' || body[i] > '7') return 0;
    code = code * 8 + (body[i] - '0');
  }
  AppendUtf8(code, out);
  return 3;
}

size_t AppendNumericEscape(std::string_view body, size_t at, std::string* out) {
  const char c = body[at];
  if (c == 'u') return AppendShortUnicode(body, at, out);
  if (c == 'U') {
    const int64_t code = HexAt(body, at + 1, 8);
    if (code < 0 || code > 0x10FFFF) return 0;
    AppendUtf8(code, out);
    return 9;
  }
  if (c >= '0' && c <= '3') return AppendOctal(body, at, out);
  return 0;
}

void AppendSimpleEscape(char c, std::string* out) {
  switch (c) {
    case '0':
      return out->push_back('\0');
    case 'b':
      return out->push_back('\b');
    case 'n':
      return out->push_back('\n');
    case 'r':
      return out->push_back('\r');
    case 't':
      return out->push_back('\t');
    case 'Z':
      return out->push_back('\x1A');
    case '%':  // kept for LIKE
    case '_':
      out->push_back('\\');
      return out->push_back(c);
    default:
      return out->push_back(c);
  }
}

}  // namespace

std::string UnescapeString(std::string_view body, char quote) {
  std::string out;
  out.reserve(body.size());
  for (size_t i = 0; i < body.size(); ++i) {
    if (body[i] == quote && i + 1 < body.size() && body[i + 1] == quote) {
      out.push_back(quote);
      ++i;
    } else if (body[i] == '\\' && i + 1 < body.size()) {
      const size_t taken = AppendNumericEscape(body, i + 1, &out);
      if (taken == 0) AppendSimpleEscape(body[i + 1], &out);
      i += taken == 0 ? 1 : taken;
    } else {
      out.push_back(body[i]);
    }
  }
  return out;
}

}  // namespace thalweg
