// Whether bytes are UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF). Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace thalweg {

bool IsValidUtf8(std::string_view bytes);
/// Appends the code point, which is no surrogate.
void AppendUtf8(uint32_t code_point, std::string* out);

}  // namespace thalweg
