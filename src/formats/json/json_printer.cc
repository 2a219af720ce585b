#include "formats/json/json_printer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "data/json_text.h"
#include "data/text.h"
#include "data/value.h"
#include "formats/base64.h"
#include "formats/iso_time.h"
#include "formats/row_text_writer.h"

namespace thalweg {
namespace {

Status CheckType(const DataType& type, const std::string& path) {
  const std::string column = path.empty() ? "" : " (column " + path + ")";
  if (type.Is(TypeKind::kCalendarInterval)) {
    return Status::User("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
                        {{"format", "JSON"}, {"columnName", path}, {"columnType", type.Sql()}});
  }
  if (type.Is(TypeKind::kVariant)) return NotSupportedYet("VARIANT as JSON" + column);
  if (type.Is(TypeKind::kMap)) {
    const DataType& key = *type.key();
    if (!key.fields().empty() || key.Is(TypeKind::kStruct) || key.Is(TypeKind::kBinary)) {
      return NotSupportedYet("JSON of a MAP with keys of type " + key.Sql() + column);
    }
  }
  for (const StructField& field : type.fields()) {
    const std::string inner = path.empty() ? field.name : path + "." + field.name;
    THALWEG_RETURN_NOT_OK(CheckType(*field.type, inner));
  }
  return Status::OK();
}

template <class T>
void AppendFloating(T value, std::string* out) {
  const bool quoted = !std::isfinite(value);
  if (quoted) *out += '"';
  if constexpr (sizeof(T) == sizeof(double)) {
    AppendDouble(value, out);
  } else {
    AppendFloat(value, out);
  }
  if (quoted) *out += '"';
}

int128_t Unscaled(const Vector& vector, int row) {
  if (vector.physical() == PhysicalKind::kInt128) return vector.values<int128_t>()[row];
  return vector.values<int64_t>()[row];
}

// Any integer, and what is stored as one.
int64_t IntegerOf(const Vector& vector, int row) {
  switch (vector.physical()) {
    case PhysicalKind::kInt8:
      return vector.values<int8_t>()[row];
    case PhysicalKind::kInt16:
      return vector.values<int16_t>()[row];
    case PhysicalKind::kInt32:
      return vector.values<int32_t>()[row];
    default:
      return vector.values<int64_t>()[row];
  }
}

}  // namespace

Result<std::unique_ptr<JsonPrinter>> JsonPrinter::Make(const TypePtr& type,
                                                       const JsonPrinterOptions& options) {
  THALWEG_RETURN_NOT_OK(CheckType(*type, ""));
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* zone, TimeZone::Find(options.session_zone));
  return std::unique_ptr<JsonPrinter>(new JsonPrinter(type, options, *zone));
}

JsonPrinter::JsonPrinter(const TypePtr& type, const JsonPrinterOptions& options,
                         const TimeZone& zone)
    : options_(options), zone_(zone), root_(MakeNode(type)) {}

JsonPrinter::Node JsonPrinter::MakeNode(const TypePtr& type) const {
  Node node;
  node.type = type;
  for (const StructField& field : type->fields()) {
    node.names.emplace_back();
    AppendJsonString(field.name, &node.names.back());
    node.names.back() += ':';
    node.children.push_back(MakeNode(field.type));
    node.order.push_back(static_cast<int>(node.order.size()));
  }
  if (options_.sort_keys && type->Is(TypeKind::kStruct)) {
    std::stable_sort(node.order.begin(), node.order.end(),
                     [&](int a, int b) { return type->fields()[a].name < type->fields()[b].name; });
  }
  return node;
}

void JsonPrinter::AppendValue(const Vector& vector, int row, std::string* out) {
  Append(root_, vector, row, out);
}

void JsonPrinter::AppendObject(const Vector* columns, int row, std::string* out) {
  AppendFields(root_, columns, row, out);
}

void JsonPrinter::Append(const Node& node, const Vector& vector, int row, std::string* out) {
  if (vector.IsNull(row)) {
    *out += "null";
    return;
  }
  const auto [flat, at] = FlatPlace(vector, row);
  switch (node.type->kind()) {
    case TypeKind::kStruct:
      return AppendFields(node, flat->child_count() == 0 ? nullptr : &flat->child(0), at, out);
    case TypeKind::kArray:
      return AppendElements(node, *flat, at, out);
    case TypeKind::kMap:
      return AppendEntries(node, *flat, at, out);
    default:
      return AppendScalar(*node.type, *flat, at, out);
  }
}

void JsonPrinter::AppendFields(const Node& node, const Vector* fields, int row, std::string* out) {
  *out += '{';
  bool comma = false;
  for (const int i : node.order) {
    if (options_.ignore_null_fields && fields[i].IsNull(row)) continue;
    if (comma) *out += ',';
    comma = true;
    *out += node.names[i];
    Append(node.children[i], fields[i], row, out);
  }
  *out += '}';
}

void JsonPrinter::AppendElements(const Node& node, const Vector& vector, int row,
                                 std::string* out) {
  const int begin = vector.offsets()[row];
  const int end = vector.offsets()[row + 1];
  *out += '[';
  for (int i = begin; i < end; ++i) {
    if (i > begin) *out += ',';
    Append(node.children[0], vector.child(0), i, out);
  }
  *out += ']';
}

void JsonPrinter::AppendEntries(const Node& node, const Vector& vector, int row, std::string* out) {
  const int begin = vector.offsets()[row];
  const int end = vector.offsets()[row + 1];
  std::vector<std::pair<std::string, int>> keys;
  for (int i = begin; i < end; ++i) {
    keys.emplace_back("", i);
    AppendKey(*node.children[0].type, vector.child(0), i, &keys.back().first);
  }
  if (options_.sort_keys) std::stable_sort(keys.begin(), keys.end());
  *out += '{';
  for (const auto& [key, i] : keys) {
    if (i != keys.front().second) *out += ',';
    *out += key;
    *out += ':';
    Append(node.children[1], vector.child(1), i, out);
  }
  *out += '}';
}

// Spark prints keys of times as the numbers that they are stored as.
void JsonPrinter::AppendKey(const DataType& type, const Vector& keys, int row, std::string* out) {
  const auto [flat, at] = FlatPlace(keys, row);
  if (type.Is(TypeKind::kString))
    return AppendJsonString(flat->values<StringView>()[at].view(), out);
  *out += '"';
  switch (type.physical()) {
    case PhysicalKind::kBool:
    case PhysicalKind::kFloat:
    case PhysicalKind::kDouble: {
      std::string text;
      AppendScalar(type, *flat, at, &text);
      out->append(text[0] == '"' ? text.substr(1, text.size() - 2) : text);
      break;
    }
    default:
      if (type.Is(TypeKind::kDecimal)) {
        AppendDecimalScientific(Unscaled(*flat, at), type.scale(), out);
      } else {
        AppendInt64(IntegerOf(*flat, at), out);
      }
  }
  *out += '"';
}

void JsonPrinter::AppendScalar(const DataType& type, const Vector& vector, int row,
                               std::string* out) {
  switch (type.kind()) {
    case TypeKind::kBoolean:
      *out += vector.values<uint8_t>()[row] != 0 ? "true" : "false";
      return;
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
      return AppendInt64(IntegerOf(vector, row), out);
    case TypeKind::kFloat:
      return AppendFloating(vector.values<float>()[row], out);
    case TypeKind::kDouble:
      return AppendFloating(vector.values<double>()[row], out);
    case TypeKind::kDecimal:
      return AppendDecimalScientific(Unscaled(vector, row), type.scale(), out);
    case TypeKind::kString:
      return AppendJsonString(vector.values<StringView>()[row].view(), out);
    default:
      *out += '"';
      AppendQuotedScalar(type, vector, row, out);
      *out += '"';
  }
}

void JsonPrinter::AppendQuotedScalar(const DataType& type, const Vector& vector, int row,
                                     std::string* out) {
  switch (type.kind()) {
    case TypeKind::kBinary:
      return AppendBase64(vector.values<StringView>()[row].view(), out);
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      if (const TimePattern* pattern = options_.formats.For(type)) {
        std::string text;
        AppendByPattern(*pattern, vector, row, zone_, &text);
        std::string quoted;
        AppendJsonString(text, &quoted);
        out->append(quoted, 1, quoted.size() - 2);
        return;
      }
      return AppendTimeScalar(type, vector, row, out);
    case TypeKind::kTime:
      return AppendTime(vector.values<int64_t>()[row], out);
    case TypeKind::kYearMonthInterval:
      return AppendYearMonthInterval(vector.values<int32_t>()[row], type, out);
    default:
      return AppendDayTimeInterval(vector.values<int64_t>()[row], type, out);
  }
}

void JsonPrinter::AppendTimeScalar(const DataType& type, const Vector& vector, int row,
                                   std::string* out) {
  switch (type.kind()) {
    case TypeKind::kDate:
      return AppendDate(vector.values<int32_t>()[row], out);
    case TypeKind::kTimestamp:
      return AppendIsoTimestamp(vector.values<int64_t>()[row], zone_, out);
    default:
      return AppendIsoTimestampNtz(vector.values<int64_t>()[row], out);
  }
}

}  // namespace thalweg
