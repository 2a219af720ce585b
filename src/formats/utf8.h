// Whether bytes are UTF-8 (no overlong forms, no surrogates, nothing above
// U+10FFFF). Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace thalweg {

bool IsValidUtf8(std::string_view bytes);
/// Appends the bytes with U+FFFD for what is no UTF-8, as Java's decoder puts
/// it: one for the longest begin of a character, else one a byte.
void AppendRepairedUtf8(std::string_view bytes, std::string* out);
/// Appends the code point, which is no surrogate.
void AppendUtf8(uint32_t code_point, std::string* out);

}  // namespace thalweg
