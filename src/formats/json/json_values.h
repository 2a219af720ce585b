// JsonValues: the reading of JSON values of given types into rows of flat Vectors; what JsonDecoder
// and the layout decoder share. Rules: json_decoder.h. Inside the room only; one thread at a time.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/time_zone.h"
#include "formats/json/json_cursor.h"
#include "formats/json/json_decoder.h"

namespace thalweg {

/// A type with what is needed to read it; nested like the type.
struct JsonNode {
  TypePtr type;
  std::string path;  // "a.b", for messages
  std::vector<JsonNode> children;
  std::unordered_map<std::string_view, int> fields;  // of a STRUCT, by name
  std::vector<uint64_t> seen;                        // the object that had the field last
  uint64_t objects = 0;
};

class JsonValues {
 public:
  /// `type` is one that JsonDecoder::Make accepts.
  JsonValues(const TypePtr& type, const JsonDecoderOptions& options, const TimeZone& zone);

  const JsonDecoderOptions& options() const { return options_; }
  JsonCursor& cursor() { return cursor_; }
  JsonNode& root() { return root_; }
  const TimeZone& zone() const { return zone_.zone(); }
  /// The block that holds the texts to come; null: none does.
  void SetBlock(const Buffer* block) { block_ = block; }
  /// Whose value first had another type since ForgetFailure; null: none.
  const JsonNode* failed() const { return failed_; }
  void ForgetFailure() { failed_ = nullptr; }

  /// The value that the cursor stands before into `row`, which is undefined where the outcome is
  /// kFailed (the caller makes it NULL) or kMalformed.
  JsonOutcome ReadValue(JsonNode& node, Vector* out, int row);
  /// A value of the root's type; an object where an array of objects is wanted is its element.
  JsonOutcome ReadRoot(Vector* out, int row);
  /// The object there; `fields` are vectors, one per field.
  JsonOutcome ReadObject(JsonNode& node, Vector* fields, int row);
  /// The array of objects there, a row each.
  JsonOutcome ReadRootArray(Vector* fields, int first_row, int* rows);
  JsonOutcome SkipAsFailed(const JsonNode& node);

 private:
  JsonOutcome ReadArray(JsonNode& node, Vector* out, int row);
  JsonOutcome ReadMap(JsonNode& node, Vector* out, int row);
  JsonOutcome ReadScalar(JsonNode& node, JsonKind kind, Vector* out, int row);
  JsonOutcome ReadText(JsonNode& node, Vector* out, int row);
  JsonOutcome ReadAsString(JsonKind kind, Vector* out, int row);
  void StoreText(const JsonText& text, Vector* out, int row);
  int FindField(const JsonNode& node, const JsonText& name, int* expected);

  const JsonDecoderOptions options_;
  JsonCursor cursor_;
  ZoneCursor zone_;
  JsonNode root_;
  const Buffer* block_ = nullptr;
  std::string scratch_;
  const JsonNode* failed_ = nullptr;
};

}  // namespace thalweg
