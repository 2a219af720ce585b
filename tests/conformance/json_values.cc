#include "json_values.h"

#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "base64.h"
#include "data/calendar.h"
#include "data/parse_text.h"

namespace thalweg {
namespace {

using nlohmann::json;

Result<Value> DecodeText(const json& encoded, const TypePtr& type);
Result<Value> DecodeNested(const json& encoded, const TypePtr& type);
bool ReadDouble(const json& encoded, double* out);
bool ReadBytes(const json& encoded, std::string* out);
bool ReadTime(const std::string& text, int64_t* ns);
bool ReadInstant(const std::string& text, int64_t* us);
Status Malformed(const json& encoded, const TypePtr& type);

}  // namespace

Result<Value> DecodeValue(const json& encoded, const TypePtr& type) {
  if (encoded.is_null()) return Value(type);
  switch (type->kind()) {
    case TypeKind::kNull:
      return Malformed(encoded, type);
    case TypeKind::kBoolean:
      if (!encoded.is_boolean()) return Malformed(encoded, type);
      return Value(type, encoded.get<bool>());
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval:
      if (!encoded.is_number_integer()) return Malformed(encoded, type);
      return Value(type, encoded.get<int64_t>());
    case TypeKind::kFloat:
    case TypeKind::kDouble: {
      double number = 0;
      if (!ReadDouble(encoded, &number)) return Malformed(encoded, type);
      if (type->Is(TypeKind::kFloat)) number = static_cast<float>(number);
      return Value(type, number);
    }
    case TypeKind::kCalendarInterval:
      if (!encoded.is_array() || encoded.size() != 3) return Malformed(encoded, type);
      return Value(type, CalendarInterval{encoded[0].get<int32_t>(), encoded[1].get<int32_t>(),
                                          encoded[2].get<int64_t>()});
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kStruct:
      return DecodeNested(encoded, type);
    case TypeKind::kVariant:
      return Status::World("values of VARIANT cannot be compared yet");
    default:
      return DecodeText(encoded, type);
  }
}

Result<std::vector<Row>> DecodeRows(const json& encoded, const Schema& schema) {
  std::vector<Row> rows;
  for (const json& encoded_row : encoded) {
    if (static_cast<int>(encoded_row.size()) != schema.size()) {
      return Status::World("a row of another width than " + schema.Ddl() + ": " +
                           encoded_row.dump());
    }
    Row row;
    for (int i = 0; i < schema.size(); ++i) {
      THALWEG_ASSIGN_OR_RETURN(
          Value value, DecodeValue(encoded_row[static_cast<size_t>(i)], schema.column(i).type));
      row.push_back(std::move(value));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<Batch> ToBatches(const std::vector<Row>& rows, const SchemaPtr& schema) {
  std::vector<Batch> batches;
  for (const Row& row : rows) {
    if (batches.empty() || batches.back().physical_rows() == kBatchRows) {
      batches.emplace_back(schema);
    }
    Batch& batch = batches.back();
    for (int i = 0; i < schema->size(); ++i) {
      AppendValue(row[static_cast<size_t>(i)], &batch.mutable_column(i));
    }
    batch.SetRowCount(batch.physical_rows() + 1);
  }
  return batches;
}

void AppendRows(const Batch& batch, std::vector<Row>* rows) {
  ForEachRow(batch.selection(), [&](int number) {
    Row row;
    for (int i = 0; i < batch.column_count(); ++i) {
      row.push_back(GetValue(batch.column(i), number));
    }
    rows->push_back(std::move(row));
  });
}

namespace {

// Types whose values are JSON texts.
Result<Value> DecodeText(const json& encoded, const TypePtr& type) {
  std::string bytes;
  if (type->Is(TypeKind::kString) && encoded.is_object()) {
    if (!ReadBytes(encoded.value("bytes", json()), &bytes)) return Malformed(encoded, type);
    return Value(type, std::move(bytes));
  }
  if (!encoded.is_string()) return Malformed(encoded, type);
  const std::string text = encoded.get<std::string>();
  int64_t number = 0;
  int32_t days = 0;
  switch (type->kind()) {
    case TypeKind::kString:
      return Value(type, text);
    case TypeKind::kBinary:
      if (!ReadBytes(encoded, &bytes)) return Malformed(encoded, type);
      return Value(type, std::move(bytes));
    case TypeKind::kDate:
      if (!ParseDate(text, &days)) return Malformed(encoded, type);
      return Value(type, int64_t{days});
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      if (!ReadInstant(text, &number)) return Malformed(encoded, type);
      return Value(type, number);
    case TypeKind::kTime:
      if (!ReadTime(text, &number)) return Malformed(encoded, type);
      return Value(type, number);
    case TypeKind::kDecimal: {
      int128_t unscaled = 0;
      if (ParseDecimal(text, type->precision(), type->scale(), &unscaled) != DecimalText::kOk) {
        return Malformed(encoded, type);
      }
      if (type->precision() > 18) return Value(type, unscaled);
      return Value(type, static_cast<int64_t>(unscaled));
    }
    default:
      return Malformed(encoded, type);
  }
}

Result<Value> DecodeNested(const json& encoded, const TypePtr& type) {
  if (!encoded.is_array()) return Malformed(encoded, type);
  const bool is_map = type->Is(TypeKind::kMap);
  const bool is_struct = type->Is(TypeKind::kStruct);
  if (is_struct && encoded.size() != type->fields().size()) return Malformed(encoded, type);
  Value::List list;
  for (size_t i = 0; i < encoded.size(); ++i) {
    if (is_map && encoded[i].size() != 2) return Malformed(encoded, type);
    const TypePtr& first = is_struct ? type->fields()[i].type : type->fields()[0].type;
    THALWEG_ASSIGN_OR_RETURN(Value value, DecodeValue(is_map ? encoded[i][0] : encoded[i], first));
    list.push_back(std::move(value));
    if (!is_map) continue;
    THALWEG_ASSIGN_OR_RETURN(Value map_value, DecodeValue(encoded[i][1], type->value()));
    list.push_back(std::move(map_value));
  }
  return Value(type, std::move(list));
}

bool ReadDouble(const json& encoded, double* out) {
  if (encoded.is_number()) {
    *out = encoded.get<double>();
    return true;
  }
  if (encoded == "NaN") {
    *out = std::numeric_limits<double>::quiet_NaN();
  } else if (encoded == "Infinity" || encoded == "-Infinity") {
    *out = encoded == "Infinity" ? HUGE_VAL : -HUGE_VAL;
  } else {
    return false;
  }
  return true;
}

bool ReadBytes(const json& encoded, std::string* out) {
  if (!encoded.is_string()) return false;
  std::optional<std::string> bytes = FromBase64(encoded.get<std::string>());
  if (bytes) *out = *std::move(bytes);
  return bytes.has_value();
}

// HH:mm:ss.SSSSSSSSS
bool ReadTime(const std::string& text, int64_t* ns) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  int64_t fraction = 0;
  if (text.size() != 18 ||
      sscanf(text.c_str(), "%2d:%2d:%2d.%9ld", &hour, &minute, &second, &fraction) != 4) {
    return false;
  }
  *ns = ((hour * 60 + minute) * 60 + second) * 1'000'000'000L + fraction;
  return true;
}

// [+-]u…uuu-MM-ddTHH:mm:ss.SSSSSS[Z]
bool ReadInstant(const std::string& text, int64_t* us) {
  int64_t year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int64_t fraction = 0;
  if (sscanf(text.c_str(), "%ld-%2d-%2dT%2d:%2d:%2d.%6ld", &year, &month, &day, &hour, &minute,
             &second, &fraction) != 7) {
    return false;
  }
  const int64_t second_of_day = (hour * 60 + minute) * 60 + second;
  const int128_t instant = int128_t{DaysFromCivil(year, month, day)} * kMicrosPerDay +
                           second_of_day * kMicrosPerSecond + fraction;
  *us = static_cast<int64_t>(instant);
  return *us == instant;
}

Status Malformed(const json& encoded, const TypePtr& type) {
  return Status::World(encoded.dump() + " is no value of " + type->Sql());
}

}  // namespace
}  // namespace thalweg
