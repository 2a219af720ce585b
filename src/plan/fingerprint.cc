// Fingerprint: what a plan means, as 32 hexadecimal digits. The plan is written as text with every
// field but those that only name or annotate; attribute ids are numbered in order of appearance.
// The text is part of the checkpoint's contract: changing it makes old checkpoints foreign.
#include <cstring>
#include <string>
#include <type_traits>
#include <unordered_map>

#include "base/hash.h"
#include "data/text.h"
#include "plan/literal_text.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

class MeaningWriter {
 public:
  void Write(const Relation& relation) {
    Open(relation.name());
    for (const NamedField& field : FieldsOf(relation)) WriteField(relation.name(), field);
    // What a leaf brings forth gets its numbers here; everything else refers to them.
    if (Inputs(relation).empty()) {
      for (const AttributePtr& attribute : relation.output) {
        Text(DenseId(attribute->id));
        Text(attribute->type);
      }
    }
    text_ += ')';
  }

  const std::string& text() const { return text_; }

 private:
  void Open(const char* name) {
    text_ += '(';
    text_ += name;
  }

  void WriteField(const char* node, const NamedField& field) {
    if (OnlyNames(node, field.name)) return;
    text_ += ' ';
    if (std::strcmp(field.name, "id") == 0) {
      Text(DenseId(*std::get<const int64_t*>(field.ref)));
      return;
    }
    std::visit(
        [&](const auto& ref) {
          if constexpr (std::is_pointer_v<std::decay_t<decltype(ref)>>) {
            Text(*ref);
          } else {
            text_ += ref.text;
          }
        },
        field.ref);
  }

  static bool OnlyNames(const char* node, const char* field) {
    static constexpr const char* kNames[][2] = {
        {"Attribute", "column"},
        {"Attribute", "qualifier"},
        {"Attribute", "watermark_delay_us"},
        {"Attribute", "time_window"},
        {"Attribute", "metadata"},
        {"Alias", "names"},
        {"Alias", "watermark_delay_us"},
        {"Cast", "implicit"},
        {"Generate", "alias"},
        {"Generate", "column_names"},
        {"LambdaVariable", "variable"},
        {"Read", "options"},
        {"Read", "source_name"},
        {"SubqueryAlias", "alias"},
    };
    for (const auto& name : kNames) {
      if (std::strcmp(name[0], node) == 0 && std::strcmp(name[1], field) == 0) return true;
    }
    return false;
  }

  int64_t DenseId(int64_t id) {
    return dense_.emplace(id, static_cast<int64_t>(dense_.size())).first->second;
  }

  void Text(bool value) { text_ += value ? "true" : "false"; }
  void Text(int64_t value) { text_ += std::to_string(value); }
  void Text(double value) { AppendDouble(value, &text_); }
  // Lengths keep neighbouring texts apart whatever they contain.
  void Text(const std::string& text) { text_ += std::to_string(text.size()) + ":" + text; }
  void Text(const FieldMap& map) {
    for (const auto& [key, value] : map) Text(key), Text(value);
  }
  void Text(const TypePtr& type) {
    if (type) Text(type->Sql());
  }
  void Text(const SchemaPtr& schema) {
    if (schema) Text(schema->Ddl());
  }
  void Text(const Value& value) {
    std::string text;
    AppendLiteralText(value, &text);
    Text(text);
  }
  void Text(const ExprPtr& expr) {
    if (!expr) return;
    Open(expr->name());
    for (const NamedField& field : FieldsOf(*expr)) WriteField(expr->name(), field);
    text_ += ' ';
    Text(expr->type);
    text_ += ')';
  }
  void Text(const RelationPtr& relation) {
    if (relation) Write(*relation);
  }
  void Text(const BoundFunctionPtr& function) {
    if (!function) return;
    Text(function->name());
    Text(function->parameters());
  }
  void Text(const TablePtr& table) {
    if (!table) return;
    Text(table->info().provider);
    Text(table->info().description);
    Text(table->info().schema);
  }
  template <class T>
  void Text(const std::vector<T>& many) {
    text_ += '[';
    for (const T& one : many) {
      Text(one);
      text_ += ' ';
    }
    text_ += ']';
  }

  std::string text_;
  std::unordered_map<int64_t, int64_t> dense_;
};

void AppendHex(uint64_t word, std::string* out) {
  for (int shift = 60; shift >= 0; shift -= 4) *out += "0123456789abcdef"[word >> shift & 15];
}

}  // namespace

std::string Fingerprint(const RelationPtr& relation) {
  MeaningWriter writer;
  writer.Write(*relation);
  std::string out;
  for (const char* half : {"1", "2"}) {
    const std::string text = half + writer.text();
    AppendHex(HashBytes(text.data(), static_cast<uint32_t>(text.size())), &out);
  }
  return out;
}

}  // namespace thalweg
