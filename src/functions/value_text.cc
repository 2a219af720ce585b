#include "functions/value_text.h"

#include <algorithm>

#include "data/text.h"
#include "data/time_zone.h"
#include "data/value.h"

namespace thalweg {
namespace {

void AppendElement(const Vector& vector, int row, const TextStyle& style, std::string* out) {
  if (vector.IsNull(row)) {
    *out += "null";
  } else {
    AppendText(vector, row, style, out);
  }
}

void AppendList(const Vector& list, int row, const TextStyle& style, std::string* out) {
  const int32_t* offsets = list.offsets();
  *out += '[';
  for (int32_t i = offsets[row]; i < offsets[row + 1]; ++i) {
    if (i > offsets[row]) *out += ", ";
    AppendElement(list.child(0), i, style, out);
  }
  *out += ']';
}

void AppendMap(const Vector& map, int row, const TextStyle& style, std::string* out) {
  const int32_t* offsets = map.offsets();
  *out += '{';
  for (int32_t i = offsets[row]; i < offsets[row + 1]; ++i) {
    if (i > offsets[row]) *out += ", ";
    AppendElement(map.child(0), i, style, out);
    *out += " -> ";
    AppendElement(map.child(1), i, style, out);
  }
  *out += '}';
}

void AppendStruct(const Vector& fields, int row, const TextStyle& style, std::string* out) {
  *out += '{';
  for (int i = 0; i < fields.child_count(); ++i) {
    if (i > 0) *out += ", ";
    AppendElement(fields.child(i), row, style, out);
  }
  *out += '}';
}

void AppendTimeOrInterval(const Vector& vector, int row, const TextStyle& style, std::string* out) {
  const DataType& type = *vector.type();
  switch (type.kind()) {
    case TypeKind::kDate:
      return AppendDate(vector.Get<int32_t>(row), out);
    case TypeKind::kTimestamp:
      return AppendTimestamp(vector.Get<int64_t>(row), *style.zone, out);
    case TypeKind::kTimestampNtz:
      return AppendTimestampNtz(vector.Get<int64_t>(row), out);
    case TypeKind::kTime:
      return AppendTime(vector.Get<int64_t>(row), out);
    case TypeKind::kYearMonthInterval:
      return AppendYearMonthInterval(vector.Get<int32_t>(row), type, out);
    case TypeKind::kDayTimeInterval:
      return AppendDayTimeInterval(vector.Get<int64_t>(row), type, out);
    default:
      return AppendCalendarInterval(vector.Get<CalendarInterval>(row), out);
  }
}

void AppendDecimalText(const Vector& vector, int row, const TextStyle& style, std::string* out) {
  const DataType& type = *vector.type();
  const int128_t value = type.physical() == PhysicalKind::kInt64 ? vector.Get<int64_t>(row)
                                                                 : vector.Get<int128_t>(row);
  if (style.scientific_decimals) return AppendDecimalScientific(value, type.scale(), out);
  AppendDecimal(value, type.scale(), out);
}

}  // namespace

void AppendText(const Vector& vector, int row, const TextStyle& style, std::string* out) {
  if (!vector.is_flat()) {
    const bool constant = vector.is_constant();
    const bool nested = PhysicalWidth(vector.physical()) == 0;
    if (nested && !constant) {
      return AppendText(vector.child(0), vector.values<int32_t>()[row], style, out);
    }
    if (constant) row = 0;
  }
  switch (vector.type()->kind()) {
    case TypeKind::kNull:
    case TypeKind::kVariant:
      return;
    case TypeKind::kBoolean:
      *out += vector.Get<uint8_t>(row) != 0 ? "true" : "false";
      return;
    case TypeKind::kTinyint:
      return AppendInt64(vector.Get<int8_t>(row), out);
    case TypeKind::kSmallint:
      return AppendInt64(vector.Get<int16_t>(row), out);
    case TypeKind::kInt:
      return AppendInt64(vector.Get<int32_t>(row), out);
    case TypeKind::kBigint:
      return AppendInt64(vector.Get<int64_t>(row), out);
    case TypeKind::kFloat:
      return AppendFloat(vector.Get<float>(row), out);
    case TypeKind::kDouble:
      return AppendDouble(vector.Get<double>(row), out);
    case TypeKind::kDecimal:
      return AppendDecimalText(vector, row, style, out);
    case TypeKind::kString:
    case TypeKind::kBinary:
      *out += vector.Get<StringView>(row).view();
      return;
    case TypeKind::kArray:
      return AppendList(vector, row, style, out);
    case TypeKind::kMap:
      return AppendMap(vector, row, style, out);
    case TypeKind::kStruct:
      return AppendStruct(vector, row, style, out);
    default:
      return AppendTimeOrInterval(vector, row, style, out);
  }
}

bool HasText(const DataType& type) {
  return !type.Is(TypeKind::kVariant) &&
         std::all_of(type.fields().begin(), type.fields().end(),
                     [](const StructField& field) { return HasText(*field.type); });
}

}  // namespace thalweg
