#include "cli/script_rows.h"

#include <algorithm>

#include "data/parse_text.h"
#include "data/text.h"

namespace thalweg {
namespace {

constexpr std::string_view kDay = "2024-01-01";

std::vector<std::string> SplitFields(const std::string& word);
Result<Value> ReadField(const std::string& field, const TypePtr& type);
std::string FieldText(const Value& value, const TimeZone& zone);
bool IsQuoted(const std::string& text);

}  // namespace

std::vector<std::string> SplitWords(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  for (const char c : text) {
    if (c == '\'') quoted = !quoted;
    if (quoted || (c != ' ' && c != '\n')) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

std::vector<std::pair<std::string, std::vector<std::string>>> SplitByStream(std::string_view text) {
  std::vector<std::pair<std::string, std::vector<std::string>>> streams;
  for (std::string& word : SplitWords(text)) {
    if (word.ends_with(':')) {
      streams.emplace_back(word.substr(0, word.size() - 1), std::vector<std::string>());
      continue;
    }
    if (streams.empty()) streams.emplace_back();
    streams.back().second.push_back(std::move(word));
  }
  return streams;
}

Result<std::vector<Batch>> ReadRows(const std::vector<std::string>& words, const SchemaPtr& schema,
                                    int batch_rows) {
  std::vector<Batch> batches;
  for (const std::string& word : words) {
    const std::vector<std::string> fields = SplitFields(word);
    if (static_cast<int>(fields.size()) != schema->size()) {
      return Status::World("'" + word + "' is no row of " + schema->Ddl());
    }
    if (batches.empty() || batches.back().physical_rows() == batch_rows) {
      batches.emplace_back(schema);
    }
    Batch& batch = batches.back();
    for (int i = 0; i < schema->size(); ++i) {
      THALWEG_ASSIGN_OR_RETURN(const Value value,
                               ReadField(fields[static_cast<size_t>(i)], schema->column(i).type));
      AppendValue(value, &batch.mutable_column(i));
    }
    batch.SetRowCount(batch.physical_rows() + 1);
  }
  return batches;
}

Result<int64_t> ReadScriptTime(const std::string& text) {
  THALWEG_ASSIGN_OR_RETURN(const Value value, ReadField(text, TimestampType()));
  return value.int64();
}

std::vector<std::string> PrintRows(const std::vector<Batch>& batches, const TimeZone& zone,
                                   bool ordered) {
  std::vector<std::string> lines;
  for (const Batch& batch : batches) {
    ForEachRow(batch.selection(), [&](int row) {
      std::string line;
      for (int i = 0; i < batch.column_count(); ++i) {
        line += (i > 0 ? " " : "") + FieldText(GetValue(batch.column(i), row), zone);
      }
      lines.push_back(std::move(line));
    });
  }
  if (!ordered) std::sort(lines.begin(), lines.end());
  return lines;
}

namespace {

std::vector<std::string> SplitFields(const std::string& word) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : word) {
    if (c == '\'') quoted = !quoted;
    if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

Result<Value> ReadField(const std::string& field, const TypePtr& type) {
  if (field == "NULL") return Value(type);
  std::string text = IsQuoted(field) ? field.substr(1, field.size() - 2) : field;
  const bool is_time = type->Is(TypeKind::kTimestamp) || type->Is(TypeKind::kTimestampNtz);
  if (is_time && text.find('-') == std::string::npos) text = std::string(kDay) + " " + text;
  if (type->Is(TypeKind::kString)) return Value(type, std::move(text));
  ZoneCursor utc(TimeZone::Utc());
  Value value;
  if (ParseValueText(text, type, utc, &value)) return value;
  return Status::World("'" + field + "' is no " + type->Sql());
}

std::string FieldText(const Value& value, const TimeZone& zone) {
  std::string text;
  AppendValueText(value, zone, &text);
  if (value.is_null()) return text;
  if (value.type()->Is(TypeKind::kTimestamp) || value.type()->Is(TypeKind::kTimestampNtz)) {
    if (text.starts_with(kDay)) return text.substr(kDay.size() + 1);
    std::replace(text.begin(), text.end(), ' ', 'T');
    return text;
  }
  if (!value.type()->Is(TypeKind::kString)) return text;
  const bool bare = !text.empty() && text != "NULL" && text.find(' ') == std::string::npos;
  return bare ? text : "'" + text + "'";
}

bool IsQuoted(const std::string& text) {
  return text.size() >= 2 && text.front() == '\'' && text.back() == '\'';
}

}  // namespace
}  // namespace thalweg
