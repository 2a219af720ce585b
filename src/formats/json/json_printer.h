// JsonPrinter: values as JSON text, as Spark's JacksonGenerator prints them (to_json, JSON files).
// Holds a time zone's cursor: one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/time_zone.h"
#include "data/vector.h"
#include "formats/json/json_time_formats.h"

namespace thalweg {

struct JsonPrinterOptions {
  bool ignore_null_fields = true;  // of structs
  std::string session_zone = "UTC";
  bool sort_keys = false;  // of structs and maps, by name
  JsonTimeFormats formats = {};
};

class JsonPrinter {
 public:
  /// Errors: UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE (INTERVAL), THALWEG_NOT_SUPPORTED_YET (VARIANT,
  /// maps with nested or BINARY keys), INVALID_TIMEZONE.
  static Result<std::unique_ptr<JsonPrinter>> Make(const TypePtr& type,
                                                   const JsonPrinterOptions& options);
  /// Appends the value of `row` of a vector of the printer's type, "null" for NULL.
  void AppendValue(const Vector& vector, int row, std::string* out);
  /// The same for a STRUCT whose fields are the `columns`.
  void AppendObject(const Vector* columns, int row, std::string* out);

 private:
  struct Node {
    TypePtr type;
    std::vector<std::string> names;  // of fields, as "name":
    std::vector<int> order;          // in which they are printed
    std::vector<Node> children;
  };
  JsonPrinter(const TypePtr& type, const JsonPrinterOptions& options, const TimeZone& zone);
  Node MakeNode(const TypePtr& type) const;
  void Append(const Node& node, const Vector& vector, int row, std::string* out);
  void AppendFields(const Node& node, const Vector* fields, int row, std::string* out);
  void AppendElements(const Node& node, const Vector& vector, int row, std::string* out);
  void AppendEntries(const Node& node, const Vector& vector, int row, std::string* out);
  void AppendScalar(const DataType& type, const Vector& vector, int row, std::string* out);
  void AppendQuotedScalar(const DataType& type, const Vector& vector, int row, std::string* out);
  void AppendTimeScalar(const DataType& type, const Vector& vector, int row, std::string* out);
  void AppendKey(const DataType& type, const Vector& keys, int row, std::string* out);

  const JsonPrinterOptions options_;
  ZoneCursor zone_;
  const Node root_;
};

}  // namespace thalweg
