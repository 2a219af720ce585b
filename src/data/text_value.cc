// CAST(value AS STRING) of a single value. Columns are printed by functions/'s casts with the same
// Append functions.
#include "data/text.h"

namespace thalweg {
namespace {

void AppendElement(const Value& value, const TimeZone& zone, std::string* out) {
  if (value.is_null()) {
    *out += "null";
  } else {
    AppendValueText(value, zone, out);
  }
}

void AppendList(const Value& value, const TimeZone& zone, std::string* out) {
  const bool is_map = value.type()->Is(TypeKind::kMap);
  const Value::List& list = value.list();
  for (size_t i = 0; i < list.size(); ++i) {
    if (i > 0) *out += is_map && i % 2 == 1 ? " -> " : ", ";
    AppendElement(list[i], zone, out);
  }
}

}  // namespace

void AppendValueText(const Value& value, const TimeZone& zone, std::string* out) {
  if (value.is_null()) {
    *out += "NULL";
    return;
  }
  const DataType& type = *value.type();
  switch (type.kind()) {
    case TypeKind::kNull:
      break;
    case TypeKind::kBoolean:
      *out += value.boolean() ? "true" : "false";
      break;
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
      return AppendInt64(value.int64(), out);
    case TypeKind::kFloat:
      return AppendFloat(static_cast<float>(value.float64()), out);
    case TypeKind::kDouble:
      return AppendDouble(value.float64(), out);
    case TypeKind::kDecimal:
      return AppendDecimal(value.int128(), type.scale(), out);
    case TypeKind::kString:
    case TypeKind::kBinary:
      *out += value.text();
      break;
    case TypeKind::kDate:
      return AppendDate(static_cast<int32_t>(value.int64()), out);
    case TypeKind::kTimestamp:
      return AppendTimestamp(value.int64(), zone, out);
    case TypeKind::kTimestampNtz:
      return AppendTimestampNtz(value.int64(), out);
    case TypeKind::kTime:
      return AppendTime(value.int64(), out);
    case TypeKind::kYearMonthInterval:
      return AppendYearMonthInterval(static_cast<int32_t>(value.int64()), type, out);
    case TypeKind::kDayTimeInterval:
      return AppendDayTimeInterval(value.int64(), type, out);
    case TypeKind::kCalendarInterval:
      return AppendCalendarInterval(value.interval(), out);
    case TypeKind::kArray:
      *out += '[';
      AppendList(value, zone, out);
      *out += ']';
      break;
    case TypeKind::kMap:
    case TypeKind::kStruct:
      *out += '{';
      AppendList(value, zone, out);
      *out += '}';
      break;
    case TypeKind::kVariant:
      break;
  }
}

}  // namespace thalweg
