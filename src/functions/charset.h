// The character sets that encode and decode know. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace thalweg {

enum class Charset : uint8_t { kAscii, kLatin1, kUtf8, kUtf16, kUtf16Be, kUtf16Le, kUtf32 };

/// "UTF-8" and the like, in any case.
std::optional<Charset> FindCharset(std::string_view name);
/// Appends UTF-8 `text` in the set; false: a character that it has not.
bool EncodeText(std::string_view text, Charset charset, std::string* out);
/// Appends `bytes` of the set as UTF-8; false: no text in it.
bool DecodeText(std::string_view bytes, Charset charset, std::string* out);

/// The code point that begins `text`, which is not empty, in *point and its bytes as the result;
/// negative: that many bytes begin no character (Unicode's maximal subpart).
int NextCodePoint(std::string_view text, uint32_t* point);
/// Appends `text` with U+FFFD for what is no UTF-8.
void AppendValidUtf8(std::string_view text, std::string* out);

}  // namespace thalweg
