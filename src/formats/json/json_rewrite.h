// JSON values as Jackson prints them again: without blanks, numbers with a fraction as Java prints
// doubles. That is what from_json gives for a value that is no string in a STRING column.
#pragma once

#include <string>

#include "formats/json/json_cursor.h"

namespace thalweg {

/// Reads one value and appends it; false where the text is malformed.
bool RewriteJson(JsonCursor& cursor, std::string* out);

}  // namespace thalweg
