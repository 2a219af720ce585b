#include "data/test_rows.h"

#include <algorithm>

#include "data/ddl.h"
#include "data/parse_text.h"
#include "data/text.h"

namespace thalweg {
namespace {

// Rows are structs without their braces, values of a column an array without its brackets.
Value ParseOrDie(const TypePtr& type, const std::string& text) {
  ZoneCursor cursor(TimeZone::Utc());
  Value value;
  const bool ok = ParseValueText(text, type, cursor, &value);
  THALWEG_CHECK(ok, ("not of type " + type->Sql() + ": " + text).c_str());
  return value;
}

const char* KindText(RowKind kind) {
  switch (kind) {
    case RowKind::kInsert:
      return "+I ";
    case RowKind::kUpdateBefore:
      return "-U ";
    case RowKind::kUpdateAfter:
      return "+U ";
    case RowKind::kDelete:
      return "-D ";
  }
  return "";
}

}  // namespace

SchemaPtr MakeSchema(std::string_view ddl) {
  Result<SchemaPtr> schema = ParseDdl(ddl);
  THALWEG_CHECK(schema.ok(), schema.status().ToString().c_str());
  return *schema;
}

Batch MakeBatch(std::string_view ddl, std::string_view rows) {
  return MakeBatch(MakeSchema(ddl), rows);
}

Batch MakeBatch(const SchemaPtr& schema, std::string_view rows) {
  const TypePtr row_type = schema->AsStruct();
  std::vector<std::vector<Value>> values;
  while (!rows.empty()) {
    const size_t end = std::min(rows.find('\n'), rows.size());
    const std::string_view line = rows.substr(0, end);
    rows.remove_prefix(std::min(end + 1, rows.size()));
    if (line.find_first_not_of(" \t") == line.npos) continue;
    const bool no_columns = schema->size() == 0;
    values.push_back(no_columns ? std::vector<Value>()
                                : ParseOrDie(row_type, "{" + std::string(line) + "}").list());
  }
  return MakeBatch(schema, values);
}

Batch MakeBatch(const SchemaPtr& schema, const std::vector<std::vector<Value>>& rows) {
  Batch batch(schema);
  for (const std::vector<Value>& row : rows) {
    THALWEG_CHECK(static_cast<int>(row.size()) == schema->size(), "a value for every column");
    for (int i = 0; i < schema->size(); ++i) AppendValue(row[i], &batch.mutable_column(i));
  }
  batch.SetRowCount(static_cast<int>(rows.size()));
  return batch;
}

Vector MakeVector(const TypePtr& type, std::string_view values) {
  const Value list = ParseOrDie(ArrayType(type), "[" + std::string(values) + "]");
  Vector vector(type);
  for (const Value& value : list.list()) AppendValue(value, &vector);
  return vector;
}

std::vector<std::string> RowTexts(const Batch& batch) {
  std::vector<std::string> texts;
  ForEachRow(batch.selection(), [&](int row) {
    std::string text = batch.has_row_kinds() ? KindText(batch.row_kind(row)) : "";
    for (int i = 0; i < batch.column_count(); ++i) {
      if (i > 0) text += ", ";
      const Value value = GetValue(batch.column(i), row);
      if (value.is_null()) {
        text += "null";
      } else {
        AppendValueText(value, TimeZone::Utc(), &text);
      }
    }
    texts.push_back(std::move(text));
  });
  return texts;
}

std::string SortedRows(const std::vector<Batch>& batches) {
  std::vector<std::string> rows;
  for (const Batch& batch : batches) {
    for (std::string& row : RowTexts(batch)) rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end());
  std::string text;
  for (const std::string& row : rows) text += row + "\n";
  return text;
}

std::string SortedRows(const Batch& batch) {
  return SortedRows(std::vector<Batch>{batch});
}

}  // namespace thalweg
