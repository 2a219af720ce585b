#include "formats/json/json_decoder.h"

#include <unordered_map>

#include "data/time_zone.h"
#include "formats/json/json_rewrite.h"
#include "formats/json/json_scalars.h"

namespace thalweg {
namespace {

// A type with what is needed to read it; nested like the type.
struct Node {
  TypePtr type;
  std::string path;  // "a.b", for messages
  std::vector<Node> children;
  std::unordered_map<std::string_view, int> fields;  // of a STRUCT, by name
  std::vector<uint64_t> seen;                        // the object that had the field last
  uint64_t objects = 0;
};

Status CheckType(const DataType& type, const std::string& path);
Node MakeNode(const TypePtr& type, const std::string& path);

}  // namespace

struct JsonDecoder::Rep {
  Rep(const TypePtr& type, const JsonDecoderOptions& decoder_options, const TimeZone& session_zone)
      : options(decoder_options),
        cursor(options.syntax),
        zone(session_zone),
        root(MakeNode(type, "")) {}

  JsonOutcome ReadValue(Node& node, Vector* out, int row);
  JsonOutcome ReadObject(Node& node, Vector* fields, int row);
  JsonOutcome ReadArray(Node& node, Vector* out, int row);
  JsonOutcome ReadMap(Node& node, Vector* out, int row);
  JsonOutcome ReadScalar(Node& node, JsonKind kind, Vector* out, int row);
  JsonOutcome ReadText(Node& node, Vector* out, int row);
  JsonOutcome ReadAsString(JsonKind kind, Vector* out, int row);
  JsonOutcome ReadRootArray(Vector* fields, int first_row, int* rows);
  JsonOutcome SkipAsFailed(const Node& node);
  void StoreText(const JsonText& text, Vector* out, int row);
  int FindField(const Node& node, const JsonText& name, int* expected);

  const JsonDecoderOptions options;
  JsonCursor cursor;
  ZoneCursor zone;
  Node root;
  std::string_view text;          // of the running call
  const Buffer* block = nullptr;  // that holds it
  std::string scratch;
  const Node* failed = nullptr;  // whose value first had another type
};

Result<std::unique_ptr<JsonDecoder>> JsonDecoder::Make(const TypePtr& type,
                                                       const JsonDecoderOptions& options) {
  THALWEG_RETURN_NOT_OK(CheckType(*type, ""));
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* zone, TimeZone::Find(options.session_zone));
  return std::unique_ptr<JsonDecoder>(new JsonDecoder(std::make_unique<Rep>(type, options, *zone)));
}

JsonDecoder::JsonDecoder(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {
  const int skipped = rep_->options.skipped_field;
  if (skipped >= 0) rep_->root.fields.erase(rep_->root.type->fields()[skipped].name);
}

JsonDecoder::~JsonDecoder() = default;

JsonRecord JsonDecoder::DecodeRecord(std::string_view text, const Buffer* block, Vector* fields,
                                     int first_row) {
  rep_->cursor.Begin(text);
  rep_->text = text;
  rep_->block = block;
  rep_->failed = nullptr;
  JsonRecord record{JsonOutcome::kFailed, 1};
  const JsonKind kind = rep_->cursor.Peek();
  if (kind == JsonKind::kEnd) return {JsonOutcome::kOk, 0};
  if (kind == JsonKind::kObject) {
    record.outcome = rep_->ReadObject(rep_->root, fields, first_row);
  } else if (kind == JsonKind::kArray) {
    record.outcome = rep_->ReadRootArray(fields, first_row, &record.rows);
  } else {
    record.outcome = rep_->SkipAsFailed(rep_->root);
  }
  if (record.outcome >= JsonOutcome::kFailed) {
    record.rows = 1;
    for (size_t i = 0; i < rep_->root.children.size(); ++i) SetJsonNull(&fields[i], first_row);
  }
  return record;
}

JsonOutcome JsonDecoder::DecodeValue(std::string_view text, const Buffer* block, Vector* out,
                                     int row) {
  rep_->cursor.Begin(text);
  rep_->text = text;
  rep_->block = block;
  rep_->failed = nullptr;
  const JsonOutcome outcome = rep_->ReadValue(rep_->root, out, row);
  if (outcome >= JsonOutcome::kFailed) SetJsonNull(out, row);
  return outcome;
}

std::string JsonDecoder::Problem() const {
  if (rep_->failed == nullptr) {
    const ptrdiff_t at = rep_->cursor.position() - rep_->text.data();
    return std::string(rep_->cursor.problem()) + " (byte " + std::to_string(at + 1) +
           " of the record)";
  }
  const Node& node = *rep_->failed;
  if (node.path.empty()) return "the record is no object";
  return "the value of " + node.path + " is no " + node.type->Sql();
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

JsonOutcome JsonDecoder::Rep::ReadValue(Node& node, Vector* out, int row) {
  const JsonKind kind = cursor.Peek();
  switch (node.type->kind()) {
    case TypeKind::kNull:
      RoomFor(out, row);
      return cursor.Skip() ? JsonOutcome::kOk : JsonOutcome::kMalformed;
    case TypeKind::kStruct:
      if (kind != JsonKind::kObject) break;
      RoomFor(out, row);
      SetValid(out, row);
      return ReadObject(node, out->child_count() == 0 ? nullptr : &out->mutable_child(0), row);
    case TypeKind::kArray:
      if (kind == JsonKind::kArray) return ReadArray(node, out, row);
      break;
    case TypeKind::kMap:
      if (kind == JsonKind::kObject) return ReadMap(node, out, row);
      break;
    case TypeKind::kString:
      if (kind != JsonKind::kNull) return ReadAsString(kind, out, row);
      break;
    default:
      return ReadScalar(node, kind, out, row);
  }
  return ReadScalar(node, kind, out, row);
}

// Every field gets a value: NULL where the object has none of that name, the last one where it has
// several.
JsonOutcome JsonDecoder::Rep::ReadObject(Node& node, Vector* fields, int row) {
  if (!cursor.Enter()) return JsonOutcome::kMalformed;
  const uint64_t object = ++node.objects;
  JsonOutcome outcome = JsonOutcome::kOk;
  bool first = true;
  int expected = 0;
  JsonText name;
  JsonStep step;
  while ((step = cursor.NextMember(&first, &name)) == JsonStep::kItem) {
    const int field = FindField(node, name, &expected);
    if (field < 0) {
      if (!cursor.Skip()) return JsonOutcome::kMalformed;
      continue;
    }
    node.seen[field] = object;
    const JsonOutcome value = ReadValue(node.children[field], &fields[field], row);
    if (value == JsonOutcome::kMalformed) return value;
    if (value == JsonOutcome::kFailed) SetJsonNull(&fields[field], row);
    if (value != JsonOutcome::kOk) outcome = JsonOutcome::kPartial;
  }
  if (step == JsonStep::kBad) return JsonOutcome::kMalformed;
  for (size_t i = 0; i < node.seen.size(); ++i) {
    if (node.seen[i] != object) SetJsonNull(&fields[i], row);
  }
  return outcome;
}

// Fields mostly stand in the order of the schema.
int JsonDecoder::Rep::FindField(const Node& node, const JsonText& name, int* expected) {
  std::string_view key = name.bytes;
  if (name.escaped) {
    scratch.clear();
    AppendUnescaped(name, &scratch);
    key = scratch;
  }
  const auto& schema = node.type->fields();
  const int guess = *expected;
  if (guess < static_cast<int>(schema.size()) && schema[guess].name == key &&
      !(&node == &root && guess == options.skipped_field)) {
    *expected = guess + 1;
    return guess;
  }
  const auto found = node.fields.find(key);
  if (found == node.fields.end()) return -1;
  *expected = found->second + 1;
  return found->second;
}

JsonOutcome JsonDecoder::Rep::ReadArray(Node& node, Vector* out, int row) {
  if (!cursor.Enter()) return JsonOutcome::kMalformed;
  RoomFor(out, row);
  SetValid(out, row);
  const int start = out->offsets()[row];
  Vector* elements = &out->mutable_child(0);
  TruncateJson(elements, start);
  JsonOutcome outcome = JsonOutcome::kOk;
  bool first = true;
  int count = 0;
  JsonStep step;
  while ((step = cursor.NextElement(&first)) == JsonStep::kItem) {
    if (outcome == JsonOutcome::kFailed) {
      if (!cursor.Skip()) return JsonOutcome::kMalformed;
      continue;
    }
    const JsonOutcome value = ReadValue(node.children[0], elements, start + count++);
    if (value == JsonOutcome::kMalformed) return value;
    if (value != JsonOutcome::kOk) outcome = value;
  }
  if (step == JsonStep::kBad) return JsonOutcome::kMalformed;
  out->mutable_offsets()[row + 1] = start + count;
  return outcome;
}

// Spark keeps every entry, also of equal keys.
JsonOutcome JsonDecoder::Rep::ReadMap(Node& node, Vector* out, int row) {
  if (!cursor.Enter()) return JsonOutcome::kMalformed;
  RoomFor(out, row);
  SetValid(out, row);
  const int start = out->offsets()[row];
  Vector* keys = &out->mutable_child(0);
  Vector* values = &out->mutable_child(1);
  TruncateJson(keys, start);
  TruncateJson(values, start);
  JsonOutcome outcome = JsonOutcome::kOk;
  bool first = true;
  int count = 0;
  JsonText name;
  JsonStep step;
  while ((step = cursor.NextMember(&first, &name)) == JsonStep::kItem) {
    if (outcome == JsonOutcome::kFailed) {
      if (!cursor.Skip()) return JsonOutcome::kMalformed;
      continue;
    }
    StoreText(name, keys, start + count);
    const JsonOutcome value = ReadValue(node.children[1], values, start + count++);
    if (value == JsonOutcome::kMalformed) return value;
    if (value != JsonOutcome::kOk) outcome = value;
  }
  if (step == JsonStep::kBad) return JsonOutcome::kMalformed;
  out->mutable_offsets()[row + 1] = start + count;
  return outcome;
}

JsonOutcome JsonDecoder::Rep::ReadScalar(Node& node, JsonKind kind, Vector* out, int row) {
  switch (kind) {
    case JsonKind::kNull:
      if (!cursor.ReadWord(kind)) return JsonOutcome::kMalformed;
      SetJsonNull(out, row);
      return JsonOutcome::kOk;
    case JsonKind::kTrue:
    case JsonKind::kFalse:
      if (!node.type->Is(TypeKind::kBoolean)) break;
      if (!cursor.ReadWord(kind)) return JsonOutcome::kMalformed;
      StoreJson(out, row, static_cast<uint8_t>(kind == JsonKind::kTrue));
      return JsonOutcome::kOk;
    case JsonKind::kNumber: {
      JsonNumber number;
      if (!cursor.ReadNumber(&number)) return JsonOutcome::kMalformed;
      if (StoreJsonNumber(number, out, row)) return JsonOutcome::kOk;
      if (failed == nullptr) failed = &node;
      return JsonOutcome::kFailed;
    }
    case JsonKind::kString:
      return ReadText(node, out, row);
    default:
      break;
  }
  return SkipAsFailed(node);
}

JsonOutcome JsonDecoder::Rep::ReadText(Node& node, Vector* out, int row) {
  JsonText value;
  if (!cursor.ReadString(&value)) return JsonOutcome::kMalformed;
  std::string_view characters = value.bytes;
  if (value.escaped) {
    scratch.clear();
    AppendUnescaped(value, &scratch);
    characters = scratch;
  }
  const bool readable = !characters.empty() || node.type->Is(TypeKind::kBinary);
  if (readable && StoreJsonText(characters, zone, out, row)) return JsonOutcome::kOk;
  if (failed == nullptr) failed = &node;
  return JsonOutcome::kFailed;
}

JsonOutcome JsonDecoder::Rep::ReadAsString(JsonKind kind, Vector* out, int row) {
  JsonText value;
  if (kind == JsonKind::kString) {
    if (!cursor.ReadString(&value)) return JsonOutcome::kMalformed;
    StoreText(value, out, row);
    return JsonOutcome::kOk;
  }
  const char* const begin = cursor.position();
  if (options.exact_strings) {
    if (!cursor.Skip()) return JsonOutcome::kMalformed;
    value.bytes = std::string_view(begin, static_cast<size_t>(cursor.position() - begin));
    StoreText(value, out, row);
    return JsonOutcome::kOk;
  }
  std::string rewritten;
  if (!RewriteJson(cursor, &rewritten)) return JsonOutcome::kMalformed;
  RoomFor(out, row);
  SetValid(out, row);
  out->SetString(row, rewritten);
  return JsonOutcome::kOk;
}

JsonOutcome JsonDecoder::Rep::ReadRootArray(Vector* fields, int first_row, int* rows) {
  *rows = 0;
  if (!cursor.Enter()) return JsonOutcome::kMalformed;
  JsonOutcome outcome = JsonOutcome::kOk;
  bool first = true;
  JsonStep step;
  while ((step = cursor.NextElement(&first)) == JsonStep::kItem) {
    if (cursor.Peek() != JsonKind::kObject) return SkipAsFailed(root);
    const JsonOutcome row = ReadObject(root, fields, first_row + (*rows)++);
    if (row == JsonOutcome::kMalformed) return row;
    if (row != JsonOutcome::kOk) outcome = row;
  }
  return step == JsonStep::kBad ? JsonOutcome::kMalformed : outcome;
}

JsonOutcome JsonDecoder::Rep::SkipAsFailed(const Node& node) {
  if (!cursor.Skip()) {
    failed = nullptr;
    return JsonOutcome::kMalformed;
  }
  if (failed == nullptr) failed = &node;
  return JsonOutcome::kFailed;
}

void JsonDecoder::Rep::StoreText(const JsonText& value, Vector* out, int row) {
  RoomFor(out, row);
  SetValid(out, row);
  if (value.escaped) {
    scratch.clear();
    AppendUnescaped(value, &scratch);
    out->SetString(row, scratch);
  } else if (block == nullptr) {
    out->SetString(row, value.bytes);
  } else {
    const StringView view(value.bytes);
    if (!view.is_inline()) out->AddOwner(*block);
    out->mutable_values<StringView>()[row] = view;
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

Node MakeNode(const TypePtr& type, const std::string& path) {
  Node node;
  node.type = type;
  node.path = path;
  const auto& fields = type->fields();
  for (int i = 0; i < static_cast<int>(fields.size()); ++i) {
    node.children.push_back(
        MakeNode(fields[i].type, path.empty() ? fields[i].name : path + "." + fields[i].name));
    if (type->Is(TypeKind::kStruct)) node.fields.emplace(fields[i].name, i);
  }
  if (type->Is(TypeKind::kStruct)) node.seen.resize(fields.size());
  return node;
}

}  // namespace
}  // namespace thalweg
