#include "data/type_text.h"

namespace thalweg {
namespace {

struct KindName {
  const char* sql;
  const char* simple;
};

KindName NameOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::kNull:
      return {"VOID", "void"};
    case TypeKind::kBoolean:
      return {"BOOLEAN", "boolean"};
    case TypeKind::kTinyint:
      return {"TINYINT", "tinyint"};
    case TypeKind::kSmallint:
      return {"SMALLINT", "smallint"};
    case TypeKind::kInt:
      return {"INT", "int"};
    case TypeKind::kBigint:
      return {"BIGINT", "bigint"};
    case TypeKind::kFloat:
      return {"FLOAT", "float"};
    case TypeKind::kDouble:
      return {"DOUBLE", "double"};
    case TypeKind::kDecimal:
      return {"DECIMAL", "decimal"};
    case TypeKind::kString:
      return {"STRING", "string"};
    case TypeKind::kBinary:
      return {"BINARY", "binary"};
    case TypeKind::kDate:
      return {"DATE", "date"};
    case TypeKind::kTimestamp:
      return {"TIMESTAMP", "timestamp"};
    case TypeKind::kTimestampNtz:
      return {"TIMESTAMP_NTZ", "timestamp_ntz"};
    case TypeKind::kTime:
      return {"TIME", "time"};
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval:
    case TypeKind::kCalendarInterval:
      return {"INTERVAL", "interval"};
    case TypeKind::kArray:
      return {"ARRAY", "array"};
    case TypeKind::kMap:
      return {"MAP", "map"};
    case TypeKind::kStruct:
      return {"STRUCT", "struct"};
    case TypeKind::kVariant:
      return {"VARIANT", "variant"};
  }
  return {"", ""};
}

const char* UnitName(IntervalUnit unit, bool sql) {
  static constexpr const char* kUpper[] = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};
  static constexpr const char* kLower[] = {"year", "month", "day", "hour", "minute", "second"};
  return (sql ? kUpper : kLower)[static_cast<int>(unit)];
}

void AppendUnits(const DataType& type, bool sql, std::string* out) {
  *out += ' ';
  *out += UnitName(type.first_unit(), sql);
  if (type.first_unit() == type.last_unit()) return;
  *out += sql ? " TO " : " to ";
  *out += UnitName(type.last_unit(), sql);
}

void AppendStringType(const DataType& type, bool sql, std::string* out) {
  if (type.length() >= 0) {
    *out += type.is_char() ? (sql ? "CHAR" : "char") : (sql ? "VARCHAR" : "varchar");
    *out += '(' + std::to_string(type.length()) + ')';
  } else {
    *out += sql ? "STRING" : "string";
  }
  if (!type.IsBinaryCollated()) *out += (sql ? " COLLATE " : " collate ") + type.collation();
}

void AppendType(const DataType& type, bool sql, std::string* out);

void AppendStruct(const DataType& type, bool sql, std::string* out) {
  *out += sql ? "STRUCT<" : "struct<";
  bool first = true;
  for (const StructField& field : type.fields()) {
    if (!first) *out += sql ? ", " : ",";
    first = false;
    if (sql) {
      AppendIdentifier(field.name, out);
    } else {
      *out += field.name;
    }
    *out += sql ? ": " : ":";
    AppendType(*field.type, sql, out);
    if (sql) AppendFieldSuffix(field.nullable, field.comment, out);
  }
  *out += '>';
}

void AppendType(const DataType& type, bool sql, std::string* out) {
  const KindName name = NameOf(type.kind());
  if (type.Is(TypeKind::kString)) return AppendStringType(type, sql, out);
  if (type.Is(TypeKind::kStruct)) return AppendStruct(type, sql, out);
  *out += sql ? name.sql : name.simple;
  switch (type.kind()) {
    case TypeKind::kDecimal:
      *out += '(' + std::to_string(type.precision()) + ',' + std::to_string(type.scale()) + ')';
      break;
    case TypeKind::kTime:
      *out += '(' + std::to_string(type.precision()) + ')';
      break;
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval:
      AppendUnits(type, sql, out);
      break;
    case TypeKind::kArray:
      *out += '<';
      AppendType(*type.element(), sql, out);
      *out += '>';
      break;
    case TypeKind::kMap:
      *out += '<';
      AppendType(*type.key(), sql, out);
      *out += sql ? ", " : ",";
      AppendType(*type.value(), sql, out);
      *out += '>';
      break;
    default:
      break;
  }
}

char Fold(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool IsPlainIdentifier(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  for (const char c : name) {
    const char folded = Fold(c);
    const bool plain = (folded >= 'a' && folded <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (!plain) return false;
  }
  return true;
}

}  // namespace

void AppendTypeSql(const DataType& type, std::string* out) {
  AppendType(type, true, out);
}

void AppendTypeSimple(const DataType& type, std::string* out) {
  AppendType(type, false, out);
}

void AppendIdentifier(std::string_view name, std::string* out) {
  if (IsPlainIdentifier(name)) {
    *out += name;
    return;
  }
  *out += '`';
  for (const char c : name) {
    if (c == '`') *out += '`';
    *out += c;
  }
  *out += '`';
}

void AppendFieldSuffix(bool nullable, std::string_view comment, std::string* out) {
  if (!nullable) *out += " NOT NULL";
  if (comment.empty()) return;
  *out += " COMMENT '";
  for (const char c : comment) {
    if (c == '\'' || c == '\\') *out += '\\';
    *out += c;
  }
  *out += '\'';
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (Fold(a[i]) != Fold(b[i])) return false;
  }
  return true;
}

}  // namespace thalweg
