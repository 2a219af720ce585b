// Base64 (RFC 4648, with padding, in one line): how JSON and CSV carry BINARY. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace thalweg {

void AppendBase64(std::string_view bytes, std::string* out);
/// Appends the bytes; false for text that is not padded base64.
bool DecodeBase64(std::string_view text, std::string* out);

}  // namespace thalweg
