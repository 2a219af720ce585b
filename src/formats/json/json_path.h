// JsonPath: "$.a[0].b" and the like, as get_json_object reads it, and what it finds in a JSON text.
// Immutable, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/json/json_cursor.h"

namespace thalweg {

/// The syntax of Spark's JSON functions that take no options.
inline JsonSyntax JsonFunctionSyntax() {
  JsonSyntax syntax;
  syntax.non_numeric_numbers = false;
  syntax.unquoted_control_characters = true;
  return syntax;
}

/// Reads the value there and appends it, strings without quotes; false where it is malformed.
bool AppendJsonAsText(JsonCursor& cursor, std::string* out);

class JsonPath {
 public:
  enum class Outcome : uint8_t { kOk, kMalformed, kIndexTooLarge };
  static Outcome Parse(std::string_view text, JsonPath* out);

  /// Appends what the path finds; false: nothing, or the text is no JSON as far as it was read
  /// (then `out` may have been appended to).
  bool Find(std::string_view json, std::string* out) const;

 private:
  friend class JsonPathWalk;
  struct Step {
    enum class Kind : uint8_t { kKey, kIndex, kEveryElement, kNothing };
    Kind kind;
    std::string key;
    int64_t index = 0;
  };
  std::vector<Step> steps_;
};

}  // namespace thalweg
