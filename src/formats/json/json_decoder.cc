#include "formats/json/json_decoder.h"

#include "formats/json/json_scalars.h"
#include "formats/json/json_values.h"

namespace thalweg {
namespace {

Status CheckType(const DataType& type, const std::string& path);

}  // namespace

Result<std::unique_ptr<JsonDecoder>> JsonDecoder::Make(const TypePtr& type,
                                                       const JsonDecoderOptions& options) {
  THALWEG_RETURN_NOT_OK(CheckType(*type, ""));
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* zone, TimeZone::Find(options.session_zone));
  return std::unique_ptr<JsonDecoder>(
      new JsonDecoder(std::make_unique<JsonValues>(type, options, *zone)));
}

JsonDecoder::JsonDecoder(std::unique_ptr<JsonValues> values) : values_(std::move(values)) {}

JsonDecoder::~JsonDecoder() = default;

JsonRecord JsonDecoder::DecodeRecord(std::string_view text, const Buffer* block, Vector* fields,
                                     int first_row) {
  Begin(text, block);
  JsonNode& root = values_->root();
  JsonRecord record{JsonOutcome::kFailed, 1};
  const JsonKind kind = values_->cursor().Peek();
  if (kind == JsonKind::kEnd) return {JsonOutcome::kOk, 0};
  if (kind == JsonKind::kObject) {
    record.outcome = values_->ReadObject(root, fields, first_row);
  } else if (kind == JsonKind::kArray && values_->options().arrays_of_records) {
    record.outcome = values_->ReadRootArray(fields, first_row, &record.rows);
  } else {
    record.outcome = values_->SkipAsFailed(root);
  }
  if (record.outcome == JsonOutcome::kMalformed) values_->ForgetFailure();
  if (record.outcome >= JsonOutcome::kFailed) {
    record.rows = 1;
    for (size_t i = 0; i < root.children.size(); ++i) SetJsonNull(&fields[i], first_row);
  }
  return record;
}

JsonOutcome JsonDecoder::DecodeValue(std::string_view text, const Buffer* block, Vector* out,
                                     int row) {
  Begin(text, block);
  const JsonOutcome outcome = values_->ReadRoot(out, row);
  if (outcome == JsonOutcome::kMalformed) values_->ForgetFailure();
  if (outcome >= JsonOutcome::kFailed) SetJsonNull(out, row);
  return outcome;
}

void JsonDecoder::Begin(std::string_view text, const Buffer* block) {
  text_ = text;
  values_->cursor().Begin(text);
  values_->SetBlock(block);
  values_->ForgetFailure();
}

std::string JsonDecoder::Problem() const {
  const JsonNode* failed = values_->failed();
  if (failed == nullptr) {
    const JsonCursor& cursor = values_->cursor();
    return std::string(cursor.problem()) + " (byte " +
           std::to_string(cursor.position() - text_.data() + 1) + " of the record)";
  }
  if (failed->path.empty()) return "the record is no object";
  return "the value of " + failed->path + " is no " + failed->type->Sql();
}

void SetJsonNull(Vector* vector, int row) {
  RoomFor(vector, row);
  switch (vector->physical()) {
    case PhysicalKind::kNull:
      return;
    case PhysicalKind::kList:
    case PhysicalKind::kMap: {
      int32_t* offsets = vector->mutable_offsets();
      offsets[row + 1] = offsets[row];
      for (int i = 0; i < vector->child_count(); ++i) {
        TruncateJson(&vector->mutable_child(i), offsets[row]);
      }
      break;
    }
    case PhysicalKind::kStruct:
      for (int i = 0; i < vector->child_count(); ++i) SetJsonNull(&vector->mutable_child(i), row);
      break;
    default:
      break;
  }
  vector->SetNull(row);
}

void TruncateJson(Vector* vector, int rows) {
  if (rows >= vector->size()) return;
  vector->SetSize(rows);
  const bool is_struct = vector->physical() == PhysicalKind::kStruct;
  for (int i = 0; i < vector->child_count(); ++i) {
    TruncateJson(&vector->mutable_child(i), is_struct ? rows : vector->offsets()[rows]);
  }
}

namespace {

Status CheckType(const DataType& type, const std::string& path) {
  const std::string column = path.empty() ? "" : " (column " + path + ")";
  if (type.Is(TypeKind::kCalendarInterval)) {
    return Status::User("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
                        {{"format", "JSON"}, {"columnName", path}, {"columnType", type.Sql()}});
  }
  if (type.Is(TypeKind::kVariant)) return NotSupportedYet("VARIANT from JSON" + column);
  if (type.Is(TypeKind::kString) && type.length() >= 0) {
    return NotSupportedYet("CHAR and VARCHAR from JSON" + column + "; use STRING");
  }
  if (type.Is(TypeKind::kMap) && !type.key()->Is(TypeKind::kString)) {
    return NotSupportedYet("MAP from JSON with keys that are no STRING" + column);
  }
  for (const StructField& field : type.fields()) {
    THALWEG_RETURN_NOT_OK(
        CheckType(*field.type, path.empty() ? field.name : path + "." + field.name));
  }
  return Status::OK();
}

}  // namespace
}  // namespace thalweg
