// Strings inside JSON text. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace thalweg {

/// `text` in quotes, escaped as JSON needs it and as Jackson does: ", \, control characters. Bytes
/// that are not UTF-8 are passed on.
void AppendJsonString(std::string_view text, std::string* out);

}  // namespace thalweg
