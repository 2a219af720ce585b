// Base64 (RFC 4648, with padding), as the corpus writes bytes. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace thalweg {

std::string ToBase64(std::string_view bytes);
/// Nothing for a text that is none.
std::optional<std::string> FromBase64(std::string_view text);

}  // namespace thalweg
