#include "formats/json/json_inference.h"

#include <algorithm>

#include "data/parse_text.h"
#include "formats/corrupt_record.h"
#include "formats/inferred_type.h"
#include "formats/json/json_cursor.h"
#include "formats/line_reader.h"

namespace thalweg {
namespace {

class Inference {
 public:
  explicit Inference(const JsonOptions& options, const TimeZone& zone)
      : options_(options), cursor_(options.syntax), zone_(zone) {}
  Status AddLine(std::string_view line, const LineReader& lines);
  const InferredType& root() const { return root_; }
  /// One value; false: malformed.
  bool InferText(std::string_view text, InferredType* out) {
    cursor_.Begin(text);
    return cursor_.Peek() == JsonKind::kEnd || Value(out);
  }

 private:
  bool Value(InferredType* out);  // false: malformed
  bool Object(InferredType* out);
  bool Array(InferredType* out);
  bool Text(InferredType* out);
  bool Number(InferredType* out);
  void AddCorruptColumn();

  const JsonOptions& options_;
  JsonCursor cursor_;
  ZoneCursor zone_;
  InferredType root_{InferredKind::kStruct};
};

}  // namespace

Result<SchemaPtr> InferJsonSchema(Env& env, const std::vector<std::string>& paths,
                                  const JsonOptions& options) {
  if (paths.empty()) return Status::User("UNABLE_TO_INFER_SCHEMA", {{"format", "JSON"}});
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* zone,
                           TimeZone::Find(options.zone.empty() ? "UTC" : options.zone));
  Inference inference(options, *zone);
  for (const std::string& path : paths) {
    THALWEG_ASSIGN_OR_RETURN(auto input, OpenByteInput(env, path));
    LineReader lines(std::move(input), path, options.line_separator);
    std::string_view line;
    while (true) {
      THALWEG_ASSIGN_OR_RETURN(const bool more, lines.Next(&line));
      if (!more) break;
      THALWEG_RETURN_NOT_OK(inference.AddLine(line, lines));
    }
  }
  TypePtr row;
  if (!FinishType(inference.root(), options.drop_all_null, &row)) return Schema::Make({});
  THALWEG_RETURN_NOT_OK(CheckColumnNames(*row));
  return Schema::Make(row->fields());
}

// Of an object or an array of objects without fields something remains.
bool InferJsonValue(std::string_view text, const JsonOptions& options, const TimeZone& zone,
                    TypePtr* out) {
  InferredType type;
  if (!Inference(options, zone).InferText(text, &type)) return false;
  const bool of_structs =
      type.kind == InferredKind::kArray && type.fields[0].second.kind == InferredKind::kStruct;
  if (FinishType(of_structs ? type.fields[0].second : type, options.drop_all_null, out)) {
    if (of_structs) *out = ArrayType(*out);
  } else if (of_structs) {
    *out = ArrayType(StructType({}));
  } else {
    *out = type.kind == InferredKind::kStruct ? StructType({}) : StringType();
  }
  return true;
}

namespace {

Status Inference::AddLine(std::string_view line, const LineReader& lines) {
  cursor_.Begin(line);
  InferredType record;
  const bool blank = cursor_.Peek() == JsonKind::kEnd;
  bool fine = blank || Value(&record);
  while (fine && record.kind == InferredKind::kArray) {
    InferredType element = std::move(record.fields[0].second);
    record = std::move(element);
  }
  fine = fine && (record.kind == InferredKind::kStruct || record.kind == InferredKind::kNull);
  if (fine) {
    root_ = MergeTypes(std::move(root_), std::move(record));
  } else if (options_.mode == ParseMode::kFailFast) {
    return MalformedRecord(line, cursor_.problem(), lines.path(), lines.lines());
  } else if (options_.mode == ParseMode::kPermissive) {
    AddCorruptColumn();
  }
  return Status::OK();
}

void Inference::AddCorruptColumn() {
  InferredType column{InferredKind::kStruct};
  column.fields.emplace_back(options_.corrupt_column, InferredType{InferredKind::kString});
  root_ = MergeTypes(std::move(root_), std::move(column));
}

bool Inference::Value(InferredType* out) {
  const JsonKind kind = cursor_.Peek();
  switch (kind) {
    case JsonKind::kObject:
      return Object(out);
    case JsonKind::kArray:
      return Array(out);
    case JsonKind::kString:
      return Text(out);
    case JsonKind::kNumber:
      return Number(out);
    case JsonKind::kTrue:
    case JsonKind::kFalse:
      out->kind = options_.primitives_as_string ? InferredKind::kString : InferredKind::kBoolean;
      return cursor_.ReadWord(kind);
    case JsonKind::kNull:
      return cursor_.ReadWord(kind);
    default:
      return cursor_.Skip();
  }
}

bool Inference::Object(InferredType* out) {
  out->kind = InferredKind::kStruct;
  if (!cursor_.Enter()) return false;
  bool first = true;
  JsonText name;
  JsonStep step;
  while ((step = cursor_.NextMember(&first, &name)) == JsonStep::kItem) {
    std::string key;
    AppendUnescaped(name, &key);
    out->fields.emplace_back(std::move(key), InferredType());
    if (!Value(&out->fields.back().second)) return false;
  }
  std::stable_sort(out->fields.begin(), out->fields.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  return step == JsonStep::kEnd;
}

bool Inference::Array(InferredType* out) {
  out->kind = InferredKind::kArray;
  if (!cursor_.Enter()) return false;
  InferredType merged;
  bool first = true;
  JsonStep step;
  while ((step = cursor_.NextElement(&first)) == JsonStep::kItem) {
    InferredType element;
    if (!Value(&element)) return false;
    merged = MergeTypes(std::move(merged), std::move(element));
  }
  out->fields.emplace_back("element", std::move(merged));
  return step == JsonStep::kEnd;
}

bool Inference::Text(InferredType* out) {
  JsonText text;
  if (!cursor_.ReadString(&text)) return false;
  if (text.bytes.empty()) return true;  // like NULL
  out->kind = InferredKind::kString;
  if (!options_.prefers_decimal && !options_.infer_timestamp) return true;
  std::string characters;
  AppendUnescaped(text, &characters);
  JsonNumber number;
  JsonCursor digits(options_.syntax);
  digits.Begin(characters);
  if (options_.prefers_decimal && digits.Peek() == JsonKind::kNumber &&
      digits.ReadNumber(&number) && number.is_numeric && number.text == characters) {
    InferredType decimal = TypeOfNumber(characters, false, true);
    if (decimal.kind == InferredKind::kDecimal) *out = std::move(decimal);
    return true;
  }
  int64_t us = 0;
  if (options_.infer_timestamp && ParseTimestamp(characters, zone_, &us)) {
    out->kind = InferredKind::kTimestamp;
  }
  return true;
}

bool Inference::Number(InferredType* out) {
  JsonNumber number;
  if (!cursor_.ReadNumber(&number)) return false;
  if (options_.primitives_as_string) {
    out->kind = InferredKind::kString;
  } else if (!number.is_numeric) {
    out->kind = InferredKind::kDouble;
  } else {
    *out = TypeOfNumber(number.text, number.is_integer, options_.prefers_decimal);
  }
  return true;
}

}  // namespace
}  // namespace thalweg
