// Spark's JSON of types. A collation is not part of the type's text there: the nearest struct field
// names it in its metadata, by path: {"__COLLATIONS": {"a.element": "icu.UNICODE"}}.
#include <nlohmann/json.hpp>

#include "data/ddl.h"
#include "data/json_text.h"

namespace thalweg {
namespace {

using Json = nlohmann::json;

constexpr const char* kCollations = "__COLLATIONS";

// ---- writing

const char* ScalarName(TypeKind kind) {
  switch (kind) {
    case TypeKind::kTinyint:
      return "byte";
    case TypeKind::kSmallint:
      return "short";
    case TypeKind::kInt:
      return "integer";
    case TypeKind::kBigint:
      return "long";
    default:
      return nullptr;  // as in DDL
  }
}

void AppendCollations(const DataType& type, const std::string& path, std::string* out) {
  if (type.Is(TypeKind::kString) && !type.IsBinaryCollated()) {
    if (!out->empty()) *out += ',';
    AppendJsonString(path, out);
    *out += ':';
    const bool own = type.collation().rfind("UTF8_", 0) == 0;
    AppendJsonString((own ? "spark." : "icu.") + type.collation(), out);
  }
  if (type.Is(TypeKind::kStruct)) return;  // its fields have metadata of their own
  for (const StructField& field : type.fields()) {
    AppendCollations(*field.type, path + "." + field.name, out);
  }
}

void AppendType(const DataType& type, std::string* out);

void AppendField(const StructField& field, std::string* out) {
  *out += "{\"name\":";
  AppendJsonString(field.name, out);
  *out += ",\"type\":";
  AppendType(*field.type, out);
  *out +=
      field.nullable ? ",\"nullable\":true,\"metadata\":{" : ",\"nullable\":false,\"metadata\":{";
  std::string collations;
  AppendCollations(*field.type, field.name, &collations);
  if (!field.comment.empty()) {
    *out += "\"comment\":";
    AppendJsonString(field.comment, out);
  }
  if (!collations.empty()) {
    if (!field.comment.empty()) *out += ',';
    *out += '"' + std::string(kCollations) + "\":{" + collations + "}";
  }
  *out += "}}";
}

void AppendType(const DataType& type, std::string* out) {
  const auto boolean = [](bool value) { return value ? "true}" : "false}"; };
  switch (type.kind()) {
    case TypeKind::kArray:
      *out += "{\"type\":\"array\",\"elementType\":";
      AppendType(*type.element(), out);
      *out += ",\"containsNull\":";
      *out += boolean(type.contains_null());
      return;
    case TypeKind::kMap:
      *out += "{\"type\":\"map\",\"keyType\":";
      AppendType(*type.key(), out);
      *out += ",\"valueType\":";
      AppendType(*type.value(), out);
      *out += ",\"valueContainsNull\":";
      *out += boolean(type.contains_null());
      return;
    case TypeKind::kStruct:
      *out += "{\"type\":\"struct\",\"fields\":[";
      for (size_t i = 0; i < type.fields().size(); ++i) {
        if (i > 0) *out += ',';
        AppendField(type.fields()[i], out);
      }
      *out += "]}";
      return;
    default:
      break;
  }
  const char* name = ScalarName(type.kind());
  const bool collated = type.Is(TypeKind::kString) && !type.IsBinaryCollated();
  AppendJsonString(name != nullptr ? name : collated ? "string" : type.Simple(), out);
}

// ---- reading

Status NoType(const Json& json) {
  return Status::User("INVALID_JSON_DATA_TYPE", {{"invalidType", json.dump()}});
}

const Json* Member(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found == json.end() ? nullptr : &*found;
}

bool BooleanMember(const Json& json, const char* name, bool otherwise) {
  const Json* member = Member(json, name);
  return member != nullptr && member->is_boolean() ? member->get<bool>() : otherwise;
}

/// The types below one struct field, with the collations that its metadata names.
class TypeReader {
 public:
  explicit TypeReader(const Json* collations) : collations_(collations) {}
  Result<TypePtr> Read(const Json& json, const std::string& path) const;

 private:
  Result<TypePtr> ReadScalar(const Json& json, const std::string& path) const;
  Result<TypePtr> ReadStruct(const Json& json) const;
  const Json* collations_;
};

Result<TypePtr> TypeReader::Read(const Json& json, const std::string& path) const {
  if (json.is_string()) return ReadScalar(json, path);
  const Json* kind = json.is_object() ? Member(json, "type") : nullptr;
  if (kind == nullptr || !kind->is_string()) return NoType(json);
  if (*kind == "struct") return ReadStruct(json);
  if (*kind == "udt") return NotSupportedYet("user-defined types");
  if (*kind == "array") {
    const Json* element = Member(json, "elementType");
    if (element == nullptr) return NoType(json);
    THALWEG_ASSIGN_OR_RETURN(TypePtr type, Read(*element, path + ".element"));
    return ArrayType(std::move(type), BooleanMember(json, "containsNull", true));
  }
  const Json* key = Member(json, "keyType");
  const Json* value = Member(json, "valueType");
  if (*kind != "map" || key == nullptr || value == nullptr) return NoType(json);
  THALWEG_ASSIGN_OR_RETURN(TypePtr key_type, Read(*key, path + ".key"));
  THALWEG_ASSIGN_OR_RETURN(TypePtr value_type, Read(*value, path + ".value"));
  return MapType(std::move(key_type), std::move(value_type),
                 BooleanMember(json, "valueContainsNull", true));
}

Result<TypePtr> TypeReader::ReadScalar(const Json& json, const std::string& path) const {
  const std::string name = json.get<std::string>();
  if (name == "null") return NullType();
  const Result<TypePtr> type = ParseType(name);
  if (!type.ok() || !(*type)->fields().empty() || (*type)->Is(TypeKind::kStruct)) {
    return NoType(json);
  }
  const Json* collation = collations_ == nullptr ? nullptr : Member(*collations_, path.c_str());
  if (!(*type)->Is(TypeKind::kString) || collation == nullptr || !collation->is_string()) {
    return type;
  }
  const std::string provider_and_name = collation->get<std::string>();
  const size_t dot = provider_and_name.find('.');  // npos + 1 is 0: no provider
  THALWEG_ASSIGN_OR_RETURN(std::string canonical,
                           NormalizeCollation(provider_and_name.substr(dot + 1)));
  return CollatedStringType(std::move(canonical));
}

Result<TypePtr> TypeReader::ReadStruct(const Json& json) const {
  const Json* fields = Member(json, "fields");
  if (fields == nullptr || !fields->is_array()) return NoType(json);
  std::vector<StructField> out;
  for (const Json& field : *fields) {
    const Json* name = field.is_object() ? Member(field, "name") : nullptr;
    const Json* type = field.is_object() ? Member(field, "type") : nullptr;
    if (name == nullptr || !name->is_string() || type == nullptr) return NoType(field);
    StructField column;
    column.name = name->get<std::string>();
    column.nullable = BooleanMember(field, "nullable", true);
    const Json* metadata = Member(field, "metadata");
    const Json* collations = nullptr;
    if (metadata != nullptr && metadata->is_object()) {
      const Json* comment = Member(*metadata, "comment");
      if (comment != nullptr && comment->is_string()) column.comment = comment->get<std::string>();
      collations = Member(*metadata, kCollations);
      if (collations != nullptr && !collations->is_object()) collations = nullptr;
    }
    THALWEG_ASSIGN_OR_RETURN(column.type, TypeReader(collations).Read(*type, column.name));
    out.push_back(std::move(column));
  }
  return StructType(std::move(out));
}

}  // namespace

std::string TypeToJson(const DataType& type) {
  std::string out;
  AppendType(type, &out);
  return out;
}

Result<TypePtr> TypeFromJson(std::string_view json) {
  const Json parsed = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded()) {
    return Status::User("INVALID_JSON_DATA_TYPE", {{"invalidType", std::string(json)}});
  }
  return TypeReader(nullptr).Read(parsed, "");
}

}  // namespace thalweg
