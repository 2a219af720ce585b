// JsonDecoder: JSON texts into Vectors, by Spark's rules (JacksonParser): a value of another type
// than its column's is NULL and leaves the rest of the record (a partial result), one wrong element
// makes its whole array or map NULL, unknown names are skipped and verified, a text that is no JSON
// gives nothing. Used line by line by the JSON reader and text by text by functions. Owns scratch:
// one thread at a time.
//
// Not as in Spark: a text of a time without a date ("10:15") is no TIMESTAMP, because it would mean
// another one each day; bytes that are not UTF-8 make the whole record malformed.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/memory.h"
#include "data/schema.h"
#include "data/vector.h"
#include "formats/json/json_cursor.h"
#include "formats/json/json_time_formats.h"

namespace thalweg {

class JsonValues;  // json_values.h

struct JsonDecoderOptions {
  JsonSyntax syntax;
  std::string session_zone = "UTC";
  /// A value that is no string goes into a STRING column as it stands in the text (files); else as
  /// Jackson prints it, without blanks (from_json).
  bool exact_strings = true;
  /// An array at the root is as many records as it has objects; else it is kFailed.
  bool arrays_of_records = true;
  JsonTimeFormats formats = {};
  /// A field that is not decoded by its name: the column of the corrupt record. -1: none.
  int skipped_field = -1;
};

enum class JsonOutcome : uint8_t {
  kOk,
  kPartial,    // some fields inside are NULL because their values have another type
  kFailed,     // the value has another type: NULL
  kMalformed,  // the text is no JSON: NULL
};

struct JsonRecord {
  JsonOutcome outcome = JsonOutcome::kOk;
  int rows = 0;  // 0 for a blank text and an empty array
};

class JsonDecoder {
 public:
  /// A decoder of values of `type`. Errors: UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE (INTERVAL),
  /// THALWEG_NOT_SUPPORTED_YET (VARIANT, CHAR and VARCHAR, maps whose keys are not strings),
  /// INVALID_TIMEZONE.
  static Result<std::unique_ptr<JsonDecoder>> Make(const TypePtr& type,
                                                   const JsonDecoderOptions& options);
  ~JsonDecoder();

  /// The record `text` of a STRUCT decoder into rows first_row … of the flat vectors `fields`, one
  /// per field: an object is a row, an array of objects is as many; anything else is kFailed or
  /// kMalformed and a row of NULLs. Rows behind those are left undefined. Strings without escapes
  /// are views into `block`, which holds the text, or copied if it is null.
  JsonRecord DecodeRecord(std::string_view text, const Buffer* block, Vector* fields,
                          int first_row);
  /// The value `text` of any type into row `row` of `out`; a blank text is kMalformed. An object
  /// is an ARRAY of objects with one element.
  JsonOutcome DecodeValue(std::string_view text, const Buffer* block, Vector* out, int row);
  /// Why the last text was not kOk: for messages.
  std::string Problem() const;

 private:
  explicit JsonDecoder(std::unique_ptr<JsonValues> values);
  void Begin(std::string_view text, const Buffer* block);
  friend class JsonLayoutDecoder;

  const std::unique_ptr<JsonValues> values_;
  std::string_view text_;  // of the last call
};

/// Writes NULL, also into what is nested (rows of children behind it are cut off); `row` is at most
/// the vector's size.
void SetJsonNull(Vector* vector, int row);
/// Cuts off the rows from `rows` on, also of what is nested.
void TruncateJson(Vector* vector, int rows);

}  // namespace thalweg
