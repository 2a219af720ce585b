// JSON with a member a line, as Jackson's default pretty printer writes it (to_json with 'pretty').
#pragma once

#include <string>
#include <string_view>

namespace thalweg {

/// `json` is well formed and has no blanks between its tokens.
std::string PrettyJson(std::string_view json);

}  // namespace thalweg
