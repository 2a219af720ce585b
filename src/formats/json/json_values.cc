#include "formats/json/json_values.h"

#include "formats/json/json_rewrite.h"
#include "formats/json/json_scalars.h"

namespace thalweg {
namespace {

JsonNode MakeNode(const TypePtr& type, const std::string& path);

}  // namespace

JsonValues::JsonValues(const TypePtr& type, const JsonDecoderOptions& options, const TimeZone& zone)
    : options_(options), cursor_(options_.syntax), zone_(zone), root_(MakeNode(type, "")) {
  const int skipped = options_.skipped_field;
  if (skipped >= 0) root_.fields.erase(root_.type->fields()[skipped].name);
}

JsonOutcome JsonValues::ReadValue(JsonNode& node, Vector* out, int row) {
  const JsonKind kind = cursor_.Peek();
  switch (node.type->kind()) {
    case TypeKind::kNull:
      RoomFor(out, row);
      return cursor_.Skip() ? JsonOutcome::kOk : JsonOutcome::kMalformed;
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

JsonOutcome JsonValues::ReadRoot(Vector* out, int row) {
  const DataType& type = *root_.type;
  const bool one_element = type.Is(TypeKind::kArray) && type.element()->Is(TypeKind::kStruct) &&
                           cursor_.Peek() == JsonKind::kObject;
  if (!one_element) return ReadValue(root_, out, row);
  RoomFor(out, row);
  SetValid(out, row);
  const int start = out->offsets()[row];
  TruncateJson(&out->mutable_child(0), start);
  const JsonOutcome outcome = ReadValue(root_.children[0], &out->mutable_child(0), start);
  out->mutable_offsets()[row + 1] = start + 1;
  return outcome;
}

// Every field gets a value: NULL where the object has none of that name, the last one where it has
// several.
JsonOutcome JsonValues::ReadObject(JsonNode& node, Vector* fields, int row) {
  if (!cursor_.Enter()) return JsonOutcome::kMalformed;
  const uint64_t object = ++node.objects;
  JsonOutcome outcome = JsonOutcome::kOk;
  bool first = true;
  int expected = 0;
  JsonText name;
  JsonStep step;
  while ((step = cursor_.NextMember(&first, &name)) == JsonStep::kItem) {
    const int field = FindField(node, name, &expected);
    if (field < 0) {
      if (!cursor_.Skip()) return JsonOutcome::kMalformed;
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
int JsonValues::FindField(const JsonNode& node, const JsonText& name, int* expected) {
  std::string_view key = name.bytes;
  if (name.escaped) {
    scratch_.clear();
    AppendUnescaped(name, &scratch_);
    key = scratch_;
  }
  const auto& schema = node.type->fields();
  const int guess = *expected;
  if (guess < static_cast<int>(schema.size()) && schema[guess].name == key &&
      !(&node == &root_ && guess == options_.skipped_field)) {
    *expected = guess + 1;
    return guess;
  }
  const auto found = node.fields.find(key);
  if (found == node.fields.end()) return -1;
  *expected = found->second + 1;
  return found->second;
}

JsonOutcome JsonValues::ReadArray(JsonNode& node, Vector* out, int row) {
  if (!cursor_.Enter()) return JsonOutcome::kMalformed;
  RoomFor(out, row);
  SetValid(out, row);
  const int start = out->offsets()[row];
  Vector* elements = &out->mutable_child(0);
  TruncateJson(elements, start);
  JsonOutcome outcome = JsonOutcome::kOk;
  bool first = true;
  int count = 0;
  JsonStep step;
  while ((step = cursor_.NextElement(&first)) == JsonStep::kItem) {
    if (outcome == JsonOutcome::kFailed) {
      if (!cursor_.Skip()) return JsonOutcome::kMalformed;
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
JsonOutcome JsonValues::ReadMap(JsonNode& node, Vector* out, int row) {
  if (!cursor_.Enter()) return JsonOutcome::kMalformed;
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
  while ((step = cursor_.NextMember(&first, &name)) == JsonStep::kItem) {
    if (outcome == JsonOutcome::kFailed) {
      if (!cursor_.Skip()) return JsonOutcome::kMalformed;
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

JsonOutcome JsonValues::ReadScalar(JsonNode& node, JsonKind kind, Vector* out, int row) {
  switch (kind) {
    case JsonKind::kNull:
      if (!cursor_.ReadWord(kind)) return JsonOutcome::kMalformed;
      SetJsonNull(out, row);
      return JsonOutcome::kOk;
    case JsonKind::kTrue:
    case JsonKind::kFalse:
      if (!node.type->Is(TypeKind::kBoolean)) break;
      if (!cursor_.ReadWord(kind)) return JsonOutcome::kMalformed;
      StoreJson(out, row, static_cast<uint8_t>(kind == JsonKind::kTrue));
      return JsonOutcome::kOk;
    case JsonKind::kNumber: {
      JsonNumber number;
      if (!cursor_.ReadNumber(&number)) return JsonOutcome::kMalformed;
      if (StoreJsonNumber(number, out, row)) return JsonOutcome::kOk;
      if (failed_ == nullptr) failed_ = &node;
      return JsonOutcome::kFailed;
    }
    case JsonKind::kString:
      return ReadText(node, out, row);
    default:
      break;
  }
  return SkipAsFailed(node);
}

JsonOutcome JsonValues::ReadText(JsonNode& node, Vector* out, int row) {
  JsonText value;
  if (!cursor_.ReadString(&value)) return JsonOutcome::kMalformed;
  std::string_view characters = value.bytes;
  if (value.escaped) {
    scratch_.clear();
    AppendUnescaped(value, &scratch_);
    characters = scratch_;
  }
  const bool readable = !characters.empty() || node.type->Is(TypeKind::kBinary);
  const TimePattern* const pattern = options_.formats.For(*node.type);
  const auto store = [&] {
    return pattern == nullptr ? StoreJsonText(characters, zone_, out, row)
                              : StoreByPattern(*pattern, characters, zone_, out, row);
  };
  if (readable && store()) return JsonOutcome::kOk;
  if (failed_ == nullptr) failed_ = &node;
  return JsonOutcome::kFailed;
}

JsonOutcome JsonValues::ReadAsString(JsonKind kind, Vector* out, int row) {
  JsonText value;
  if (kind == JsonKind::kString) {
    if (!cursor_.ReadString(&value)) return JsonOutcome::kMalformed;
    StoreText(value, out, row);
    return JsonOutcome::kOk;
  }
  const char* const begin = cursor_.position();
  if (options_.exact_strings) {
    if (!cursor_.Skip()) return JsonOutcome::kMalformed;
    value.bytes = std::string_view(begin, static_cast<size_t>(cursor_.position() - begin));
    StoreText(value, out, row);
    return JsonOutcome::kOk;
  }
  std::string rewritten;
  if (!RewriteJson(cursor_, &rewritten)) return JsonOutcome::kMalformed;
  RoomFor(out, row);
  SetValid(out, row);
  out->SetString(row, rewritten);
  return JsonOutcome::kOk;
}

JsonOutcome JsonValues::ReadRootArray(Vector* fields, int first_row, int* rows) {
  *rows = 0;
  if (!cursor_.Enter()) return JsonOutcome::kMalformed;
  JsonOutcome outcome = JsonOutcome::kOk;
  bool first = true;
  JsonStep step;
  while ((step = cursor_.NextElement(&first)) == JsonStep::kItem) {
    if (cursor_.Peek() != JsonKind::kObject) return SkipAsFailed(root_);
    const JsonOutcome row = ReadObject(root_, fields, first_row + (*rows)++);
    if (row == JsonOutcome::kMalformed) return row;
    if (row != JsonOutcome::kOk) outcome = row;
  }
  return step == JsonStep::kBad ? JsonOutcome::kMalformed : outcome;
}

JsonOutcome JsonValues::SkipAsFailed(const JsonNode& node) {
  if (!cursor_.Skip()) {
    failed_ = nullptr;
    return JsonOutcome::kMalformed;
  }
  if (failed_ == nullptr) failed_ = &node;
  return JsonOutcome::kFailed;
}

void JsonValues::StoreText(const JsonText& value, Vector* out, int row) {
  RoomFor(out, row);
  SetValid(out, row);
  if (value.escaped) {
    scratch_.clear();
    AppendUnescaped(value, &scratch_);
    out->SetString(row, scratch_);
  } else if (block_ == nullptr) {
    out->SetString(row, value.bytes);
  } else {
    const StringView view(value.bytes);
    if (!view.is_inline()) out->AddOwner(*block_);
    out->mutable_values<StringView>()[row] = view;
  }
}

namespace {

JsonNode MakeNode(const TypePtr& type, const std::string& path) {
  JsonNode node;
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
