// The options that from_json, to_json and their kin take as map('name', 'value', …), known while
// binding. Pure; any thread.
#pragma once

#include "formats/json/json_options.h"
#include "functions/nested_binding.h"

namespace thalweg {

struct JsonArgumentOptions {
  JsonOptions json;
  bool pretty = false;     // of to_json
  bool sort_keys = false;  // of to_json
  /// What is wrong with the options once a row is there: patterns that are none.
  Status late;
};

/// Argument i, if there is one. Errors: INVALID_OPTIONS.NON_MAP_FUNCTION and .NON_STRING_TYPE,
/// PARSE_MODE_UNSUPPORTED. Names that Spark does not know have no effect there and here.
Status ReadJsonArgument(const Binding& binding, int i, bool write, JsonArgumentOptions* out);

}  // namespace thalweg
