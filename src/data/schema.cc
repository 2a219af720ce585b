#include "data/schema.h"

#include "data/type_text.h"

namespace thalweg {

SchemaPtr Schema::Make(std::vector<StructField> columns) {
  return std::make_shared<const Schema>(std::move(columns));
}

int Schema::Find(std::string_view name, bool case_sensitive) const {
  for (int i = 0; i < size(); ++i) {
    const std::string& candidate = columns_[i].name;
    if (case_sensitive ? candidate == name : EqualsIgnoringCase(candidate, name)) return i;
  }
  return -1;
}

std::string Schema::Ddl() const {
  std::string out;
  for (const StructField& column : columns_) {
    if (!out.empty()) out += ',';
    AppendIdentifier(column.name, &out);
    out += ' ';
    AppendTypeSql(*column.type, &out);
    AppendFieldSuffix(column.nullable, column.comment, &out);
  }
  return out;
}

TypePtr Schema::AsStruct() const {
  return StructType(columns_);
}

}  // namespace thalweg
